"""The only source of time.

One clock drives processing time, result lifetimes and the ``Date`` header. It runs real, scaled or frozen. Moments are
seconds since 1970-01-01 UTC in *virtual* time; in real mode at speed 1 that is the system's time.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

Mode = Literal["real", "scaled", "frozen"]

_NANO = 1_000_000_000
_MICROSECOND = 1e-6


class _Course(NamedTuple):
    """How a clock runs since it was last changed: all that is needed to tell the time.

    Virtual time is kept as a moment and the nanoseconds since then. Their sum as a float tells no steps of less than
    0.24 microseconds, and many small steps would not add up.
    """

    start: float
    elapsed: int
    real: int
    """The machine's own clock, in nanoseconds, when this was noted."""
    speed: float
    frozen: bool

    def nanoseconds(self) -> int:
        """Return how many nanoseconds of virtual time have passed since ``start``."""
        if self.frozen:
            return self.elapsed
        return self.elapsed + int((time.monotonic_ns() - self.real) * self.speed)

    def now(self) -> float:
        """Return the moment in virtual seconds since 1970-01-01 UTC."""
        return self.start + self.nanoseconds() / _NANO


class Clock:
    """A clock that runs at ``speed`` virtual seconds a real second, or stands still and is advanced by hand.

    All methods may be called from any thread. The clock never runs backwards unless :meth:`set` moves it there.
    """

    def __init__(self, *, speed: float = 1.0, frozen: bool = False, now: float | None = None) -> None:
        """Start at *now* (default: the system's time) with *speed* (> 0), standing still when *frozen*.

        Raises:
            ValueError: *speed* is not positive.
        """
        self._lock = threading.Condition()
        self._subscribers: list[Callable[[], None]] = []
        start = time.time() if now is None else now
        # Replaced as a whole, so that whoever reads it sees no half of a change.
        self._course = _Course(start, 0, time.monotonic_ns(), _positive(speed), frozen)

    @property
    def mode(self) -> Mode:
        """``frozen``, ``real`` (speed 1) or ``scaled``."""
        course = self._course
        if course.frozen:
            return "frozen"
        return "real" if course.speed == 1 else "scaled"

    @property
    def speed(self) -> float:
        """Virtual seconds a real second, as last set; it takes effect again once the clock is no longer frozen."""
        return self._course.speed

    def now(self) -> float:
        """Return the moment in virtual seconds since 1970-01-01 UTC."""
        return self._course.now()

    def set(self, *, speed: float | None = None, frozen: bool | None = None, now: float | None = None) -> None:
        """Change what is given and leave the rest; everybody who waits is told.

        Raises:
            ValueError: *speed* is not positive.
        """
        with self._lock:
            course = self._course
            self._change(
                _Course(
                    course.start if now is None else now,
                    course.nanoseconds() if now is None else 0,
                    time.monotonic_ns(),
                    course.speed if speed is None else _positive(speed),
                    course.frozen if frozen is None else frozen,
                )
            )
        self._tell()

    def advance(self, seconds: float) -> None:
        """Move the clock forward by *seconds* of virtual time, whatever its mode.

        Raises:
            ValueError: *seconds* is negative.
        """
        if seconds < 0:
            message = f"a clock is advanced by 0 or more seconds, not by {seconds}"
            raise ValueError(message)
        with self._lock:
            course = self._course
            elapsed = course.nanoseconds() + round(seconds * _NANO)
            self._change(course._replace(elapsed=elapsed, real=time.monotonic_ns()))
        self._tell()

    def real_seconds_until(self, moment: float) -> float | None:
        """Return how many real seconds from now *moment* is reached (0 if it has passed), ``None`` if never.

        What is less than a microsecond away has come: moments are no more exact than that.
        """
        course = self._course
        left = moment - course.now()
        if left < _MICROSECOND:
            return 0.0
        return None if course.frozen else left / course.speed

    def sleep(self, seconds: float, *, over: Callable[[], bool] = lambda: False) -> None:
        """Block the calling thread until *seconds* of virtual time have passed.

        Whenever the clock is set or advanced, *over* may say that there is nothing to wait for any more.
        """
        deadline = self.now() + seconds
        with self._lock:
            while (left := self.real_seconds_until(deadline)) != 0 and not over():
                self._lock.wait(left)

    def _change(self, course: _Course) -> None:
        """Run by *course* from now on, and wake whoever sleeps; the lock is held."""
        self._course = course
        self._lock.notify_all()

    def _tell(self) -> None:
        """Call the subscribers."""
        with self._lock:
            subscribers = tuple(self._subscribers)
        for callback in subscribers:
            callback()

    def subscribe(self, callback: Callable[[], None]) -> None:
        """Have *callback* called, from the changing thread, whenever the clock is set or advanced."""
        with self._lock:
            self._subscribers.append(callback)

    def unsubscribe(self, callback: Callable[[], None]) -> None:
        """Stop calling *callback*; one that was never subscribed is passed over."""
        with self._lock:
            self._subscribers = [known for known in self._subscribers if known != callback]


def system_time() -> float:
    """Return the system's time in seconds since 1970 UTC, whatever clock drives the rest."""
    return time.time()


def stopwatch() -> float:
    """Return a reading of the machine's own monotonic clock in seconds, for safety limits that are real time."""
    return time.monotonic()


def labour() -> float:
    """Return for how many seconds the processor has worked for this thread: for limits that no busy machine moves."""
    return time.thread_time()


def _positive(speed: float) -> float:
    if not speed > 0:
        message = f"a clock's speed is a number above 0, not {speed}"
        raise ValueError(message)
    return speed
