"""Whether anything but waiting goes on in this process."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from contracts.clock import stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Mapping

    from contracts.virtual_time.members import Members

_TASKS = Path("/proc/self/task")
_ENOUGH = 1024
"""Bytes of what the system says of a thread."""
_RUNNING = "R"
_LOOKS = 3
"""How often in a row everything has to look the same."""
_BUSY_AT_MOST = 1.0
"""For how many real seconds threads that do not belong can keep time from passing, by being busy with what else."""


class _Task(NamedTuple):
    """A thread, as the system sees it."""

    runs: bool
    """Whether it runs, or could."""
    ran: str
    """For how long it has run, and how often."""

    @classmethod
    def of(cls, number: int) -> _Task:
        """Return the thread that the system knows by *number*.

        Whoever waits for Python's global lock sleeps, as others do who wait; but such a thread has run a moment before.
        """
        state = _read(number, "stat").rpartition(") ")[2][:1]
        return cls(state == _RUNNING, _read(number, "schedstat"))


class Stillness:
    """Looks at the threads of this process again and again."""

    def __init__(self, members: Members, busy: Callable[[], bool], grace: float) -> None:
        """Wait until all is still for *grace* real seconds; it is not while *busy* says so."""
        self._members = members
        self._busy = busy
        self._grace = grace
        self.stir()

    @property
    def is_busy(self) -> bool:
        """Whether somebody else is at work for the code under test."""
        return self._busy()

    @property
    def lasts(self) -> bool:
        """Whether the last look was like the one before."""
        return self._looks > 1

    def stir(self) -> None:
        """Begin anew: something has happened."""
        self._seen: Hashable = None
        self._looks = 0
        self._since = self._began = stopwatch()

    def look(self, waiting: Collection[int], happened: Hashable) -> bool:
        """Tell whether nothing goes on, and has not for the time of grace.

        Args:
            waiting: The members that are known to do nothing but wait.
            happened: Anything that changes when something happens.
        """
        now = stopwatch()
        tasks = self._tasks(waiting)
        seen = (happened, self._places(waiting), tuple(tasks.items()))
        if self._stirs(tasks) or seen != self._seen:
            self._seen, self._looks, self._since = seen, 0, now
        self._looks += 1
        return self._looks >= _LOOKS and now - self._since >= self._grace

    def _stirs(self, tasks: Mapping[int, _Task]) -> bool:
        """Tell whether somebody works."""
        return self._members.starting or any(task.runs for task in tasks.values()) or self._busy()

    def _tasks(self, waiting: Collection[int]) -> dict[int, _Task]:
        """Return what the system says of all threads that may do more than wait; nothing where it says nothing."""
        native = self._members.native
        passed_over = {number for ident, number in native.items() if ident in waiting} | {threading.get_native_id()}
        patient = stopwatch() - self._began < _BUSY_AT_MOST
        numbers = [number for number in _numbers() if patient or number in native.values()]
        return {number: _Task.of(number) for number in numbers if number not in passed_over}

    def _places(self, waiting: Collection[int]) -> Hashable:
        """Return where in their code those members are that may do more than wait."""
        frames = sys._current_frames()  # noqa: SLF001  there is no other way to see that
        places = {ident: frames.get(ident) for ident in self._members.native if ident not in waiting}
        return tuple((ident, id(frame), frame and frame.f_lasti) for ident, frame in sorted(places.items(), key=_first))


def _first(pair: tuple[int, object]) -> int:
    return pair[0]


def _numbers() -> list[int]:
    try:
        return [int(path.name) for path in _TASKS.iterdir()]
    except OSError:
        return []


def _read(number: int, name: str) -> str:
    """Return what the system says of a thread in the file of that *name*; nothing if it has ended."""
    try:
        file = os.open(f"{_TASKS}/{number}/{name}", os.O_RDONLY)  # several times as fast as a Path
    except OSError:
        return ""
    try:
        return os.read(file, _ENOUGH).decode(errors="replace")
    except OSError:
        return ""
    finally:
        os.close(file)
