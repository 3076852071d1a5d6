"""What a request addresses, as a URL and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, quote_from_bytes, unquote

if TYPE_CHECKING:
    from contracts.model import Request

_URL = re.compile(
    r"(?P<scheme>(?:https?|wss?)://)(?:[^/?#\s]*@)?(?P<host>[^/?#\s@]+)(?P<path>(?:/[^?#]*)?)(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_SAFE_IN_PATH = "/:@!$&'()*+,;="
_SAFE_IN_QUERY = "!$%&'()*+,-./:;=?@[\\]^_`{|}~"


class Target(NamedTuple):
    """What a URL says about a request."""

    origin: str
    path: str
    query: str


def url_of(request: Request) -> str:
    """Return the absolute URL of *request*, with everything escaped that has no place in one."""
    slash = "" if request.path.startswith("/") else "/"
    path = quote(request.path, safe=_SAFE_IN_PATH, errors="surrogatepass")
    query = quote_from_bytes(_octets(request.query), safe=_SAFE_IN_QUERY)
    return f"{request.origin}{slash}{path}{'?' if query else ''}{query}"


def _octets(text: str) -> bytes:
    """Return the bytes that *text* was sent as: those of Latin-1, of which HTTP is made, where they suffice."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode(errors="surrogatepass")


def target_of(url: str) -> Target | None:
    """Return what *url* says, or ``None`` if it is not one of HTTP. A user's name and password are left out."""
    match = _URL.fullmatch(url)
    if match is None:
        return None
    path = unquote(match["path"], errors="replace")
    return Target(match["scheme"] + match["host"], path or "/", match["query"] or "")
