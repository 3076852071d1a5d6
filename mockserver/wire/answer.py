"""Answers, ready to be sent."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

    from mockserver.wire.response import ResponseHead
    from mockserver.wire.stream import Stream
    from mockserver.wire.workers import Workers


class Answer:
    """A head, the pieces of the body that are there, and the stream that the others come from, if any.

    It is a :class:`mockserver.wire.delivery.Message`. ``keep_alive`` tells whether another request may follow.
    """

    __slots__ = ("_chunked", "_head", "_moment", "keep_alive", "pieces", "stream")

    def __init__(  # noqa: PLR0913  the parts of a value
        self,
        head: ResponseHead,
        pieces: Sequence[bytes],
        stream: Stream | None,
        moment: Callable[[], float],
        *,
        chunked: bool,
        keep_alive: bool,
    ) -> None:
        """Put the parts together; *moment* tells the time for the Date field."""
        self._head = head
        self.pieces = deque(pieces)
        self.stream = stream
        self._moment = moment
        self._chunked = chunked
        self.keep_alive = keep_alive

    def open(self, threads: Workers, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to draw from the stream, if there is one, in one of *threads*."""
        if self.stream is not None:
            self.stream.open(threads, loop)

    def close(self) -> None:
        """Let go of the stream, if there is one."""
        if self.stream is not None:
            self.stream.abandon()

    def head(self) -> bytes:
        """Return the status line and the fields, with the empty line, dated now."""
        return self._head.render(self._moment())

    async def draw(self) -> bytes:
        """Return the next piece of the body without its framing, or nothing at the end."""
        if self.pieces:
            return self.pieces.popleft()
        return b"" if self.stream is None else await self.stream.draw()

    def frame(self, piece: bytes) -> bytes:
        """Return *piece* as it goes over the wire."""
        return b"%x\r\n%s\r\n" % (len(piece), piece) if self._chunked else piece

    def end(self) -> bytes:
        """Return what marks the end of the body on the wire."""
        return b"0\r\n\r\n" if self._chunked else b""
