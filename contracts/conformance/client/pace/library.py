"""Where the system has libfaketime, and whether it is one that can be used."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

_NAME = "libfaketime.so.1"
_FOLDERS = (
    "usr/lib/{multiarch}/faketime",
    "usr/lib/faketime",
    "usr/lib64/faketime",
    "usr/lib64/libfaketime",
    "usr/lib/libfaketime",
    "usr/local/lib/faketime",
    "usr/local/lib/{multiarch}/faketime",
    "usr/local/lib64/faketime",
    "home/linuxbrew/.linuxbrew/lib/faketime",
    "usr/lib/{multiarch}",
    "usr/lib64",
    "usr/lib",
    "usr/local/lib",
)
"""Where distributions put it: Debian and its like, Arch and Alpine, Fedora, openSUSE, its own Makefile, Homebrew."""

_CURL = "libcurl.so.4"
_CURL_FOLDERS = ("usr/lib/{multiarch}", "usr/lib64", "usr/lib", "usr/local/lib")

_WAITS = b"clock_nanosleep\0"
"""A function that only those builds have that fake waits as well as clocks."""

_IDENTITY = slice(4, 5)
_MACHINE = slice(18, 20)
"""Where a program's header says for how many bits and for what processor it is."""


class NoFastClockError(Exception):
    """The clocks of children cannot be made faster here; the message says why, and what to do."""


def faketime(root: Path = Path("/")) -> Path:
    """Return the system's libfaketime.

    Args:
        root: The folder that the system's folders are in.

    Raises:
        NoFastClockError: There is none, or none that can be used.
    """
    if not sys.platform.startswith("linux"):
        raise NoFastClockError("the clocks of programs can be made faster on Linux only")
    present = _present(_NAME, _FOLDERS, root)
    usable = [path for path in present if _WAITS in path.read_bytes()]
    if usable:
        return usable[0]
    if present:
        raise NoFastClockError(
            f"{present[0]} was built without FAKE_SLEEP: it changes what clocks show and no waits; "
            "install the system's own package (Debian: faketime)"
        )
    raise NoFastClockError("libfaketime is not installed (Debian: apt-get install faketime)")


def curl(root: Path = Path("/")) -> Path | None:
    """Return the system's libcurl below *root*, if it has one."""
    return next(iter(_present(_CURL, _CURL_FOLDERS, root)), None)


def _present(name: str, folders: tuple[str, ...], root: Path) -> list[Path]:
    """Return the libraries of that *name* in *folders* below *root* that programs like this one can load."""
    multiarch = str(sysconfig.get_config_var("MULTIARCH") or "*")
    patterns = [folder.format(multiarch=each) for folder in folders for each in (multiarch, "*")]
    found = dict.fromkeys(path / name for pattern in patterns for path in sorted(root.glob(pattern)))
    return [path for path in found if path.is_file() and _loadable(path)]


def _loadable(path: Path) -> bool:
    """Tell whether the library at *path* is for this processor."""
    ours, its = _header(Path(sys.executable)), _header(path)
    return (ours[_IDENTITY], ours[_MACHINE]) == (its[_IDENTITY], its[_MACHINE])


def _header(path: Path) -> bytes:
    """Return the first bytes of the file at *path*."""
    with path.open("rb") as file:
        return file.read(_MACHINE.stop)
