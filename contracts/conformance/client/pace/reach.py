"""Which programs of a client are out of the reach of libfaketime: those that do not load it, and those of Go."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PROC = Path("/proc")
_LIBRARY = b"/libfaketime"
_GO = b"\x04\x00\x00\x00Go\x00\x00"
"""How a program of Go names its build, in a note near the start of the file."""
_START = 65536
_REMOTE, _INODE = 2, 9
"""Columns of the table of connections: the peer's address and port, and what the socket is known by."""
_SESSION = 3
"""The place of the session among what follows a process's name in its state."""


def session(leader: int) -> frozenset[int]:
    """Return the processes of the session that the process *leader* has begun; empty where that cannot be seen."""
    processes = (int(path.name) for path in _PROC.glob("[0-9]*"))
    return frozenset(process for process in processes if _session_of(process) == leader)


def unreached(port: int, processes: Iterable[int]) -> frozenset[str]:
    """Return the names of those programs whose clock is not reached, of *processes* with a connection to local *port*.

    Processes that cannot be looked into are left out: nothing is claimed of them.
    """
    return frozenset(
        _program(process).name for process in processes if _connected(process, port) and not _reached(process)
    )


def survivors(word: str) -> frozenset[str]:
    """Return the names of those programs in whose environment *word* is; those of others cannot be looked into."""
    sought = word.encode()
    found = (int(path.name) for path in _PROC.glob("[0-9]*") if sought in _read(int(path.name), "environ"))
    return frozenset(_program(process).name for process in found)


def _session_of(process: int) -> int | None:
    """Return the session of *process*, whose name may hold any characters, parentheses too."""
    state = _read(process, "stat").rpartition(b") ")[2].split()
    return int(state[_SESSION]) if len(state) > _SESSION else None


def _connected(process: int, port: int) -> bool:
    """Tell whether *process* holds a socket whose peer is at *port*."""
    return not _sockets(process).isdisjoint(_peers(process, port))


def _sockets(process: int) -> set[str]:
    """Return what the open sockets of *process* are known by."""
    found = set()
    try:
        for path in (_PROC / str(process) / "fd").iterdir():
            kind, _, number = _target(path).name.partition(":")
            if kind == "socket":
                found.add(number.strip("[]"))
    except OSError:
        pass  # it has ended meanwhile, or is not ours
    return found


def _peers(process: int, port: int) -> Iterator[str]:
    """Return the connections to *port* in the network that *process* is in."""
    tables = (_read(process, "net/tcp"), _read(process, "net/tcp6"))
    for line in chain.from_iterable(table.decode().splitlines()[1:] for table in tables):
        columns = line.split()
        if int(columns[_REMOTE].rpartition(":")[2], 16) == port:
            yield columns[_INODE]


def _reached(process: int) -> bool:
    """Tell whether libfaketime is in *process* and of use there; true where that cannot be seen."""
    maps = _read(process, "maps")
    return not maps or (_LIBRARY in maps and not _is_go(process))


def _is_go(process: int) -> bool:
    """Tell whether *process* runs a program of Go: those wait without libc, even where they load it."""
    try:
        with (_PROC / str(process) / "exe").open("rb") as file:
            return _GO in file.read(_START)
    except OSError:
        return False


def _program(process: int) -> Path:
    """Return what *process* runs."""
    return _target(_PROC / str(process) / "exe")


def _target(link: Path) -> Path:
    try:
        return link.readlink()
    except OSError:
        return Path("unknown program")


def _read(process: int, name: str) -> bytes:
    """Return what the system says of *process* in the file of that *name*; nothing where it does not say."""
    try:
        return (_PROC / str(process) / name).read_bytes()
    except OSError:
        return b""
