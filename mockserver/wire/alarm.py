"""Waiting for moments of the server's clock, without a thread."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

    from contracts.clock import Clock

_LONGEST = 3600.0
"""Real seconds after which a waiter looks at the clock again in any case."""


class Alarm:
    """Wakes coroutines at moments of a clock, also when it is set, advanced or frozen while they wait."""

    def __init__(self, clock: Clock, loop: asyncio.AbstractEventLoop) -> None:
        """Wake coroutines of *loop* by *clock*."""
        self._clock = clock
        self._loop = loop
        self._sleepers: dict[asyncio.Future[None], float] = {}
        clock.subscribe(self._changed)

    def close(self) -> None:
        """Listen to the clock no more."""
        self._clock.unsubscribe(self._changed)

    @property
    def next(self) -> float | None:
        """The earliest moment that somebody waits for, if anybody does; it may be asked for from any thread."""
        return min(tuple(self._sleepers.values()), default=None)

    async def reach(self, moment: float) -> None:
        """Return when the clock shows *moment* (seconds since 1970, UTC) or later."""
        while (left := self._clock.real_seconds_until(moment)) != 0:
            await self._sleep(_LONGEST if left is None else min(left, _LONGEST), moment)

    async def _sleep(self, seconds: float, moment: float) -> None:
        sleeper = self._loop.create_future()
        self._sleepers[sleeper] = moment
        timer = self._loop.call_later(seconds, _wake, sleeper)
        try:
            await sleeper
        finally:
            timer.cancel()
            del self._sleepers[sleeper]

    def _changed(self) -> None:
        with suppress(RuntimeError):  # the loop was closed in this very moment
            self._loop.call_soon_threadsafe(self._wake_all)

    def _wake_all(self) -> None:
        for sleeper in self._sleepers:
            _wake(sleeper)


def _wake(sleeper: asyncio.Future[None]) -> None:
    if not sleeper.done():
        sleeper.set_result(None)
