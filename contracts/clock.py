"""The only source of time.

One clock drives processing time, result lifetimes and the ``Date`` header. It runs real, scaled or frozen. Moments are
seconds since 1970-01-01 UTC in *virtual* time; in real mode at speed 1 that is the system's time.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Mode = Literal["real", "scaled", "frozen"]


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
        self._speed = _positive(speed)
        self._frozen = frozen
        self._virtual = time.time() if now is None else now
        self._real = time.monotonic()

    @property
    def mode(self) -> Mode:
        """``frozen``, ``real`` (speed 1) or ``scaled``."""
        if self._frozen:
            return "frozen"
        return "real" if self._speed == 1 else "scaled"

    @property
    def speed(self) -> float:
        """Virtual seconds a real second, as last set; it takes effect again once the clock is no longer frozen."""
        return self._speed

    def now(self) -> float:
        """Return the moment in virtual seconds since 1970-01-01 UTC."""
        if self._frozen:
            return self._virtual
        return self._virtual + (time.monotonic() - self._real) * self._speed

    def set(self, *, speed: float | None = None, frozen: bool | None = None, now: float | None = None) -> None:
        """Change what is given and leave the rest; everybody who waits is told.

        Raises:
            ValueError: *speed* is not positive.
        """
        with self._lock:
            moment = self.now() if now is None else now
            if speed is not None:
                self._speed = _positive(speed)
            if frozen is not None:
                self._frozen = frozen
            self._virtual, self._real = moment, time.monotonic()
            self._lock.notify_all()
            subscribers = tuple(self._subscribers)
        for callback in subscribers:
            callback()

    def advance(self, seconds: float) -> None:
        """Move the clock forward by *seconds* of virtual time, whatever its mode.

        Raises:
            ValueError: *seconds* is negative.
        """
        if seconds < 0:
            message = f"a clock is advanced by 0 or more seconds, not by {seconds}"
            raise ValueError(message)
        self.set(now=self.now() + seconds)

    def real_seconds_until(self, moment: float) -> float | None:
        """Return how many real seconds from now *moment* is reached (0 if it has passed), ``None`` if never."""
        left = moment - self.now()
        if left <= 0:
            return 0.0
        return None if self._frozen else left / self._speed

    def sleep(self, seconds: float) -> None:
        """Block the calling thread until *seconds* of virtual time have passed."""
        deadline = self.now() + seconds
        with self._lock:
            while (left := self.real_seconds_until(deadline)) != 0:
                self._lock.wait(left)

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


def _positive(speed: float) -> float:
    if not speed > 0:
        message = f"a clock's speed is a number above 0, not {speed}"
        raise ValueError(message)
    return speed
