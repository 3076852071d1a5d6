"""A mutant as a server that anything can be pointed at."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import unquote

from contracts.conformance.transport import Transport
from contracts.model import Headers, Request, Response
from tests.mutants.mutant import MutantSender

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mutants.mutant import Mutant

_UNSENT = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding"})
"""Header fields that belong to one connection."""
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE")
_REFUSAL = Response(400, Headers((("Content-Type", "text/plain"),)), b"The request cannot be handed on.")


@contextmanager
def serving(mutant: Mutant | None, mock: str) -> Iterator[str]:
    """Serve *mutant*, a change to the mock at the origin *mock*, or that mock unchanged; yield the origin."""

    class Handler(BaseHTTPRequestHandler):
        """Hands every request on, and every answer back."""

        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            """Answer one request."""
            with Transport(patience=30) as transport:
                sender = transport if mutant is None else MutantSender(mutant, transport)
                response = sender.send(self._request()).response or _REFUSAL
            self.send_response_only(response.status)
            for name, value in response.headers:
                if name.lower() not in _UNSENT:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(response.body)))
            self.end_headers()
            self.wfile.write(response.body)

        def _request(self) -> Request:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path, _, query = self.path.partition("?")
            kept = [(name, value) for name, value in self.headers.items() if name.lower() not in {*_UNSENT, "host"}]
            return Request(self.command, unquote(path), query, Headers.of(kept), body, mock)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as the base class has it
            """Say nothing."""

    for method in _METHODS:
        setattr(Handler, f"do_{method}", Handler.answer)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
