"""What lies where a program was to write a result."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST = 256 * 1024 * 1024
"""Bytes of an output that is looked at."""
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class Output(NamedTuple):
    """The content of an output, ``None`` if there is none that can be read; ``obstacle`` says what is there instead.

    Where simply nothing is there, the obstacle is empty.
    """

    content: bytes | None
    obstacle: str = ""


def output_at(path: Path) -> Output:
    """Return what lies at *path*; whatever a program has left there, it is no fault of who looks."""
    try:
        return _found(path)
    except FileNotFoundError:
        return Output(None, _missing(path))
    except OSError as error:
        return Output(None, f"something that cannot be read: {error.strerror}")


def _found(path: Path) -> Output:
    """Return what lies at *path*, and do not wait for anybody to write it."""
    state = path.stat()
    if not stat.S_ISREG(state.st_mode):
        return Output(None, f"{_KINDS.get(stat.S_IFMT(state.st_mode), 'something else')} in place of a file")
    if state.st_size > _LARGEST:
        return Output(None, f"a file of {state.st_size:,} bytes, which is too large for a picture")
    return Output(path.read_bytes())


def _missing(path: Path) -> str:
    """Return why nothing is at *path*, if there is more to say than that."""
    if path.is_symlink():
        return "a link that leads nowhere"
    return "" if path.parent.is_dir() else "nothing, since the folder of the job is gone"
