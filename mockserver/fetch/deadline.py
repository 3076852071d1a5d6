"""One time limit for everything a fetch does."""

from __future__ import annotations

from contracts.clock import stopwatch


class Deadline:
    """The end of a number of seconds of real time, counted from when this is made."""

    def __init__(self, seconds: float) -> None:
        """Let *seconds* from now be the end."""
        self._end = stopwatch() + seconds

    def left(self) -> float:
        """Return the seconds that are left, always more than 0.

        Raises:
            TimeoutError: None are left.
        """
        left = self._end - stopwatch()
        if left <= 0:
            raise TimeoutError
        return left
