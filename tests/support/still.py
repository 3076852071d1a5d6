"""A clock that stands still until a test has it go on."""

from __future__ import annotations

from contracts.clock import Clock
from serving import until


class StillClock(Clock):
    """A clock that stands still, and knows whether somebody waits for it to go on."""

    def __init__(self, now: float) -> None:
        """Stand still at *now*, in seconds since 1970."""
        super().__init__(frozen=True, now=now)
        self._is_awaited = False

    def real_seconds_until(self, moment: float) -> float | None:
        """Return 0 or nothing, as for any clock that stands still, and note that somebody waits."""
        left = super().real_seconds_until(moment)
        self._is_awaited = self._is_awaited or left is None
        return left

    def move(self, seconds: float) -> None:
        """Go on by *seconds* once somebody waits for that: who came later would wait for as long again."""
        until(lambda: self._is_awaited)
        self._is_awaited = False
        self.advance(seconds)
