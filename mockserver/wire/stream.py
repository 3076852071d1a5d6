"""Answers of unknown length: drawn from the application while they are sent."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from threading import Semaphore
from typing import TYPE_CHECKING

from mockserver.wire.errors import ApplicationError
from mockserver.wire.response import checked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextvars import Context

    from mockserver.wire.workers import Workers

_AHEAD = 8
"""Pieces drawn before the client has taken them."""


class Stream:
    """Draws the rest of an application's iterable in a thread, a few pieces ahead of the client.

    An application that waits long for its next piece should yield ``b""`` now and then: only then can it be told that
    the client has gone.
    """

    def __init__(
        self, iterator: Iterator[bytes], close: Callable[[], object], context: Context, left: int | None
    ) -> None:
        """Draw from *iterator*, as part of *context*, and call *close* in the end whatever happens.

        *left* is how many bytes are still to come; ``None``: unknown.
        """
        self._iterator = iterator
        self._close = close
        self._context = context
        self._left = left
        self._room = Semaphore(_AHEAD)
        self._pieces: asyncio.Queue[bytes | BaseException] = asyncio.Queue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._abandoned = False

    def open(self, threads: Workers, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to draw in one of *threads*."""
        self._loop = loop
        threads.submit(lambda: self._context.run(self._draw_all))

    async def draw(self) -> bytes:
        """Return the next piece, or nothing at the end.

        Raises:
            ApplicationError: the application raised something; it is the cause.
        """
        piece = await self._pieces.get()
        self._room.release()
        if isinstance(piece, BaseException):
            raise ApplicationError("the application failed while its answer was being sent") from piece
        return piece

    def abandon(self) -> None:
        """Draw no more."""
        self._abandoned = True
        self._room.release()
        if self._loop is None:
            self._close()

    def _draw_all(self) -> None:
        end: bytes | BaseException = b""
        try:
            self._pass_on()
        except BaseException as error:  # noqa: BLE001  whatever it is, it is raised where the answer is sent
            end = error
        self._put(end)

    def _pass_on(self) -> None:
        try:
            while not self._abandoned and (piece := next(self._iterator, None)) is not None:
                self._count(checked(piece))
                if piece:
                    self._put(piece)
            if self._left and not self._abandoned:
                raise ApplicationError(f"the application gave {self._left} bytes less than it announced")
        finally:
            self._close()

    def _count(self, piece: bytes) -> None:
        if self._left is not None:
            self._left -= len(piece)
            if self._left < 0:
                raise ApplicationError("the application gave more bytes than it announced")

    def _put(self, piece: bytes | BaseException) -> None:
        if self._loop is None or self._abandoned:
            return
        self._room.acquire()
        with suppress(RuntimeError):  # the loop is closed: nobody wants the piece any more
            self._loop.call_soon_threadsafe(self._pieces.put_nowait, piece)
