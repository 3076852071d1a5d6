"""How many requests a tenant may make: at a time, in a while, and at the beginning of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from threading import Lock


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: ``burst`` requests at once, refilled by ``per_second`` a second."""

    per_second: float
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Ramp:
    """``start`` requests at a time, and ``step`` more ``every`` so many seconds after the first one.

    The defaults are what providers advise for batches.
    """

    start: int = 5
    step: int = 1
    every: float = 300.0

    def allowed(self, seconds: float) -> int:
        """Return how many requests at a time are allowed *seconds* after the first one."""
        return self.start + int((seconds + _RESOLUTION) // self.every) * self.step


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits that hold together; ``None`` is none.

    ``error`` is the documented error of refusals (empty: the first of status 429), ``retry_after`` what they tell in
    ``Retry-After``, in seconds.
    """

    concurrency: int | None = None
    rate: Rate | None = None
    ramp: Ramp | None = None
    error: str = ""
    retry_after: int | None = None


GENEROUS = Limits()
"""No limits at all."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request is let in, and why; where there are no limits there is nothing to say."""

    admitted: bool
    reason: str


class Limiter:
    """Counts the requests of one tenant. All methods may be called from any thread."""

    def __init__(self, limits: Limits = GENEROUS) -> None:
        """Let requests in by *limits*."""
        self._lock = Lock()
        self._limits = limits
        self._first: float | None = None
        self._tokens = 0.0
        self._filled = 0.0
        self._latest = -inf
        self.in_progress = 0

    @property
    def limits(self) -> Limits:
        """The limits in force."""
        return self._limits

    def set(self, limits: Limits) -> None:
        """Hold *limits* from now on; a ramp begins anew, a bucket is full."""
        with self._lock:
            self._limits = limits
            self._first = None
            self._latest = -inf

    def enter(self, now: float) -> Verdict:
        """Let a request in at *now*, in seconds, or refuse it. One that was let in has to :meth:`leave`."""
        with self._lock:
            verdict = _UNLIMITED if self._limits is GENEROUS else self._judge(now)
            if verdict.admitted:
                self.in_progress += 1
            return verdict

    def leave(self) -> None:
        """Note that a request that was let in has ended."""
        with self._lock:
            self.in_progress -= 1

    def _judge(self, now: float) -> Verdict:
        limits = self._limits
        now = self._onwards(now)
        if self._first is None:
            self._first = self._filled = now
            self._tokens = float(limits.rate.burst) if limits.rate else 0.0
        most, name = limits.concurrency, "concurrency"
        if limits.ramp is not None:
            allowed = limits.ramp.allowed(now - self._first)
            if most is None or allowed < most:
                most, name = allowed, "ramp"
        if most is not None and self.in_progress >= most:
            return Verdict(admitted=False, reason=f"{self.in_progress} requests in progress, {name} allows {most}")
        if limits.rate is not None and not self._take(limits.rate, now):
            return Verdict(admitted=False, reason=f"the bucket of {limits.rate.per_second:g} a second is empty")
        place = f", {name} allows {most}" if most is not None else ""
        left = f", {self._tokens:.2f} tokens left" if limits.rate else ""
        return Verdict(admitted=True, reason=f"{self.in_progress} other requests in progress{place}{left}")

    def _onwards(self, now: float) -> float:
        """Return *now*, or the latest moment if a request only comes a little out of order.

        A clock that was set back neither opens nor shuts anything: what has passed stays as it is, and counts from
        there on.
        """
        back = self._latest - now
        if 0 < back <= _OUT_OF_ORDER:
            return self._latest
        if 0 < back < inf and self._first is not None:
            self._first -= back
            self._filled -= back
        self._latest = now
        return now

    def _take(self, rate: Rate, now: float) -> bool:
        """Take a token, after adding those that came since the last time; return whether there was one."""
        self._tokens = min(float(rate.burst), self._tokens + max(0.0, now - self._filled) * rate.per_second)
        self._filled = now
        if self._tokens < 1 - min(_ROUNDING + _RESOLUTION * rate.per_second, _MOST_ROUNDING):
            return False
        self._tokens -= 1
        return True


_UNLIMITED = Verdict(admitted=True, reason="")
_ROUNDING = 1e-9
"""Sums of binary fractions may fall short of a whole token by less than this."""
_RESOLUTION = 1e-6
"""Moments since 1970 are no more exact than this, in seconds."""
_MOST_ROUNDING = 0.5
"""What may be missing of a token at any rate."""
_OUT_OF_ORDER = 1.0
"""Seconds by which requests may come out of order; what is more is a clock that was set back."""
