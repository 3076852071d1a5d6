"""Taking secrets out of requests before anybody else sees them.

A provider says what may be left of the field that proves who the caller is. What clients send elsewhere by mistake is
found by its usual names.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from contracts.model import Headers

if TYPE_CHECKING:
    from contracts.model import Request

HIDDEN = "[redacted]"

_CREDENTIALS = "authorization"
_SECRET_FIELDS = re.compile(r"(?:proxy-authorization|cookie|.*(?:api-?key|secret|token).*)", re.IGNORECASE)
_SECRET_PARAMETERS = re.compile(r"(?i)((?:^|&)[^=&]*(?:key|secret|token|password|authorization)[^=&]*=)[^&]*")


def without_credentials(request: Request, shown: str) -> Request:
    """Return *request* with every ``Authorization`` reduced to *shown*, and with no secret in other usual places.

    Those are further header fields, and parameters in the query, whose names speak of keys, secrets or tokens.
    """
    pairs = tuple((name, _value(name, value, shown)) for name, value in request.headers)
    return replace(request, headers=Headers(pairs), query=_SECRET_PARAMETERS.sub(rf"\g<1>{HIDDEN}", request.query))


def _value(name: str, value: str, shown: str) -> str:
    if name.lower() == _CREDENTIALS:
        separator = "" if shown.endswith(":") else " "
        return f"{shown}{separator}{HIDDEN}"
    return HIDDEN if _SECRET_FIELDS.fullmatch(name) else value
