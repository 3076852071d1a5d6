"""Between WSGI and the values of :mod:`contracts.model`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from contracts.addresses import is_ipv6
from contracts.model import Headers, Request

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

_HOST = re.compile(
    r"(?:(?=.{1,253}(?::|$))[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.?|\[([0-9A-Fa-f:.]{2,45})\])(?::([0-9]{1,5}))?"
)
_NAMES_BELOW = "/_mock/"
_ENCODED_SLASH = re.compile("%2[Ff]")
SLASH = "\ud800"
"""Stands for a slash within a name; no path that was sent can hold it."""
_HIGHEST_PORT = 65_535

_LOOPBACK = frozenset({"127.0.0.1", "[::1]", "::1"})


def read_request(environ: WSGIEnvironment) -> Request:
    """Return the request that *environ* describes, with its body."""
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", "/").encode("latin-1").decode(errors="replace"),
        query=environ.get("QUERY_STRING", ""),
        headers=_headers(environ),
        body=_body(environ),
        origin=origin_of(environ),
    )


def origin_of(environ: WSGIEnvironment) -> str:
    """Return scheme, host and port as the client addressed them; the server's own where ``Host`` is no host.

    Over TLS this machine then has a name: to an address no client sends one, and is refused for it.
    """
    host, scheme = environ.get("HTTP_HOST", ""), environ["wsgi.url_scheme"]
    if not _is_host(host):
        name = environ["SERVER_NAME"]
        host = f"{'localhost' if scheme == 'https' and name in _LOOPBACK else name}:{environ['SERVER_PORT']}"
    return f"{scheme}://{host}"


@lru_cache(maxsize=64)
def _is_host(text: str) -> bool:
    """Tell whether *text* is a host name or an IP address, in brackets if it is of version 6, and perhaps a port."""
    match = _HOST.fullmatch(text)
    if match is None:
        return False
    address, port = match.groups()
    return (address is None or is_ipv6(address)) and int(port or 0) <= _HIGHEST_PORT


def with_marked_slashes(environ: WSGIEnvironment, path: str) -> str:
    """Return *path* with a mark for each slash that came with a percent sign, where names may hold some."""
    raw: str = environ.get("RAW_URI", "").partition("?")[0]
    if not path.startswith(_NAMES_BELOW) or not raw.startswith(_NAMES_BELOW) or "%2f" not in raw.lower():
        return path
    return SLASH.join(unquote(part) for part in _ENCODED_SLASH.split(raw))


def _body(environ: WSGIEnvironment) -> bytes:
    """Return the body: whole from our own server, else as many bytes as ``Content-Length`` announces."""
    ready: bytes | None = environ.get("matteproof.body")
    if ready is not None:
        return ready
    length = environ.get("CONTENT_LENGTH") or "0"
    body: bytes = environ["wsgi.input"].read(int(length) if length.isdecimal() else 0)
    return body


def _headers(environ: WSGIEnvironment) -> Headers:
    """Return the fields as they were sent if our own server tells, else as WSGI has them."""
    sent: tuple[tuple[str, str], ...] | None = environ.get("matteproof.headers")
    if sent is not None:
        return Headers(sent)
    names = {key: _name(key) for key in environ if key.startswith("HTTP_") or key in {"CONTENT_TYPE", "CONTENT_LENGTH"}}
    return Headers(tuple((name, environ[key]) for key, name in names.items() if environ[key]))


def _name(key: str) -> str:
    return key.removeprefix("HTTP_").replace("_", "-").title()
