"""Asking the mock without a socket, for httpx: every answer and every fault is as the wire would bring it."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

import httpx

from contracts.model import Ending
from mockserver.testing.loops import Alarm, is_on_loop
from mockserver.testing.mockers import library_of
from mockserver.testing.performance import HEAD, perform
from mockserver.wire import Delivery
from mockserver.wire.dates import http_date

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from wsgiref.types import WSGIEnvironment

    from mockserver.testing.house import House
    from mockserver.testing.performance import Step

_BODILESS = frozenset({204, 304})
_PORTS = {"http": 80, "https": 443}


class InProcess:
    """Answers requests of httpx as the server of a house would."""

    def __init__(self, house: House) -> None:
        """Ask the mock of *house*."""
        self._house = house
        self._alarm = Alarm()

    def close(self) -> None:
        """Have nobody wait any more: what is still to come comes at once."""
        self._alarm.ring()
        self._house.clock.advance(0)  # so that all who wait in threads look again

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer *request*, whose body has been read; delays block this thread.

        Raises:
            Exception: what the client's library raises where a connection is cut off, or silent for too long.
        """
        # A blocking call within an event loop is one of many things that its thread does.
        with nullcontext() if is_on_loop() else self._house.called():
            exchange = _Exchange(self._house, request)
        with exchange.left_if_given_up():
            for seconds in exchange.silences():
                self._pause(seconds)
        return exchange.response(_Body(exchange, self._pause))

    async def answer_async(self, request: httpx.Request) -> httpx.Response:
        """Answer *request* as :meth:`answer` does, with delays that leave the event loop free."""
        exchange = _Exchange(self._house, request)
        with exchange.left_if_given_up():
            for seconds in exchange.silences():
                await self._alarm.sleep(seconds)
        return exchange.response(_AsyncBody(exchange, self._alarm.sleep))

    def _pause(self, seconds: float) -> None:
        self._house.let_pass(seconds, lambda: self._alarm.has_rung)


class _Exchange:
    """One request, and the answer on its way, step by step."""

    def __init__(self, house: House, request: httpx.Request) -> None:
        self._request = request
        self._library = library_of(request)
        self._clock = house.clock
        self._delivery = Delivery()
        patience = request.extensions.get("timeout", {}).get("read")
        self._patience = None if patience is None else float(patience)
        self._status, self._fields = 500, list[tuple[str, str]]()
        environ = _environ(request, self._delivery, house.clock.now(), house.mock.engine.largest_body())
        self._body = b"".join(house.mock.app(environ, self._start))
        self._sent = 0
        self._steps = self._heard()

    @contextmanager
    def left_if_given_up(self) -> Iterator[None]:
        """Note that the client has left if it gives up within."""
        try:
            yield
        except BaseException:
            self.end(Ending.GONE)
            raise

    def silences(self) -> Iterator[float]:
        """Yield the seconds of silence before the head of the answer.

        Raises:
            Exception: it never comes.
        """
        for step in self._steps:
            if isinstance(step, float):
                yield step
            else:
                return

    def response(self, body: httpx.SyncByteStream | httpx.AsyncByteStream) -> httpx.Response:
        """Return the answer with its head, and *body* for the rest of it."""
        own = [("Date", http_date(int(self._clock.now()))), ("Server", "matteproof")]
        if self._status not in _BODILESS and not any(name.lower() == "content-length" for name, _ in self._fields):
            own.append(("Content-Length", str(len(self._body))))
        return httpx.Response(self._status, headers=[*self._fields, *own], stream=body, request=self._request)

    def rest(self) -> Iterator[Step]:
        """Return the pieces of the body, and the seconds of silence between them.

        Raises:
            Exception: the connection is cut off, or silent for too long.
        """
        return self._steps

    def end(self, ending: Ending) -> None:
        """Note the *ending* of the answer, unless it has ended before."""
        self._delivery.sent = self._sent
        self._delivery.end(ending)

    def _heard(self) -> Iterator[Step]:
        """Yield the steps as a client hears them that waits no longer than it has patience."""
        for step in self._delivered():
            if isinstance(step, float) and self._patience is not None and step > self._patience:
                yield self._patience
                self.end(Ending.GONE)
                raise self._library.ReadTimeout("The read operation timed out")
            yield step

    def _delivered(self) -> Iterator[Step]:
        if self._delivery.delay > 0:
            yield float(self._delivery.delay)
        self._delivery.answered = self._clock.now()
        performance = perform(self._delivery.action, self._body if self._request.method != "HEAD" else b"")
        begun = False
        while True:
            try:
                step = next(performance)
            except StopIteration as stop:
                self.end(stop.value)
                self._cut(stop.value, begun=begun)
                return
            begun = begun or step is HEAD
            if isinstance(step, bytes) and step is not HEAD:
                self._sent += len(step)
            yield step

    def _cut(self, ending: Ending, *, begun: bool) -> None:
        """Raise what a client gets whose connection was reset, or closed before it had the whole answer."""
        if ending is Ending.RESET:
            raise self._library.ReadError("[Errno 104] Connection reset by peer")
        if not begun:
            raise self._library.RemoteProtocolError("Server disconnected without sending a response.")
        if ending is Ending.CLOSE and self._sent < len(self._body):
            raise self._library.RemoteProtocolError(
                "peer closed connection without sending complete message body "
                f"(received {self._sent} bytes, expected {len(self._body)})"
            )

    def _start(self, status: str, fields: list[tuple[str, str]], _: object = None, /) -> Callable[[bytes], object]:
        self._status, self._fields = int(status[:3]), fields
        return _ignore


class _Body(httpx.SyncByteStream):
    """The body of an answer, for clients that block."""

    def __init__(self, exchange: _Exchange, wait: Callable[[float], None]) -> None:
        self._exchange, self._wait = exchange, wait

    def __iter__(self) -> Iterator[bytes]:
        for step in self._exchange.rest():
            if isinstance(step, bytes):
                yield step
            else:
                self._wait(step)

    def close(self) -> None:
        self._exchange.end(Ending.GONE)


class _AsyncBody(httpx.AsyncByteStream):
    """The body of an answer, for clients on an event loop."""

    def __init__(self, exchange: _Exchange, wait: Callable[[float], Awaitable[None]]) -> None:
        self._exchange, self._wait = exchange, wait

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for step in self._exchange.rest():
            if isinstance(step, bytes):
                yield step
            else:
                await self._wait(step)

    async def aclose(self) -> None:
        self._exchange.end(Ending.GONE)


def _environ(request: httpx.Request, delivery: Delivery, received: float, most: int) -> WSGIEnvironment:
    """Return the WSGI environ of *request*, complete at the moment *received*; a body of over *most* bytes is refused.

    What it holds besides WSGI is told by :mod:`mockserver.wire.environ`.
    """
    url, body = request.url, request.content
    path, _, query = url.raw_path.decode("ascii").partition("?")
    fields = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    refused = len(body) > most
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "RAW_URI": path,
        "SERVER_NAME": url.host,
        "SERVER_PORT": str(url.port or _PORTS.get(url.scheme, 0)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": BytesIO(b"" if refused else body),
        "matteproof.received": received,
        "matteproof.headers": fields,
        "matteproof.body": b"" if refused else body,
        "matteproof.body_refused": refused,
        "matteproof.delivery": delivery,
    }
    for name, value in fields:
        environ[_key(name)] = value
    if refused:
        environ["CONTENT_LENGTH"] = str(len(body))  # which may have come in chunks
    return environ


def _key(name: str) -> str:
    key = name.upper().replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"


def _ignore(data: bytes) -> None:
    """Take what an application writes in the old way, which ours does not."""
    del data
