"""A server while it runs: the event loop, the sockets, the signals."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from mockserver.wire.connection import Connection
from mockserver.wire.listener import BACKLOG
from mockserver.wire.service import Service

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from mockserver.wire.settings import Settings

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_ROUNDS = 3


class Runtime:
    """Serves by *settings* on *sockets* until it is told to stop."""

    def __init__(self, settings: Settings, sockets: Sequence[socket.socket]) -> None:
        """Make an event loop; nothing is accepted before :meth:`run`."""
        self._settings = settings
        self._sockets = sockets
        # uvloop cannot close connections that are still in the TLS handshake; where warnings are errors, it then hangs.
        use_uvloop = settings.prefer_uvloop and settings.ssl_context is None
        self._runner = asyncio.Runner(loop_factory=_loop_factory(use_uvloop=use_uvloop))
        self._loop = self._runner.get_loop()
        self._stop = asyncio.Event()
        self._service = Service(settings, self._loop)

    def run(self, on_ready: Callable[[], object], *, signals: bool) -> None:
        """Serve; call *on_ready* once connections are accepted. With *signals*, SIGINT and SIGTERM stop the server."""
        with self._runner:
            self._runner.run(self._serve(on_ready, signals=signals))

    @property
    def due(self) -> float | None:
        """The earliest moment of the clock that an answer waits for, if any does."""
        return self._service.alarm.next

    def stop(self) -> None:
        """Ask the server to stop; from any thread."""
        with suppress(RuntimeError):  # the loop is closed: it has stopped already
            self._loop.call_soon_threadsafe(self._stop.set)

    async def _serve(self, on_ready: Callable[[], object], *, signals: bool) -> None:
        service = self._service
        listeners = [await self._accept(service, one) for one in self._sockets]
        if signals:
            self._heed_signals(service)
        on_ready()
        await self._stop.wait()
        await self._accept_no_more(listeners)
        await service.stop()
        if signals:
            for number in _SIGNALS:
                self._loop.remove_signal_handler(number)

    async def _accept_no_more(self, listeners: Sequence[asyncio.Server]) -> None:
        """Close *listeners* so that what they have just accepted is known to the service and can be closed in order.

        The event loop of the standard library loses what is not handed over when the listener is closed; uvloop accepts
        until then.
        """
        for one in self._sockets:
            self._loop.remove_reader(one)
        await self._rounds()
        for listener in listeners:
            listener.close()
        await self._rounds()

    async def _rounds(self) -> None:
        """Let pass what an event loop needs between accepting a connection and handing it over."""
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)

    async def _accept(self, service: Service, listening: socket.socket) -> asyncio.Server:
        tls = self._settings.ssl_context
        return await self._loop.create_server(
            lambda: Connection(service),
            sock=listening,
            backlog=BACKLOG,
            ssl=tls,
            ssl_handshake_timeout=None if tls is None else self._settings.limits.head_seconds,
        )

    def _heed_signals(self, service: Service) -> None:
        def stop() -> None:
            if self._stop.is_set():
                service.abort()
            self._stop.set()

        for number in _SIGNALS:
            self._loop.add_signal_handler(number, stop)


def _loop_factory(*, use_uvloop: bool) -> Callable[[], asyncio.AbstractEventLoop]:
    if use_uvloop:
        with suppress(ImportError):
            import uvloop  # noqa: PLC0415  not on every system

            return uvloop.new_event_loop
    return asyncio.new_event_loop
