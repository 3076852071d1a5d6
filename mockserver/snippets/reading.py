"""From a request to the sketch of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from contracts.redaction import HIDDEN
from mockserver.snippets.bodies import body_of
from mockserver.snippets.model import Basic, Bearer, Sketch

if TYPE_CHECKING:
    from contracts.model import Headers, Request

_NOT_REPEATED = frozenset(
    {
        *("accept-charset", "accept-encoding", "accept-language", "authorization", "cache-control", "connection"),
        *(
            "cookie",
            "cookie2",
            "date",
            "dnt",
            "expect",
            "forwarded",
            "from",
            "host",
            "http2-settings",
            "keep-alive",
            "origin",
            "pragma",
        ),
        *("priority", "referer", "te", "trailer", "transfer-encoding", "upgrade", "upgrade-insecure-requests"),
        *("user-agent", "via"),
    }
)
"""Header fields that libraries and browsers write as they like."""
_NOT_REPEATED_FAMILIES = ("access-control-", "content-", "proxy-", "sec-", "x-forwarded-", "x-stainless-")
_ANYTHING = "*/*"
_IN_PATHS, _IN_QUERIES = "/:@!$&'()*+,;=-._~", "/:@!$&'()*+,;=-._~?%[]"
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def sketch_of(request: Request, *, provider: str = "", answer: str = "") -> Sketch:
    """Return what *request* is, which is for *provider* and whose good *answer* had that media type."""
    auth = _auth(request.headers.get("Authorization") or "")
    fields = _fields(request.headers, keep_credentials=auth is None)
    return Sketch(request.method, request.origin, _target(request), auth, fields, body_of(request), provider, answer)


def _target(request: Request) -> str:
    """Return path and query in such characters only as a URL may have."""
    path = quote("/" + request.path.removeprefix("/"), safe=_IN_PATHS, errors="replace")
    query = quote(_LONE_PERCENT.sub("%25", request.query), safe=_IN_QUERIES, errors="replace")
    return f"{path}?{query}" if query else path


def _auth(shown: str) -> Basic | Bearer | None:
    """Return who asks, from what is *shown* of the field ``Authorization``; ``None`` if that is not to be told."""
    scheme, _, rest = shown.partition(" ")
    user = rest.removesuffix(f":{HIDDEN}")
    if scheme == "Basic" and user != rest and user.isprintable():
        return Basic(user)
    return Bearer() if scheme == "Bearer" else None


def _fields(headers: Headers, *, keep_credentials: bool) -> tuple[tuple[str, str], ...]:
    """Return what is worth repeating of *headers*: in ASCII, which all languages write alike."""
    found: dict[str, tuple[str, str]] = {}
    for name, value in headers:
        key = name.lower()
        kept = key not in _NOT_REPEATED or (key == "authorization" and keep_credentials)
        usual = not kept or key.startswith(_NOT_REPEATED_FAMILIES) or (key == "accept" and value == _ANYTHING)
        if usual or not (value.isascii() and value.isprintable() and value):
            continue
        known, before = found.get(key, (name, ""))
        found[key] = (known, f"{before}, {value}" if before else value)
    return tuple(found.values())
