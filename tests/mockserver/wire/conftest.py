"""Servers on loopback, and a client that sends exactly the bytes it is given."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pytest

from contracts.clock import Clock
from mockserver.wire import Server
from still import StillClock

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from mockserver.wire import Limits

PATIENCE = 20.0
"""Seconds after which a test gives up waiting; no test that passes comes near."""

NOW = 1_704_067_205.75
"""The moment of the frozen clock: Mon, 01 Jan 2024 00:00:05 GMT and three quarters."""


@dataclass(frozen=True)
class Reply:
    """An answer as it came over the wire."""

    status: int
    reason: str
    fields: tuple[tuple[str, str], ...]
    body: bytes

    def __getitem__(self, name: str) -> str:
        """Return the one value of the field *name*."""
        (value,) = self.all(name)
        return value

    def __contains__(self, name: str) -> bool:
        """Tell whether the field *name* is there."""
        return bool(self.all(name))

    def all(self, name: str) -> list[str]:
        """Return all values of the field *name*."""
        return [value for key, value in self.fields if key.lower() == name.lower()]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


class Peer:
    """A client: one connection, raw bytes."""

    def __init__(self, connection: socket.socket) -> None:
        """Talk over *connection*."""
        connection.settimeout(PATIENCE)
        self.socket = connection
        self._buffer = b""

    def send(self, data: bytes) -> None:
        """Send *data*."""
        self.socket.sendall(data)

    def get(self, path: str = "/", *fields: str, method: str = "GET", version: str = "1.1") -> None:
        """Send a request without a body for *path* with *fields* besides Host."""
        self.send("\r\n".join([f"{method} {path} HTTP/{version}", "Host: test", *fields, "", ""]).encode("latin-1"))

    def post(self, body: bytes, path: str = "/", *fields: str) -> None:
        """Send *body* to *path* with *fields* besides Host and Content-Length."""
        lines = [f"POST {path} HTTP/1.1", "Host: test", f"Content-Length: {len(body)}", *fields, "", ""]
        self.send("\r\n".join(lines).encode("latin-1") + body)

    def reply(self, *, head_only: bool = False) -> Reply:
        """Read one answer, framed by chunks, by its length, or else by the end of the connection."""
        head = self.until(b"\r\n\r\n")[:-4].decode("latin-1")
        status_line, *lines = head.split("\r\n")
        version, status, reason = status_line.split(" ", 2)
        assert version == "HTTP/1.1"
        pairs = [line.split(": ", 1) for line in lines]
        reply = Reply(int(status), reason, tuple((name, value) for name, value in pairs), b"")
        bodiless = head_only or reply.status in {204, 304} or reply.status < 200
        return reply if bodiless else Reply(reply.status, reason, reply.fields, self._body(reply))

    def rest(self) -> bytes:
        """Read until the server closes; return everything."""
        while self._receive():
            pass
        data, self._buffer = self._buffer, b""
        return data

    def until(self, end: bytes) -> bytes:
        """Read to the first *end*; return everything with it."""
        while end not in self._buffer:
            assert self._receive(), f"closed after {self._buffer!r}"
        return self.take(self._buffer.index(end) + len(end))

    def take(self, size: int) -> bytes:
        """Read *size* bytes."""
        while len(self._buffer) < size:
            assert self._receive(), f"closed after {self._buffer[:200]!r}"
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data

    def silent(self, seconds: float) -> bool:
        """Tell whether nothing, not even the end, arrives within *seconds*."""
        if self._buffer:
            return False
        self.socket.settimeout(seconds)
        try:
            self._receive()
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(PATIENCE)
        return False

    def press(self, most: int) -> int:
        """Send zeros until nobody has taken any for a while, or *most* bytes are sent; return how many were."""
        sent = 0
        self.socket.settimeout(0.5)
        try:
            while sent < most:
                sent += self.socket.send(bytes(100_000))
        except TimeoutError:
            pass
        finally:
            self.socket.settimeout(PATIENCE)
        return sent

    def close(self) -> None:
        """Close the connection."""
        self.socket.close()

    def _receive(self) -> bytes:
        data = self.socket.recv(1 << 20)
        self._buffer += data
        return data

    def _body(self, reply: Reply) -> bytes:
        if "Transfer-Encoding" in reply:
            assert reply["Transfer-Encoding"] == "chunked"
            assert "Content-Length" not in reply
            return b"".join(self._chunks())
        if "Content-Length" in reply:
            return self.take(int(reply["Content-Length"]))
        return self.rest()

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.until(b"\r\n"), 16):
            yield self.take(size)
            assert self.take(2) == b"\r\n"
        assert self.take(2) == b"\r\n"


class Serve(Protocol):
    """Starts a server for a test, which stops it at its end."""

    def __call__(  # noqa: PLR0913  the options of a server
        self,
        app: WSGIApplication,
        *,
        host: str = "127.0.0.1",
        clock: Clock | None = None,
        limits: Limits | None = None,
        max_body: int = 1_000_000,
        threads: int | None = None,
        ssl_context: ssl.SSLContext | None = None,
        require_sni: bool = False,
        on_error: Callable[..., tuple[str, list[tuple[str, str]], bytes]] | None = None,
    ) -> Server:
        """Serve *app*; return when it is reachable."""


Connect = "Callable[[Server], Peer]"


@pytest.fixture(params=["uvloop", "asyncio"])
def serve(request: pytest.FixtureRequest) -> Iterator[Serve]:
    """Start servers on free ports, on either event loop."""
    servers: list[Server] = []

    def start(
        app: WSGIApplication, *, host: str = "127.0.0.1", clock: Clock | None = None, **options: object
    ) -> Server:
        options.setdefault("max_body", 1_000_000)
        server = Server(app, host, 0, clock or Clock(), prefer_uvloop=request.param == "uvloop", **options)  # type: ignore[arg-type]
        server.start_in_thread()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def connect() -> Iterator[Callable[[Server], Peer]]:
    """Open connections, which are closed at the end of the test."""
    peers: list[Peer] = []

    def open_connection(server: Server) -> Peer:
        peers.append(Peer(socket.create_connection(("127.0.0.1", server.port))))
        return peers[-1]

    yield open_connection
    for peer in peers:
        peer.close()


class Echo:
    """An application that notes every environ and answers with the body, or the path where there is none."""

    def __init__(self) -> None:
        """Begin with no notes."""
        self.environs: list[WSGIEnvironment] = []
        self.threads: list[str] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer."""
        self.environs.append(environ)
        self.threads.append(threading.current_thread().name)
        body: bytes = environ["matteproof.body"] or environ["PATH_INFO"].encode("latin-1")
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [body]


@pytest.fixture
def echo() -> Echo:
    """Return a fresh :class:`Echo`."""
    return Echo()


@pytest.fixture
def frozen() -> StillClock:
    """Return a clock that stands still at :data:`NOW`."""
    return StillClock(NOW)


@pytest.fixture
def peer_type() -> type[Peer]:
    """Return the class of clients, for tests that make their own connections."""
    return Peer
