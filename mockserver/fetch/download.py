"""One HTTP exchange: asking for a picture and judging what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from typing import TYPE_CHECKING

from contracts.behaviour import ImageError, Trouble

if TYPE_CHECKING:
    from mockserver.fetch.connection import Wire
    from mockserver.fetch.target import Target

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_UNTYPED = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Redirect:
    """The server says that the picture is elsewhere: ``location``, a URL or a reference relative to the one asked."""

    location: str


def download(target: Target, wire: Wire, max_bytes: int) -> bytes | Redirect:
    """Ask for *target* over *wire*; return the picture, of at most *max_bytes*, or where to go instead.

    The request carries no cookies, no credentials and no reference to an earlier hop. A body must be declared as an
    image, or as nothing in particular (``application/octet-stream``, or ``binary/octet-stream`` as Amazon S3 says), and
    must not be compressed, which was not asked for.

    Raises:
        ImageError: ``URL_STATUS``, ``URL_NOT_IMAGE`` or ``URL_TOO_LARGE``.
        OSError: The connection broke or the time is up.
        http.client.HTTPException: The answer is malformed or incomplete.
        ValueError: The answer is malformed in a way that :mod:`http.client` does not foresee.
    """
    connection = HTTPConnection(target.name, target.port)
    connection.sock = wire
    fields = {"Host": target.authority, "User-Agent": "matteproof", "Accept": "image/*"}
    fields |= {"Accept-Encoding": "identity", "Connection": "close"}
    connection.request("GET", target.path, headers=fields)
    with connection.getresponse() as response:
        location = response.getheader("Location")
        if response.status in _REDIRECTS and location:
            return Redirect(_as_sent(location))
        _check(target, response)
        return _body(target, response, max_bytes)


def _check(target: Target, response: HTTPResponse) -> None:
    if response.status != HTTPStatus.OK:
        raise ImageError(Trouble.URL_STATUS, f"{target.origin} answered with status {response.status} instead of 200.")
    media_type = response.getheader("Content-Type", "").partition(";")[0].strip().lower()
    if media_type not in _UNTYPED and not media_type.startswith("image/"):
        raise ImageError(
            Trouble.URL_NOT_IMAGE,
            f"{target.origin} answered with content type {media_type[:100]!r}, which is no image.",
        )
    coding = response.getheader("Content-Encoding", "identity").strip().lower()
    if coding != "identity":
        raise ImageError(
            Trouble.URL_NOT_IMAGE,
            f"{target.origin} answered with content coding {coding[:100]!r}, which was not asked for.",
        )


def _body(target: Target, response: HTTPResponse, max_bytes: int) -> bytes:
    if response.length is not None and response.length > max_bytes:
        raise _too_large(target, max_bytes)
    body = bytearray()
    while piece := response.read(min(_PIECE, max_bytes + 1 - len(body))):
        body += piece
        if len(body) > max_bytes:
            raise _too_large(target, max_bytes)
    if response.length:
        raise IncompleteRead(b"", response.length)
    return bytes(body)


def _too_large(target: Target, max_bytes: int) -> ImageError:
    return ImageError(Trouble.URL_TOO_LARGE, f"The image at {target.origin} has more than {max_bytes} bytes.")


def _as_sent(location: str) -> str:
    """Undo :mod:`http.client`'s reading of fields as Latin-1: servers that send more than ASCII send UTF-8."""
    try:
        return location.encode("latin-1").decode()
    except UnicodeDecodeError:
        return location
