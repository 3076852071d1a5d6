"""A stretch of virtual time."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, ClassVar, Self

from contracts.virtual_time.members import Members
from contracts.virtual_time.replacements import Replacements, replaced_by
from contracts.virtual_time.stillness import Stillness
from contracts.virtual_time.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from contracts.clock import Clock
    from contracts.virtual_time.turns import Wait

_GRACE = 0.002


class VirtualTimeError(Exception):
    """Virtual time is asked for where it cannot be had; the text says what to change."""


class VirtualTime:
    """A context manager within which the code under test goes by a clock.

    The code under test is the thread that enters, and the threads started by it and by each other while inside.
    Everybody else (a mock server in this process, the test runner) keeps the true time. For the code under test
    ``time.sleep``, ``time``, ``monotonic`` and ``perf_counter`` (also in nanoseconds), events, conditions, semaphores,
    barriers, timers, queues, ``Thread.join``, futures, selectors, and the sleeps and limits of ``asyncio`` follow the
    clock. If that is frozen, it moves to the earliest deadline as soon as everybody waits, so that waits pass at once,
    and two threads that wait for 5 and 10 seconds are done after 10 and not after 15.

    A loop that does nothing but look at the time, or waits in a way that is out of reach, would never end; after ten
    real seconds of that the clock begins to run.

    Out of reach, and so in real time: limits of ``Lock.acquire`` and ``SimpleQueue.get``, limits of sockets,
    ``datetime.now()`` and ``time.gmtime()`` without an argument, signals and alarms, other processes, event loops not
    written in Python (uvloop), threads that were there before, and functions kept as default arguments, in classes,
    partials or closures since before. A process that is forked off inside has the true time.
    """

    _inside: ClassVar[VirtualTime | None] = None
    _guard: ClassVar[threading.Lock] = threading.Lock()

    def __init__(
        self,
        clock: Clock,
        *,
        busy: Callable[[], bool] = lambda: False,
        due: Callable[[], float | None] = lambda: None,
        spared: Iterable[str] = (),
        grace: float = _GRACE,
    ) -> None:
        """Have the code under test go by *clock*.

        Args:
            clock: What tells its time; it may be set and advanced meanwhile.
            busy: Whether somebody else, as a mock server, is at work for the code under test: no time passes then.
            due: When somebody else goes on that waits for the clock, if anybody does.
            spared: Packages whose own calls get the true time even in the threads of the code under test, as a mock
                server's should; those of this package, of pytest and of ``subprocess`` always do.
            grace: For how many real seconds nothing may have happened before the clock moves.
        """
        self.clock = clock
        self._busy = busy
        self._due = due
        self._spared = tuple(spared)
        self._grace = grace
        self._members: Members | None = None
        self._turns: Turns | None = None
        self._replacements: Replacements | None = None

    @property
    def waits(self) -> tuple[Wait, ...]:
        """All waits of the code under test with a limit, in the order in which they ended."""
        return () if self._turns is None else tuple(self._turns.waits)

    def outside(self) -> AbstractContextManager[None]:
        """Return a context manager within which the calling thread, and what it starts, keeps the true time.

        Raises:
            VirtualTimeError: this is not entered.
        """
        if self._members is None:
            raise VirtualTimeError("outside() has a meaning inside only: use it within `with VirtualTime(...)`")
        return self._members.without()

    def __enter__(self) -> Self:
        """Begin.

        Raises:
            VirtualTimeError: there is virtual time in this process already, or was in this object, or somebody else has
                replaced the functions that tell the time.
        """
        with VirtualTime._guard:
            if VirtualTime._inside is not None:
                raise VirtualTimeError(
                    "There is virtual time in this process already, and no second one beside or within it: leave the"
                    " first `with VirtualTime(...)` before, or use its clock here too."
                )
            if other := replaced_by():
                raise VirtualTimeError(
                    f"The functions that tell the time have been replaced already, by {other}: one of the two has to "
                    "go. Leave freezegun and the like, or a patch of your own, out of this test, or virtual time."
                )
            if self._members is not None:
                raise VirtualTimeError("A VirtualTime is entered once; make a new one for each `with`.")
            VirtualTime._inside = self
        try:
            self._begin()
        except BaseException:
            VirtualTime._inside = None
            raise
        return self

    def _begin(self) -> None:
        self._members = Members(self._spared)
        self._turns = Turns(self.clock, Stillness(self._members, self._busy, self._grace), self._due)
        self._turns.open()
        self._replacements = Replacements(self.clock, self._members, self._turns)
        self._replacements.install()

    @classmethod
    def leave_behind(cls) -> None:
        """Have the true time in a process that was forked off inside, where nobody moves the clock."""
        cls._guard = threading.Lock()
        inside, cls._inside = cls._inside, None
        if inside is not None:
            inside.abandon()

    def abandon(self) -> None:
        """Have nobody go by the clock any more, and leave alone what only the process that began this can end."""
        if self._replacements is not None and self._members is not None:
            self._members.dismiss()
            self._replacements.remove()

    def __exit__(self, *_: object) -> None:
        """End: everybody has the true time again, and whoever still waits does so in real time."""
        if self._replacements is not None and self._turns is not None:
            self._replacements.remove()
            self._turns.close()
        VirtualTime._inside = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=VirtualTime.leave_behind)
