"""Waits on event loops, of asyncio or trio, that another thread can end."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import anyio
import anyio.lowlevel

if TYPE_CHECKING:
    from collections.abc import Callable

    Call = Callable[[Callable[[], object]], object]
    """Has an event loop call a function."""


def is_on_loop() -> bool:
    """Tell whether the calling thread runs an event loop just now."""
    try:
        anyio.lowlevel.current_token()
    except RuntimeError:
        return False
    return True


class Alarm:
    """Ends waits once and for all; ``has_rung`` tells whether it has done so."""

    def __init__(self) -> None:
        """Let waits begin."""
        self.has_rung = False
        self._sleepers: set[Callable[[], object]] = set()

    def ring(self) -> None:
        """End all waits, now and to come."""
        self.has_rung = True
        for wake in tuple(self._sleepers):
            wake()

    async def sleep(self, seconds: float) -> None:
        """Wait for *seconds* of the event loop's clock, or until this rings."""
        rung, call = anyio.Event(), _caller()

        def wake() -> None:
            with suppress(RuntimeError):  # the event loop has ended
                call(rung.set)

        self._sleepers.add(wake)
        try:
            with anyio.move_on_after(0 if self.has_rung else seconds):
                await rung.wait()
        finally:
            self._sleepers.discard(wake)


def _caller() -> Call:
    """Return what has the event loop of the calling thread call a function, from any thread."""
    try:
        return asyncio.get_running_loop().call_soon_threadsafe
    except RuntimeError:
        import trio  # noqa: PLC0415  it runs, so it is there

        call: Call = trio.lowlevel.current_trio_token().run_sync_soon
        return call
