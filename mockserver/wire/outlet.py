"""The sending side of a connection."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.clock import Clock
    from mockserver.wire.alarm import Alarm

_JOINED = 64 * 1024
"""Bytes up to which it is cheaper to copy pieces together than to send them one by one."""

_TLS_HIGH = 1
"""TLS transports count themselves as full from this many bytes on, plain ones above it: 0 would never be empty."""

_NO_LINGER = struct.pack("ii", 1, 0)
"""``SO_LINGER`` on, with 0 seconds: closing the socket sends an RST instead of a FIN."""


class Outlet:
    """Sends to one client; a :class:`mockserver.wire.delivery.Line`.

    With ``paused`` the client does not take what was sent already. With ``waiting`` nothing is sent because an action
    waits for a moment of the clock. With ``hung_up`` the client has closed its side: it may still read, or be gone.
    """

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, clock: Clock, alarm: Alarm
    ) -> None:
        """Send by *transport*; wait by *clock* and *alarm*."""
        self._transport = transport
        self._loop = loop
        self._clock = clock
        self._alarm = alarm
        self._room: asyncio.Future[None] | None = None
        self._unsent = 0
        self._stuck_since = 0.0
        self.paused = False
        self.waiting = False
        self.hung_up = False

    def write(self, head: bytes, pieces: Sequence[bytes] = ()) -> None:
        """Send *head* and *pieces*, in one go where that is cheap."""
        if self._transport.is_closing():
            return
        if sum(map(len, pieces)) <= _JOINED:
            self._transport.write(head + pieces[0] if len(pieces) == 1 else b"".join((head, *pieces)))
        else:
            self._transport.writelines([head, *pieces])

    async def send(self, data: bytes) -> None:
        """Send *data*; return when the operating system has taken all of it."""
        if data and not self._transport.is_closing():
            self._transport.set_write_buffer_limits(high=0 if self._transport.can_write_eof() else _TLS_HIGH, low=0)
            self._transport.write(data)
        while self.paused:
            self._room = self._loop.create_future()
            await self._room

    async def wait(self, seconds: float) -> None:
        """Wait *seconds* of the clock."""
        await self.wait_until(self._clock.now() + seconds)

    async def wait_until(self, moment: float) -> None:
        """Wait until the clock shows *moment* (seconds since 1970, UTC).

        Raises:
            CancelledError: the client has hung up, and there is something to wait for.
        """
        if self.hung_up and self._clock.real_seconds_until(moment) != 0:
            raise asyncio.CancelledError
        self.waiting = True
        try:
            await self._alarm.reach(moment)
        finally:
            self.waiting = False

    def pause(self) -> None:
        """Note that the client takes no more for now."""
        self.paused = True

    def resume(self) -> None:
        """Note that the client takes more."""
        self.paused = False
        if self._room is not None and not self._room.done():
            self._room.set_result(None)

    def finish(self) -> bool:
        """Send the end (FIN) after everything else; return false where only a close of both directions can (TLS)."""
        if not self._transport.can_write_eof():
            return False
        if not self._transport.is_closing():
            self._transport.write_eof()
        return True

    def reset(self) -> None:
        """Tear the connection down so that the client gets an RST."""
        if self._transport.is_closing():
            return
        connection: socket.socket = self._transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self._transport.abort()

    def stuck(self, now: float) -> float | None:
        """Return for how many seconds the client has taken nothing of what waits to be sent; ``None``: all is sent.

        *now* is the time of the event loop in seconds.
        """
        unsent = self._transport.get_write_buffer_size()
        if unsent != self._unsent:
            self._unsent, self._stuck_since = unsent, now
        return now - self._stuck_since if unsent else None
