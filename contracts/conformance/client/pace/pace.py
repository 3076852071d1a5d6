"""Child processes whose clocks run as fast as ours, by the system's libfaketime and a few lines of Python."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Self

from contracts.conformance.client.pace.library import curl, faketime
from contracts.conformance.client.pace.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contracts.clock import Clock

_INJECTED = Path(__file__).with_name("injected")
_PHP = re.compile(r"php(-?\d[\d.]*)?(-cgi)?")
_FIRST_LINE = 256
"""How much of a script is read to see what runs it, in bytes."""

_STEADY = "1000000000"
"""For how long libfaketime need not read its settings again, in seconds: for ever. They do not change, and while they
are read another thread can see half of them."""


class Pace:
    """Makes the clocks of one run's processes follow a clock; a context manager, to be left when they have ended.

    It reaches all that asks libc for the time and waits by libc, and all waits of Python. It does not reach programs
    without libc (those of Go, and static ones), and waits that go past it (locks of Rust's standard library,
    ``timeout`` of coreutils, options of sockets such as ``SO_RCVTIMEO``, Python with ``-I``, ``-E`` or ``-S``).
    """

    def __init__(self, clock: Clock) -> None:
        """Get ready for processes whose time is that of *clock*, and goes on as fast as it does now.

        A later change of *clock* is not followed.

        Raises:
            NoFastClockError: There is no way to do that here; the message says why, and what to do.
        """
        self.speed = clock.speed
        self._library = faketime()
        self._origin = Origin()
        self._ahead = clock.now() - self._origin.readings.seconds

    def __enter__(self) -> Self:
        """Return this."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close this."""
        self.close()

    def close(self) -> None:
        """Take away what the processes shared."""
        self._origin.close()

    def environment(self, environment: Mapping[str, str], command: Sequence[str]) -> dict[str, str]:
        """Return *environment* with what makes the clocks of *command* and of its children follow.

        What the user preloads, and the user's ``PYTHONPATH``, are kept, behind our own.
        """
        kept = {name: value for name, value in environment.items() if not name.startswith(("FAKETIME", "DONT_FAKE"))}
        before = [curl()] if runs_php(command, environment) else []
        return {
            **kept,
            **self._origin.environment,
            "FAKETIME": f"{self._ahead:+.6f} x{self.speed:g}",
            "FAKETIME_CACHE_DURATION": _STEADY,
            # The times of files stay as they are: Python would take its compiled files for those of another source.
            "NO_FAKE_STAT": "1",
            "FAKE_UTIME": "0",
            "LD_PRELOAD": _joined([*before, self._library, kept.get("LD_PRELOAD")]),
            "MATTEPROOF_PACE": f"{self.speed:g}",
            "PYTHONPATH": _joined([_INJECTED, kept.get("PYTHONPATH")]),
        }


def runs_php(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Tell whether *command* has PHP run a program: by a name in it, or by the first line of a script.

    PHP opens libcurl in a way that has it pass by libfaketime, unless the process has loaded it before. Others start
    more slowly with it, and are spared.
    """
    return any(_PHP.fullmatch(Path(word).name) or b"php" in _interpreter(word, environment) for word in command)


def _interpreter(program: str, environment: Mapping[str, str]) -> bytes:
    """Return the first line of the script *program* where that says what runs it."""
    folders = [""] if os.sep in program else environment.get("PATH", os.defpath).split(os.pathsep)
    for path in (Path(folder, program) for folder in folders):
        try:
            with path.open("rb") as file:
                line = file.read(_FIRST_LINE).partition(b"\n")[0]
        except (OSError, ValueError):
            continue  # not there, not a name, or not to be read
        return line if line.startswith(b"#!") else b""
    return b""


def _joined(parts: Sequence[Path | str | None]) -> str:
    """Return what there is of *parts* as a list of paths."""
    return os.pathsep.join(str(part) for part in parts if part)
