"""Which libfaketime is found, and which is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from contracts.conformance.client.pace import NoFastClockError, faketime

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="libfaketime is looked for on Linux only")

HEADER = Path(sys.executable).read_bytes()[:64]
FOLDERS = ["usr/lib/x86_64-linux-gnu/faketime", "usr/lib/faketime", "usr/lib64/faketime", "usr/local/lib/faketime"]


def install(root: Path, folder: str, content: bytes) -> Path:
    """Put a library with that *content* into the *folder* below *root*."""
    path = root / folder / "libfaketime.so.1"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("folder", FOLDERS)
def test_it_is_found_where_distributions_put_it(folder: str, tmp_path: Path) -> None:
    """Debian, Arch, Fedora, and what its own Makefile installs."""
    path = install(tmp_path, folder, HEADER + b"\0sleep\0clock_nanosleep\0")
    assert faketime(tmp_path) == path


def test_a_build_without_waits_is_refused(tmp_path: Path) -> None:
    """It would change what clocks show, and programs would wait for ever; another one, if there is, is taken."""
    install(tmp_path, FOLDERS[0], HEADER + b"\0clock_gettime\0")
    with pytest.raises(NoFastClockError, match="built without FAKE_SLEEP"):
        faketime(tmp_path)
    good = install(tmp_path, FOLDERS[3], HEADER + b"\0clock_nanosleep\0")
    assert faketime(tmp_path) == good


def test_one_for_another_processor_is_passed_over(tmp_path: Path) -> None:
    """A system can have the libraries of several."""
    install(tmp_path, FOLDERS[0], HEADER[:18] + b"\xff\xff" + HEADER[20:] + b"\0clock_nanosleep\0")
    with pytest.raises(NoFastClockError, match="not installed"):
        faketime(tmp_path)


def test_where_there_is_none_the_error_says_how_to_get_it(tmp_path: Path) -> None:
    """By the name of the package."""
    with pytest.raises(NoFastClockError, match="apt-get install faketime"):
        faketime(tmp_path)
