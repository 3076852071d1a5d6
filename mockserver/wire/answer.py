"""Answers, ready to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from contracts.clock import Clock
    from mockserver.wire.response import ResponseHead
    from mockserver.wire.stream import Stream
    from mockserver.wire.workers import Workers


class Answer:
    """A head, the pieces of the body that are there, and the stream that the others come from, if any.

    It is a :class:`mockserver.wire.delivery.Message`. ``keep_alive`` tells whether another request may follow, ``sent``
    how many bytes of the body were framed to be sent.
    """

    __slots__ = ("_chunked", "_clock", "_drawn", "_framing", "_head", "keep_alive", "pieces", "sent", "stream")

    def __init__(  # noqa: PLR0913  the parts of a value
        self,
        head: ResponseHead,
        framing: str,
        pieces: Sequence[bytes],
        stream: Stream | None,
        clock: Clock,
        *,
        chunked: bool,
        keep_alive: bool,
    ) -> None:
        """Put the parts together; *framing* is fields of the head, *clock* gives the Date field."""
        self._head = head
        self._framing = framing
        self.pieces = pieces
        self._drawn = self.sent = 0
        self.stream = stream
        self._clock = clock
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
        return self._head.render(self._framing, self._clock.now())

    async def draw(self) -> bytes:
        """Return the next piece of the body without its framing, or nothing at the end."""
        while self._drawn < len(self.pieces):
            self._drawn += 1
            if piece := self.pieces[self._drawn - 1]:
                return piece
        return b"" if self.stream is None else await self.stream.draw()

    def frame(self, piece: bytes) -> bytes:
        """Return *piece* as it goes over the wire, and count it."""
        self.sent += len(piece)
        return b"%x\r\n%s\r\n" % (len(piece), piece) if self._chunked else piece

    def end(self) -> bytes:
        """Return what marks the end of the body on the wire."""
        return b"0\r\n\r\n" if self._chunked else b""
