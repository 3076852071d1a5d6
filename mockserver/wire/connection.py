"""One connection: requests in, answers out, in order."""

from __future__ import annotations

import asyncio
import logging
import math
from functools import partial
from typing import TYPE_CHECKING, cast

from contracts.model import Ending
from mockserver.wire.answer import Answer
from mockserver.wire.environ import connection_environ, request_environ
from mockserver.wire.errors import WouldBlock
from mockserver.wire.outlet import Outlet
from mockserver.wire.reader import RequestReader
from mockserver.wire.request import Refusal, Request

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from wsgiref.types import WSGIEnvironment

    from mockserver.wire.limits import Stage
    from mockserver.wire.service import Service

_LOG = logging.getLogger("matteproof.wire")

_FAIR_SHARE = 16
"""Requests answered for one connection before the others have their turn."""

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Connection(asyncio.Protocol):
    """Serves one client.

    Requests are read one by one, each when the one before has been answered. An answer that cannot be sent at once is
    the business of ``_task``. Once ``_over``, everything has been said: what still arrives is thrown away until the
    client closes, so that it can read the last answer before it notices.
    """

    _transport: asyncio.Transport
    _outlet: Outlet
    _environ: WSGIEnvironment

    def __init__(self, service: Service) -> None:
        """Serve what *service* serves."""
        self._service = service
        self._loop = service.loop
        self._reader = RequestReader(service.limits, service.max_body, service.budget, service.clock, self._schedule)
        self._task: asyncio.Task[Ending] | None = None
        self._answer: Answer | None = None
        self._scheduled = False
        self._reading = True
        self._over = False
        self._thrown_away = 0
        self._uploading = False
        self._linger = 0.0
        self._watched: tuple[bool, Stage, int] | None = None
        self._deadline = math.inf

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, or turn the client away if there are too many."""
        service = self._service
        self._transport = cast("asyncio.Transport", transport)
        self._outlet = Outlet(self._transport, self._loop, service.clock, service.alarm)
        info = transport.get_extra_info
        self._secure = info("sslcontext") is not None
        server, client = info("sockname") or ("", 0), info("peername") or ("", 0)
        self._environ = connection_environ(service.admit(self), server, client, secure=self._secure)
        if service.stopping:
            self.abort()
        elif service.full:
            self._reader.refuse(503, "there are too many connections")
        self._advance()

    def data_received(self, data: bytes) -> None:
        """Take *data* in."""
        if self._reader.ended:
            self._throw_away(len(data))
            return
        self._reader.feed(data)
        if self._task is None and not self._scheduled:
            self._advance()
        else:
            self._settle()

    def eof_received(self) -> bool:
        """Note that the client sends no more. What it is owed is still sent, but nothing is waited for."""
        self._outlet.hung_up = True
        if self._over or not (self._task or self._scheduled):
            return False
        streaming = self._answer is not None and self._answer.stream is not None
        if self._task is not None and (self._outlet.waiting or streaming):
            self._task.cancel()
        return not self._secure

    def pause_writing(self) -> None:
        """Stop answering: the client does not read."""
        self._outlet.pause()

    def resume_writing(self) -> None:
        """Go on answering."""
        self._outlet.resume()
        if self._task is None:
            self._schedule()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        del exc
        self._over = True
        self._service.dismiss(self)
        self._reader.abandon()
        if self._task is not None:
            self._task.cancel()

    def check(self, now: float) -> None:
        """Act on what has taken too long by *now*, the time of the event loop in seconds."""
        stuck = self._outlet.stuck(now)
        if stuck is None:
            if now > self._deadline:
                self._expire()
        elif stuck > self._service.limits.write_seconds:
            self.abort()
        elif self._over:
            self._deadline = now + self._linger

    def retire(self) -> None:
        """Close the connection as soon as no answer is under way."""
        if self._over:
            self.abort()
        elif self._task is None:
            self._finish()

    def abort(self) -> None:
        """Close the connection, whatever is under way."""
        self._over = True
        self._transport.abort()

    def _schedule(self) -> None:
        """Go on in the next round of the event loop."""
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        self._scheduled = False
        self._advance()

    def _advance(self) -> None:
        """Answer what has arrived, as far as that can go on now and within the fair share."""
        reader = self._reader
        for _ in range(_FAIR_SHARE):
            if self._over or self._task is not None or self._outlet.paused:
                break
            item = reader.next()
            if item is None:
                break
            if isinstance(item, Refusal):
                self._turn_away(item)
            elif len(item.body) > self._service.limits.inline_body:
                self._start(item, self._serve_in_thread(item))
            else:
                self._serve_inline(item)
            if not reader.buffered:
                break
        else:
            self._schedule()
        if not self._over:
            self._settle()

    def _serve_inline(self, request: Request) -> None:
        environ = request_environ(self._environ, request, may_block=False)
        try:
            answer = self._service.gateway.call(environ, request)
        except WouldBlock:
            self._start(request, self._serve_in_thread(request))
            return
        request.release()
        if answer.stream is None and request.delivery.plain:
            request.delivery.answered = self._service.clock.now()
            self._outlet.write(answer.head(), answer.pieces)
            request.delivery.end(Ending.DONE)
            self._go_on_after(request, answer)
        else:
            self._answer = answer
            self._start(request, self._deliver(request, answer))

    async def _serve_in_thread(self, request: Request) -> Ending:
        environ = request_environ(self._environ, request, may_block=True)
        call = partial(self._service.gateway.call, environ, request)
        try:
            answer = await self._service.workers.call(call, Answer.close, self._loop)
        finally:
            request.release()
        self._answer = answer
        return await self._deliver(request, answer)

    async def _deliver(self, request: Request, answer: Answer) -> Ending:
        delivery = request.delivery
        if delivery.delay > 0:
            await self._outlet.wait_until(request.received + delivery.delay)
        answer.open(self._service.streams, self._loop)
        delivery.answered = self._service.clock.now()
        return await delivery.action.perform(self._outlet, answer)

    def _start(self, request: Request, serving: Coroutine[object, object, Ending]) -> None:
        self._task = self._loop.create_task(serving)
        self._task.add_done_callback(partial(self._served, request))

    def _served(self, request: Request, task: asyncio.Task[Ending]) -> None:
        self._task = None
        answer, self._answer = self._answer, None
        if answer is not None:
            answer.close()
        request.delivery.sent = answer.sent if answer is not None else 0
        if task.cancelled():
            request.delivery.end(Ending.GONE)
            self.abort()
        elif (error := task.exception()) is not None:
            _LOG.error("an answer broke off", exc_info=error)
            request.delivery.end(Ending.RESET)
            self._end_by_reset()
        elif answer is not None:
            request.delivery.end(Ending.GONE if self._over else task.result())
            self._conclude(task.result(), request, answer)
        self._advance()

    def _turn_away(self, refusal: Refusal) -> None:
        if refusal.silent:
            _LOG.warning("%s: %s", self._environ["REMOTE_ADDR"], refusal.reason)
        else:
            answer = self._service.gateway.refuse(refusal)
            self._outlet.write(answer.head(), answer.pieces)
        self._finish(uploading=not refusal.silent)

    def _conclude(self, ending: Ending, request: Request, answer: Answer) -> None:
        if self._over:
            return
        if ending is Ending.RESET:
            self._end_by_reset()
        elif ending is Ending.CLOSE:
            self._finish(uploading=request.refused)
        else:
            self._go_on_after(request, answer)

    def _go_on_after(self, request: Request, answer: Answer) -> None:
        if not answer.keep_alive or self._service.stopping:
            self._finish(uploading=request.refused)

    def _end_by_reset(self) -> None:
        if not self._over:
            self._over = True
            self._outlet.reset()

    def _finish(self, *, uploading: bool = False) -> None:
        """Close in order once everything is sent; *uploading* says that the client may still be sending."""
        limits = self._service.limits
        self._over = True
        self._reader.abandon()
        self._uploading = uploading
        self._linger = limits.discard_seconds if uploading else limits.linger_seconds
        self._deadline = self._loop.time() + self._linger
        half_closed = self._outlet.finish()
        if self._outlet.hung_up or self._service.stopping or not (half_closed or uploading):
            self._transport.close()
        elif not self._reading:
            self._regulate(read=True)

    def _throw_away(self, size: int) -> None:
        self._thrown_away += size
        if self._thrown_away > self._service.limits.discard:
            self.abort()
        elif self._uploading:
            self._deadline = self._loop.time() + self._linger

    def _expire(self) -> None:
        stage = self._reader.stage
        if self._over:
            self.abort()
        elif stage == "idle":
            self._finish()
        else:
            self._reader.refuse(408, f"the rest of the {stage} did not come in time")
            self._advance()

    def _settle(self) -> None:
        """Decide whether to read on, and until when something must have happened."""
        reader = self._reader
        busy = self._task is not None or self._scheduled or self._outlet.paused
        if not busy:
            if self._outlet.hung_up:
                self._finish()
                return
            if reader.owes_continue and not reader.waiting:
                reader.owes_continue = False
                self._outlet.write(_CONTINUE)
        waiting = reader.waiting
        read = not (waiting or (busy and reader.buffered))
        if read is not self._reading:
            self._regulate(read=read)
        stage = reader.stage
        watched = busy or waiting, stage, reader.taken
        if watched != self._watched or stage == "body":
            self._watched = watched
            seconds = math.inf if watched[0] else self._service.limits.seconds_in(stage)
            self._deadline = self._loop.time() + seconds

    def _regulate(self, *, read: bool) -> None:
        self._reading = read
        if read:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()
