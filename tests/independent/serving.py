"""Serving an application of a few functions by HTTP, in chunks, with header fields in lower case."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import Message

_CHUNK = 3000
"""Bytes of a chunk."""


@dataclass(frozen=True)
class Asked:
    """A request: ``path`` without the query, ``origin`` of the server."""

    method: str
    path: str
    headers: Message
    body: bytes
    origin: str


@dataclass(frozen=True)
class Said:
    """An answer."""

    status: int
    kind: str
    body: bytes = b""
    fields: dict[str, str] = field(default_factory=dict)


@contextmanager
def served(application: Callable[[Asked], Said]) -> Iterator[str]:
    """Serve *application* on a free port, and yield the origin."""

    class Handler(BaseHTTPRequestHandler):
        """Hands every request to the application."""

        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            """Answer one request."""
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = self.path.partition("?")[0]
            said = application(Asked(self.command, path, self.headers, body, origin))
            self.send_response(said.status)
            for name, value in {"content-type": said.kind, "access-control-allow-origin": "*", **said.fields}.items():
                self.send_header(name.lower(), value)
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            for start in range(0, len(said.body), _CHUNK):
                part = said.body[start : start + _CHUNK]
                self.wfile.write(b"%x;own=1\r\n%s\r\n" % (len(part), part))
            self.wfile.write(b"0\r\nx-trailer: yes\r\n\r\n")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as the base class has it
            """Say nothing."""

    for method in ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"):
        setattr(Handler, f"do_{method}", Handler.answer)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        origin = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield origin
        server.shutdown()
        thread.join()
