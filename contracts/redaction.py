"""Taking secrets out of requests before anybody else sees them.

A provider says what may be left of the field that proves who the caller is. What clients send elsewhere by mistake is
found by its usual names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from contracts.model import Headers, Request

HIDDEN = "[redacted]"

_CREDENTIALS = "authorization"
_SECRET_FIELDS = re.compile(r"(?:(?:proxy-)?authorization|cookie|.*(?:api-?key|secret|token).*)", re.IGNORECASE)
_SECRET_PARAMETER = re.compile(r"(?i).*(?:key|secret|token|password|auth).*")
_PARAMETER = re.compile(r"([^=&;]*)=[^&;]*")


def without_credentials(request: Request, shown: str) -> Request:
    """Return *request* with every ``Authorization`` reduced to *shown*, and with no secret in other usual places.

    Those are further header fields, and parameters in the query, whose names speak of keys, secrets or tokens.
    """
    query = _PARAMETER.sub(_without_value, request.query) if request.query else ""
    headers = _without_secrets(request.headers, shown)
    return Request(request.method, request.path, query, headers, request.body, request.origin)


def _without_value(parameter: re.Match[str]) -> str:
    """Return *parameter* without its value if its name speaks of a secret."""
    return f"{parameter[1]}={HIDDEN}" if _SECRET_PARAMETER.fullmatch(unquote(parameter[1])) else parameter[0]


@lru_cache(maxsize=128)
def _without_secrets(headers: Headers, shown: str) -> Headers:
    """Return *headers* with no secrets; remembered, because a client's requests mostly have the same."""
    return Headers(
        tuple((name, _hidden(name, shown) if _SECRET_FIELDS.fullmatch(name) else value) for name, value in headers)
    )


def _hidden(name: str, shown: str) -> str:
    if name.lower() != _CREDENTIALS:
        return HIDDEN
    return f"{shown}{HIDDEN}" if shown.endswith(":") else f"{shown} {HIDDEN}"
