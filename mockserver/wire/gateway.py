"""Between the server and the application: calls it as PEP 3333 has it, and makes an answer of whatever it does."""

from __future__ import annotations

import logging
from contextvars import copy_context
from http import HTTPStatus
from typing import TYPE_CHECKING

from mockserver.wire.answer import Answer
from mockserver.wire.environ import MAY_BLOCK
from mockserver.wire.errors import ApplicationError, WouldBlock
from mockserver.wire.response import NO_BODY, ResponseHead, StartResponse, checked
from mockserver.wire.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextvars import Context
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    from contracts.clock import Clock
    from mockserver.wire.request import Refusal, Request
    from mockserver.wire.response import ErrorPage, Fields, OnError

_LOG = logging.getLogger("matteproof.wire")

_LARGEST_WHOLE = 64 * 1024 * 1024
"""A body announced to have at most this many bytes is drawn from the application at once."""

_TEXT: Fields = [("Content-Type", "text/plain; charset=utf-8")]


class Gateway:
    """Calls one application. Its methods may be called from any thread."""

    def __init__(self, app: WSGIApplication, clock: Clock, on_error: OnError | None) -> None:
        """Call *app*; date answers by *clock*; let *on_error* make the page when the application fails."""
        self._app = app
        self._clock = clock
        self._on_error = on_error

    def call(self, environ: WSGIEnvironment, request: Request) -> Answer:
        """Return the application's answer, or an error page if it fails.

        The call includes the first piece of the body, and all of it when its length is announced.

        Raises:
            WouldBlock: the application has to be called where it may block.
        """
        may_block = environ[MAY_BLOCK]
        # One context for the call and the stream: frameworks reset in the one what they set in the other.
        context = copy_context()
        try:
            return context.run(self._converse, environ, request, context)
        except WouldBlock as signal:
            # Where a framework has noted it, its frames and the request hold each other until a collection of garbage.
            signal.__traceback__ = signal.__context__ = None
            if not may_block:
                raise
            return self._fail(environ, request, signal)
        except BaseException as error:  # noqa: BLE001  not even sys.exit() in a view ends the server
            return self._fail(environ, request, error)

    def refuse(self, refusal: Refusal) -> Answer:
        """Return the answer, in plain text, to what is not passed on to the application."""
        phrase = HTTPStatus(refusal.status).phrase
        head = ResponseHead(f"{refusal.status} {phrase}", _TEXT)
        body = f"{refusal.status} {phrase}: {refusal.reason}\n".encode()
        framing = f"Content-Length: {len(body)}\r\nConnection: close\r\n"
        return Answer(head, framing, [body], None, self._clock, chunked=False, keep_alive=False)

    def _converse(self, environ: WSGIEnvironment, request: Request, context: Context) -> Answer:
        start = StartResponse()
        iterable = self._app(environ, start)
        if type(iterable) is list or type(iterable) is tuple:
            start.written.extend(map(checked, iterable))
            return self._answer(request, start, None)
        stream = _draw(iterable, start, request, context)
        try:
            return self._answer(request, start, stream)
        except ApplicationError:
            if stream is not None:
                stream.abandon()
            raise

    def _answer(self, request: Request, start: StartResponse, stream: Stream | None) -> Answer:
        head = start.head()
        start.sent = True
        pieces: Sequence[bytes] = start.written
        chunked = False
        if request.head.method == "HEAD" or head.code in NO_BODY:
            length = _length_without_body(head, pieces)
            pieces = ()
        elif stream is None:
            length = sum(map(len, pieces))
            if head.length is not None and head.length != length:
                raise ApplicationError(f"the application announced {head.length} bytes and gave {length}")
        else:
            length = head.length
            chunked = length is None and request.head.version == "1.1"
        keep_alive = request.keep_alive and not head.closes and (stream is None or chunked or length is not None)
        framing = "" if length is None else f"Content-Length: {length}\r\n"
        if chunked:
            framing = "Transfer-Encoding: chunked\r\n"
        if not keep_alive:
            framing += "Connection: close\r\n"
        elif request.head.version == "1.0":
            framing += "Connection: keep-alive\r\n"
        return Answer(head, framing, pieces, stream, self._clock, chunked=chunked, keep_alive=keep_alive)

    def _fail(self, environ: WSGIEnvironment, request: Request, error: BaseException) -> Answer:
        _LOG.error("the application failed at %s %r", request.head.method, request.head.target, exc_info=error)
        try:
            return self._page(request, self._error_page(environ, error))
        except Exception:  # noqa: BLE001  the hook is the application's, too
            _LOG.exception("the error page failed, too")
            return self._page(request, _plain_page(environ, error))

    def _error_page(self, environ: WSGIEnvironment, error: BaseException) -> ErrorPage:
        return (self._on_error or _plain_page)(environ, error)

    def _page(self, request: Request, page: ErrorPage) -> Answer:
        start = StartResponse()
        start(page[0], page[1])
        start.written.append(page[2])
        return self._answer(request, start, None)


def _plain_page(environ: WSGIEnvironment, error: BaseException) -> ErrorPage:
    del environ, error  # a client is told nothing of what happened inside
    return "500 Internal Server Error", _TEXT, b"500 Internal Server Error\n"


def _draw(iterable: Iterable[bytes], start: StartResponse, request: Request, context: Context) -> Stream | None:
    """Draw into ``start.written`` what is to be drawn at once; return the stream of the rest, if there is one."""
    close = getattr(iterable, "close", lambda: None)
    stream = None
    try:
        iterator = iter(iterable)
        if not _draw_first(iterator, start, head_only=request.head.method == "HEAD"):
            length = start.head().length
            left = None if length is None else length - sum(map(len, start.written))
            stream = Stream(iterator, close, context, left)
    finally:
        if stream is None:
            close()
    return stream


def _draw_first(iterator: Iterator[bytes], start: StartResponse, *, head_only: bool) -> bool:
    """Draw the first piece that is not empty, or everything where that is safe; return whether nothing is left."""
    if head_only and start.status is not None:
        return True
    left: int | None = None
    for piece in iterator:
        start.written.append(checked(piece))
        if not piece:
            continue
        if head_only:
            start.written.clear()  # how much would have followed is not known
            return True
        if left is None:
            head = start.head()
            if head.code in NO_BODY:
                return True
            left = head.length
            if left is None or left > _LARGEST_WHOLE:
                return False
        left -= len(piece)
        if left < 0:
            raise ApplicationError("the application gave more bytes than it announced")
    return True


def _length_without_body(head: ResponseHead, pieces: Sequence[bytes]) -> int | None:
    """Return the Content-Length of an answer that must not have a body (RFC 9110, section 8.6)."""
    if head.code == HTTPStatus.NO_CONTENT:
        return None
    if head.length is None and pieces and head.code not in NO_BODY:
        return sum(map(len, pieces))
    return head.length
