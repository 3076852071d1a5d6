"""A server of pictures on this machine, for requests that name a picture by its URL."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

_TYPES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8": "image/jpeg",
    b"BM": "image/bmp",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
    b"II": "image/tiff",
    b"MM": "image/tiff",
    b"<": "text/html; charset=utf-8",
}
"""Media types by the first bytes."""

_POLL = 0.01
"""Real seconds after which the server notices that it is to stop."""


class PictureHost:
    """Serves pictures on a free port of the loopback interface, and knows which of them were fetched."""

    def __init__(self) -> None:
        """Take a port."""
        self._pictures: dict[str, bytes] = {}
        self.fetched: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL,), name="matteproof-pictures", daemon=True
        )

    @property
    def origin(self) -> str:
        """Where the pictures are, without a trailing slash."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def offer(self, pictures: Mapping[str, bytes]) -> None:
        """Serve *pictures*, by their paths, instead of those before."""
        self._pictures = dict(pictures)
        self.fetched = set()

    def __enter__(self) -> Self:
        """Start to serve."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        host = self

        class Handler(BaseHTTPRequestHandler):
            """Answers with the picture of that path."""

            def do_GET(self) -> None:
                data = host._pictures.get(self.path)
                if data is None:
                    self.send_error(404)
                    return
                host.fetched.add(self.path)
                self.send_response(200)
                known = (kind for start, kind in _TYPES.items() if data.startswith(start))
                self.send_header("Content-Type", next(known, "application/octet-stream"))
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as the base class has it
                """Say nothing."""

        return Handler
