"""What the connections of one running server share."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from mockserver.wire.alarm import Alarm
from mockserver.wire.body import Budget
from mockserver.wire.gateway import Gateway
from mockserver.wire.listener import descriptors
from mockserver.wire.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.wire.connection import Connection
    from mockserver.wire.settings import Settings

_DESCRIPTORS_KEPT = 100
"""File descriptors left to the rest of the process."""


class Service:
    """Application, clock, limits, memory and threads of a server, and the list of its connections.

    Used from the event loop only. ``stopping`` is set once no further request is wanted.
    """

    def __init__(self, settings: Settings, loop: asyncio.AbstractEventLoop) -> None:
        """Serve by *settings* on *loop*."""
        self.loop = loop
        self.clock = settings.clock
        self.limits = settings.limits
        self.max_body = settings.max_body
        self.gateway = Gateway(settings.app, settings.clock, settings.on_error)
        self.budget = Budget(settings.limits.bodies)
        self.alarm = Alarm(settings.clock, loop)
        self.workers = Workers(settings.threads, "matteproof-worker")
        self.streams = Workers(settings.limits.streams, "matteproof-stream")
        self.stopping = False
        self._most = min(settings.limits.connections, descriptors() - _DESCRIPTORS_KEPT)
        self._accepted = 0
        self._connections: set[Connection] = set()
        self._deserted = asyncio.Event()
        self._sweeping: asyncio.TimerHandle | None = None

    @property
    def full(self) -> bool:
        """Whether there are more connections than allowed."""
        return len(self._connections) > self._most

    def admit(self, connection: Connection) -> int:
        """Take *connection* into the list; return its number."""
        self._connections.add(connection)
        self._accepted += 1
        if self._sweeping is None:
            self._sweep()
        return self._accepted

    def dismiss(self, connection: Connection) -> None:
        """Take *connection* off the list."""
        self._connections.discard(connection)
        if not self._connections:
            self._deserted.set()

    async def stop(self) -> None:
        """Let answers under way be finished, for as long as the limits allow; then close everything."""
        self.stopping = True
        self._each(lambda connection: connection.retire())
        await self._desertion(self.limits.stop_seconds)
        self.abort()
        await self._desertion(1.0)
        if self._sweeping is not None:
            self._sweeping.cancel()
        self.alarm.close()
        self.workers.close()
        self.streams.close()

    def abort(self) -> None:
        """Close all connections at once."""
        self._each(lambda connection: connection.abort())

    async def _desertion(self, seconds: float) -> None:
        """Wait until no connection is left, *seconds* at most."""
        self._deserted.clear()
        if self._connections:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._deserted.wait(), seconds)

    def _sweep(self) -> None:
        """Look for connections that have run out of time; a timer for each would cost more."""
        now = self.loop.time()
        self._each(lambda connection: connection.check(now))
        self._sweeping = self.loop.call_later(self.limits.sweep_seconds, self._sweep) if self._connections else None

    def _each(self, action: Callable[[Connection], None]) -> None:
        for connection in tuple(self._connections):
            action(connection)
