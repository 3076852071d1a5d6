"""Whether anything but waiting goes on in this process."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.clock import stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable

    from contracts.virtual_time.members import Members

_TASKS = Path("/proc/self/task")
_RUNNING = "R"
_LOOKS = 3
"""How often in a row everything has to look the same."""
_BUSY_AT_MOST = 1.0
"""For how many real seconds threads that do not belong can keep time from passing, by being busy with what else."""


class Stillness:
    """Looks at the threads of this process again and again."""

    def __init__(self, members: Members, busy: Callable[[], bool], grace: float) -> None:
        """Wait until all is still for *grace* real seconds; it is not while *busy* says so."""
        self._members = members
        self._busy = busy
        self._grace = grace
        self.stir()

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
        seen = (happened, self._places(waiting))
        if self._stirs(now, waiting) or seen != self._seen:
            self._seen, self._looks, self._since = seen, 0, now
        self._looks += 1
        return self._looks >= _LOOKS and now - self._since >= self._grace

    def _stirs(self, now: float, waiting: Collection[int]) -> bool:
        """Tell whether somebody works."""
        if self._members.starting or self._busy():
            return True
        native = self._members.native
        running = self._running() - {number for ident, number in native.items() if ident in waiting}
        ours = not running.isdisjoint(native.values())
        return ours or (bool(running) and now - self._began < _BUSY_AT_MOST)

    def _places(self, waiting: Collection[int]) -> Hashable:
        """Return where in their code those members are that may do more than wait."""
        frames = sys._current_frames()  # noqa: SLF001  there is no other way to see that
        places = {ident: frames.get(ident) for ident in self._members.native if ident not in waiting}
        return tuple((ident, id(frame), frame and frame.f_lasti) for ident, frame in sorted(places.items(), key=_first))

    @staticmethod
    def _running() -> set[int]:
        """Return the other threads of this process that run, or could; none where the system does not tell."""
        me = threading.get_native_id()
        return {task for task in _tasks() if task != me and _state(task) == _RUNNING}


def _first(pair: tuple[int, object]) -> int:
    return pair[0]


def _tasks() -> list[int]:
    try:
        return [int(path.name) for path in _TASKS.iterdir()]
    except OSError:
        return []


def _state(task: int) -> str:
    """Return the letter for what a thread does; nothing if it has ended."""
    try:
        return (_TASKS / str(task) / "stat").read_text(errors="replace").rpartition(") ")[2][:1]
    except OSError:
        return ""
