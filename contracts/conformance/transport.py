"""Sending requests to the server under test, and keeping what comes back as it came."""

from __future__ import annotations

import os
import ssl
from functools import lru_cache
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

import certifi
import httpcore

from contracts.clock import stopwatch, system_time
from contracts.conformance.network import Network
from contracts.conformance.target import TargetError
from contracts.model import Ending, Exchange, Headers, Response

if TYPE_CHECKING:
    from types import TracebackType

    from contracts.conformance.target import Target
    from contracts.model import Request

_PATH = "/!$&'()*+,;=:@~%-._"
"""Characters of a path that are sent as they are."""
LARGEST_ANSWER = 128 * 1024 * 1024
"""Bytes of an answer that are read; no picture that is asked for is as large."""
_SHORTER = 1 / 3
"""The share of the patience that the first request has."""
_CONNECT = 10.0
"""Seconds in which a connection must be there."""
_OURS = (("Accept", "*/*"), ("Accept-Encoding", "identity"), ("User-Agent", "matteproof"))
"""Header fields of every request that has no such field of its own."""


class Transport:
    """An HTTP client with one connection, that neither follows redirects nor repeats what was answered."""

    def __init__(self, *, patience: float, home: Target | None = None) -> None:
        """Wait up to *patience* seconds for every answer, as a whole.

        *home* is the server under test, if others are to be asked only where it may lead us.
        """
        self._patience = patience
        self._network = Network(home)
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trusted(), max_connections=1, max_keepalive_connections=1, network_backend=self._network
        )
        self.sent = 0

    def __enter__(self) -> Self:
        """Use this transport."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self._pool.close()

    @property
    def connections(self) -> int:
        """How many connections were opened; the last one, which is called by this number, may still be open."""
        return self._network.connections

    def send(self, request: Request) -> Exchange:
        """Send *request*, whole and once, and return it with what came back.

        A server that answers nothing, or no HTTP, gives an exchange without a response; one that breaks off gives a
        response with the body that came.

        Raises:
            TargetError: the server cannot be reached.
            ForbiddenPlaceError: the server under test may not lead us there.
        """
        return self._send(request, self._patience)

    def knock(self, request: Request) -> Exchange:
        """Send *request*, which is easy to answer, with less patience than others: to see whether anybody is there.

        Raises:
            TargetError: the server cannot be reached.
        """
        return self._send(request, self._patience * _SHORTER)

    def _send(self, request: Request, patience: float) -> Exchange:
        number, began = self.sent, system_time()
        self.sent += 1
        self._network.deadline, self._network.received = stopwatch() + patience, 0
        reading = _Reading()
        ending = self._exchange(request, reading, patience)
        return Exchange(
            number=number,
            connection=self._network.connections,
            request=request,
            response=reading.response(),
            received=began,
            ended=system_time(),
            ending=ending,
            sent=reading.size if self._network.received else 0,
        )

    def _exchange(self, request: Request, reading: _Reading, seconds: float) -> Ending:
        patience = {"connect": min(_CONNECT, seconds), "read": seconds, "write": seconds}
        try:
            with self._pool.stream(
                request.method,
                _url(request),
                headers=_fields(request),
                content=request.body or None,
                extensions={"timeout": patience},
            ) as response:
                return reading.read(response)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            raise TargetError(_unreachable(request.origin, error)) from error
        except httpcore.TimeoutException:
            return Ending.GONE
        except (httpcore.ReadError, httpcore.WriteError):
            return Ending.RESET
        except (httpcore.ProtocolError, ValueError):
            return Ending.CLOSE


class _Reading:
    """An answer that is being read."""

    def __init__(self) -> None:
        self._status: int | None = None
        self._headers = Headers()
        self._pieces: list[bytes] = []
        self.size: int | None = None
        """Bytes of a body that had no end."""

    def read(self, response: httpcore.Response) -> Ending:
        """Read *response* to its end, unless it is too large."""
        self._status = response.status
        self._headers = Headers.of(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers
        )
        size = 0
        for piece in response.iter_stream():
            size += len(piece)
            if size > LARGEST_ANSWER:
                del self._pieces[1:]  # nobody looks at the rest of it
                self.size = size
                return Ending.GONE
            self._pieces.append(piece)
        return Ending.DONE

    def response(self) -> Response | None:
        """Return what was read, if it began like an answer."""
        if self._status is None:
            return None
        return Response(self._status, self._headers, b"".join(self._pieces))


def _url(request: Request) -> str:
    query = f"?{request.query}" if request.query else ""
    return f"{request.origin}{quote(request.path, safe=_PATH)}{query}"


def _fields(request: Request) -> list[tuple[str, str]]:
    """Return the header fields of *request*, with those that every request has."""
    given = {name.lower() for name, _ in request.headers}
    fields = [pair for pair in _OURS if pair[0].lower() not in given] + list(request.headers)
    if (request.body or request.method == "POST") and "content-length" not in given:
        fields.append(("Content-Length", str(len(request.body))))
    return fields


def _trusted() -> ssl.SSLContext:
    """Return whom to trust: the system, the file that SSL_CERT_FILE names, and the usual authorities."""
    return _context(os.environ.get("SSL_CERT_FILE", ""))


@lru_cache(maxsize=8)
def _context(authority: str) -> ssl.SSLContext:
    """Return the context for the file *authority*, which OpenSSL looks up itself; to make one takes a while."""
    del authority
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _unreachable(origin: str, error: Exception) -> str:
    """Return a sentence on why nothing is at *origin*."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"{origin} has a certificate that is not trusted: {cause.verify_message}. "
                "For an authority of your own, name its file in SSL_CERT_FILE."
            )
        if isinstance(cause, ssl.SSLError):
            return f"{origin} does not speak TLS as expected ({cause.reason}). Is it a server for http:// instead?"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpcore.ConnectTimeout):
        return f"{origin} does not take the connection in time. Is the address right, and no firewall in between?"
    return f"{origin} cannot be reached: {error}. Is the server running, and the port right?"
