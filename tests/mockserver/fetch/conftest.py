"""A server on loopback that answers what a test says, and an internet that exists only in the test."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from email.message import Message
    from io import BufferedIOBase

    import trustme

PICTURE = b"\x89PNG, or what passes for one here"


class Site:
    """An HTTP server on a free port of 127.0.0.1, which notes what it hears."""

    def __init__(self) -> None:
        """Listen; nobody is answered until :meth:`run`."""
        self.heard: list[tuple[str, Message]] = []
        self.server_names: list[str | None] = []
        self.closing = threading.Event()
        self._answers: dict[str, Callable[[BufferedIOBase], object]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port: int = self._server.server_address[1]
        self.origin = f"http://127.0.0.1:{self.port}"

    def serve(self, path: str, body: bytes = PICTURE, *fields: str, status: str = "200 OK") -> str:
        """Answer requests for *path* with *fields* besides a correct ``Content-Length``; return the URL."""
        head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *fields, "", ""])
        return self.send(path, head.encode() + body)

    def redirect(self, path: str, location: str, status: str = "302 Found") -> str:
        """Lead whoever asks for *path* to *location*; return the URL."""
        return self.serve(path, b"", f"Location: {location}", status=status)

    def send(self, path: str, answer: bytes) -> str:
        """Answer requests for *path* with exactly the bytes of *answer*, then close; return the URL."""
        return self.act(path, lambda stream: stream.write(answer))

    def act(self, path: str, action: Callable[[BufferedIOBase], object]) -> str:
        """Leave the answer to requests for *path* to *action*, then close; return the URL."""
        self._answers[path] = action
        return self.origin + path

    def secure(self, certificate: trustme.LeafCert) -> None:
        """Speak TLS from now on, and note the server names that clients ask for."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        context.sni_callback = lambda _socket, name, _context: self.server_names.append(name)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)

    def run(self) -> None:
        """Answer until :meth:`close`."""
        self._server.serve_forever(poll_interval=0.02)

    def close(self) -> None:
        """Stop answering and wait for the answers under way."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    super().handle()

            def do_GET(self) -> None:
                site.heard.append((self.path, self.headers))
                site._answers[self.path](self.wfile)

            def log_message(self, *_arguments: object) -> None:
                pass

        return Handler


class Internet:
    """Names whose addresses the test chooses, one list for each lookup; every connection ends up at one site."""

    def __init__(self, port: int, names: dict[str, list[list[str]]]) -> None:
        """Know *names*, and connect to *port* of 127.0.0.1 whatever address is dialled."""
        self._port = port
        self._names = {name: iter(lookups) for name, lookups in names.items()}
        self.looked_up: list[str] = []
        self.dialled: list[tuple[str, int]] = []

    def resolve(self, host: str, /) -> Sequence[str]:
        """Return the addresses that the next lookup of *host* finds."""
        self.looked_up.append(host)
        if host not in self._names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return next(self._names[host])

    def dial(self, address: str, port: int, seconds: float, /) -> socket.socket:
        """Note where the connection was meant to go, and connect to the site."""
        self.dialled.append((address, port))
        return socket.create_connection(("127.0.0.1", self._port), timeout=seconds)


class MakeInternet(Protocol):
    """Makes an internet in which every connection ends up at the test's site."""

    def __call__(self, names: dict[str, list[list[str]]] | None = None) -> Internet:
        """Return an internet that knows *names*, each with the addresses found by each lookup."""


@pytest.fixture
def picture() -> bytes:
    """Return the body that sites send when the test names none."""
    return PICTURE


@pytest.fixture
def site() -> Iterator[Site]:
    """Run a site for the length of a test."""
    site = Site()
    thread = threading.Thread(target=site.run)
    thread.start()
    yield site
    site.close()
    thread.join()


@pytest.fixture
def internet(site: Site) -> MakeInternet:
    """Return a maker of internets."""

    def make(names: dict[str, list[list[str]]] | None = None) -> Internet:
        return Internet(site.port, names or {})

    return make
