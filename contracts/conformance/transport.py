"""Sending requests to the server under test, and keeping what comes back as it came."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

import certifi
import httpx

from contracts.clock import stopwatch, system_time
from contracts.conformance.target import TargetError
from contracts.model import Ending, Exchange, Headers, Response

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from contracts.model import Request

_PATH = "/!$&'()*+,;=:@~%-._"
"""Characters of a path that are sent as they are."""
_LARGEST_ANSWER = 256 * 1024 * 1024
"""Bytes of an answer that are read; a picture that is asked for is never as large."""
_AGENT = "matteproof"


class Transport:
    """An HTTP client with one connection, that neither follows redirects nor repeats what was answered."""

    def __init__(self, *, patience: float) -> None:
        """Wait up to *patience* seconds for every answer, as a whole."""
        self._patience = patience
        self._client = httpx.Client(
            verify=_trusted(),
            timeout=httpx.Timeout(patience, connect=min(10.0, patience)),
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            follow_redirects=False,
            trust_env=False,
        )
        self._connections: dict[object, int] = {}
        self.sent = 0

    def __enter__(self) -> Self:
        """Use this transport."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self._client.close()

    def send(self, request: Request) -> Exchange:
        """Send *request*, whole and once, and return it with what came back.

        A server that answers nothing, or no HTTP, gives an exchange without a response; one that breaks off gives a
        response with the body that came.

        Raises:
            TargetError: the server cannot be reached.
        """
        number, began = self.sent, system_time()
        self.sent += 1
        reading = _Reading(stopwatch() + self._patience)
        ending = self._exchange(request, reading)
        if reading.connection not in self._connections:
            self._connections[reading.connection] = len(self._connections)
        return Exchange(
            number=number,
            connection=self._connections[reading.connection],
            request=request,
            response=reading.response(),
            received=began,
            ended=system_time(),
            ending=ending,
        )

    def _exchange(self, request: Request, reading: _Reading) -> Ending:
        built = self._client.build_request(
            request.method,
            httpx.URL(
                f"{request.origin}{quote(request.path, safe=_PATH)}{'?' if request.query else ''}{request.query}"
            ),
            headers=[("User-Agent", _AGENT), *request.headers],
            content=request.body or None,
        )
        if request.body or request.method == "POST":
            built.headers["Content-Length"] = str(len(request.body))
        try:
            return reading.read(self._client.send, built)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise TargetError(_unreachable(request.origin, error)) from error
        except httpx.TimeoutException:
            return Ending.GONE
        except (httpx.ReadError, httpx.WriteError):
            return Ending.RESET
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return Ending.CLOSE


class _Reading:
    """An answer that is being read."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._status: int | None = None
        self._headers = Headers()
        self._pieces: list[bytes] = []
        self.connection: object = None

    def read(self, send: Callable[..., httpx.Response], built: httpx.Request) -> Ending:
        """Read to the end, or until the time is over or the answer too large."""
        response = send(built, stream=True)
        try:
            self._status = response.status_code
            self._headers = Headers.of(
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw
            )
            stream = response.extensions.get("network_stream")
            self.connection = stream.get_extra_info("client_addr") if stream else None
            size = 0
            for piece in response.iter_bytes():
                size += len(piece)
                if size > _LARGEST_ANSWER or stopwatch() > self._deadline:
                    return Ending.GONE
                self._pieces.append(piece)
        finally:
            response.close()
        return Ending.DONE

    def response(self) -> Response | None:
        """Return what was read, if it began like an answer."""
        if self._status is None:
            return None
        return Response(self._status, self._headers, b"".join(self._pieces))


def _trusted() -> ssl.SSLContext:
    """Return whom to trust: the system, the file that SSL_CERT_FILE names, and the usual authorities."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _unreachable(origin: str, error: httpx.TransportError) -> str:
    """Return a sentence on why nothing is at *origin*."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"{origin} has a certificate that is not trusted: {cause.verify_message}. "
                "For an authority of your own, name its file in SSL_CERT_FILE."
            )
        if isinstance(cause, ssl.SSLError):
            return f"{origin} does not speak TLS as expected ({cause.reason}). Is it a server for http:// and not https://?"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.ConnectTimeout):
        return f"{origin} does not take the connection in time. Is the address right, and no firewall in between?"
    return f"{origin} cannot be reached: {error}. Is the server running, and the port right?"
