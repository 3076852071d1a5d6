"""Where results are: what the URL in a completion asks for, and what two requests have in common that ask for one."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from contracts.model import Headers, Request
from contracts.redaction import without_credentials

_FETCHABLE = re.compile(r"https?://(?:[A-Za-z0-9._~-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?(?:[/?][!-~]*)?")
_LONGEST_URL = 8000


def request_for(url: str) -> Request | None:
    """Return the request for what is at *url*, if that is a plain URL of HTTP."""
    if len(url) > _LONGEST_URL or not _FETCHABLE.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    del port  # asking for it found out that it is no higher than ports go
    return Request("GET", parts.path or "/", parts.query, Headers(), b"", f"{parts.scheme}://{parts.netloc}")


def address_of(request: Request) -> str:
    """Return what *request* addresses, so that two ways to write it are one, and so is one without its secrets."""
    hidden = without_credentials(request, "").query
    path, query = unquote(request.path, errors="replace"), f"?{hidden}" if hidden else ""
    return f"{request.origin.lower()}{path}{query}"
