"""Taking secrets out of requests before anybody else sees them.

A provider says what may be left of the field that proves who the caller is. What clients send elsewhere by mistake is
found by its usual names.
"""

from __future__ import annotations

import re
from functools import lru_cache

from contracts.model import Headers, Request

HIDDEN = "[redacted]"

_CREDENTIALS = "authorization"
_SECRET_FIELDS = re.compile(r"(?:(?:proxy-)?authorization|cookie|.*(?:api-?key|secret|token).*)", re.IGNORECASE)
_SECRET_PARAMETERS = re.compile(r"(?i)((?:^|&)[^=&]*(?:key|secret|token|password|authorization)[^=&]*=)[^&]*")


def without_credentials(request: Request, shown: str) -> Request:
    """Return *request* with every ``Authorization`` reduced to *shown*, and with no secret in other usual places.

    Those are further header fields, and parameters in the query, whose names speak of keys, secrets or tokens.
    """
    query = _SECRET_PARAMETERS.sub(rf"\g<1>{HIDDEN}", request.query) if request.query else ""
    headers = _without_secrets(request.headers, shown)
    return Request(request.method, request.path, query, headers, request.body, request.origin)


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
