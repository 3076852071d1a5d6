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
    pairs = [(name, _hidden(name, shown) if _is_secret(name) else value) for name, value in request.headers]
    query = _SECRET_PARAMETERS.sub(rf"\g<1>{HIDDEN}", request.query) if request.query else ""
    return Request(request.method, request.path, query, Headers(tuple(pairs)), request.body, request.origin)


@lru_cache(maxsize=256)
def _is_secret(name: str) -> bool:
    return _SECRET_FIELDS.fullmatch(name) is not None


def _hidden(name: str, shown: str) -> str:
    if name.lower() != _CREDENTIALS:
        return HIDDEN
    return f"{shown}{HIDDEN}" if shown.endswith(":") else f"{shown} {HIDDEN}"
