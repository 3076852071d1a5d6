"""A clock on which the waits of the code under test pass at once."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from contracts.clock import system_time
from contracts.virtual_time import VirtualTime, VirtualTimeError
from mockserver.testing.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts.virtual_time import Wait
    from mockserver.testing.house import House

__tracebackhide__ = True
"""A test that fails shows its own lines."""
_LEAST = 0.0005
"""Virtual seconds of a wait that is told: what it was for came at once in shorter ones."""
_LONGEST = 1e9
"""Virtual seconds, about 30 years, that a clock can be advanced."""
_SPARED = ("mockserver", "xdist", "execnet", "trio")
"""Packages whose own calls keep the true time, besides pytest's: the mock, what runs tests in parallel, and trio.

It waits for the system itself, so that it would wait for ever on a clock that stands still.
"""


class Waited(float):
    """A wait of the code under test: the virtual seconds that it took, to the millisecond.

    ``asked`` is how many it could have taken: more where what was waited for came before its time was over.
    ``thread`` is the name of the thread that waited, ``began`` the moment, in seconds since 1970 UTC, of the clock.
    """

    asked: float
    thread: str
    began: float

    def __eq__(self, other: object) -> bool:
        """Compare as a number; said here so that type checkers let whole numbers be compared, too."""
        return super().__eq__(other) is True

    __hash__ = float.__hash__

    @classmethod
    def of(cls, wait: Wait) -> Waited:
        """Return *wait* as a number."""
        waited = cls(wait.passed)
        waited.asked, waited.thread, waited.began = wait.seconds, wait.thread, wait.moment
        return waited


class VirtualClock:
    """The time of the code under test, and of the mocks: it stands still until everybody waits, and then jumps.

    What follows it, and what does not, is told by :class:`contracts.virtual_time.VirtualTime`.
    """

    def __init__(self, time: VirtualTime) -> None:
        """Show *time*."""
        self._time = time
        self._began = time.clock.now()
        self._ended: float | None = None

    @property
    def waits(self) -> list[Waited]:
        """The waits of the code under test that took any time, in the order in which they ended."""
        return [Waited.of(wait) for wait in self._time.waits if wait.passed >= _LEAST]

    @property
    def now(self) -> float:
        """The moment in seconds since 1970, UTC; after the test the last one."""
        return self._time.clock.now() if self._ended is None else self._ended

    @property
    def elapsed(self) -> float:
        """The virtual seconds since the beginning, to the millisecond."""
        return round(self.now - self._began, 3)

    def stop(self) -> None:
        """Show this moment for ever."""
        self._ended = self.now

    def advance(self, seconds: float) -> None:
        """Let *seconds* pass, as for what the mock keeps only for an hour.

        Raises:
            MisuseError: *seconds* is no number of seconds, 0 or more, or the test is over.
        """
        if self._ended is not None:
            raise MisuseError("This clock belongs to a test that is over: take the fixture in the test that needs it.")
        if not isinstance(seconds, int | float) or not 0 <= seconds < _LONGEST:
            raise MisuseError(f"A clock is advanced by a number of seconds, 0 or more, not by {seconds!r}.")
        self._time.clock.advance(seconds)

    def __repr__(self) -> str:
        """Show how much time has passed."""
        return f"<VirtualClock: {self.elapsed:g} s have passed in {len(self.waits)} waits>"


@contextmanager
def keeping(house: House) -> Iterator[VirtualClock]:
    """Have the code under test, which is this thread and those that it starts, go by the clock of *house* meanwhile.

    Raises:
        MisuseError: it goes by another clock already.
    """
    time = VirtualTime(house.clock, busy=lambda: house.is_busy, due=lambda: house.due, spared=_SPARED)
    with _entered(time):
        house.virtual_time = time
        house.virtual_times += 1
        shown = VirtualClock(time)
        try:
            yield shown
        finally:
            shown.stop()
            house.virtual_time = None


@contextmanager
def _entered(time: VirtualTime) -> Iterator[None]:
    """Enter *time* with its clock standing still, and have that be real again in the end."""
    try:
        time.__enter__()
    except VirtualTimeError as error:
        raise MisuseError(
            f"{error} A test takes the fixture virtual_clock, or makes a VirtualTime of its own, but not both."
        ) from None
    time.clock.set(frozen=True)
    try:
        yield
    finally:
        time.__exit__()
        time.clock.set(frozen=False, speed=1.0, now=system_time())
