"""Taking secrets out of requests before anybody else sees them.

A provider says what may be left of the field that proves who the caller is. What clients send elsewhere is found by its
usual names, and in URLs, wherever they stand, by its usual places: the user before the host, and parameters.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote, unquote_to_bytes

from contracts.model import Headers, Request

HIDDEN = "[redacted]"

_CREDENTIALS = "authorization"
_SECRET_FIELDS = re.compile(r"(?:(?:proxy-)?authorization|cookie|.*(?:api-?key|secret|token).*)", re.IGNORECASE)
_WORDS = "key|secret|token|passw|pwd|auth|signature|credential|session|jwt"
_SHORT_WORDS = "sig|pass|sas"
"""Words that count alone or at the end of a name, since longer ones have them within."""
_SECRET_PARAMETER = re.compile(rf"(?:.*(?:{_WORDS}).*|(?:.*[-_.])?(?:{_SHORT_WORDS}))", re.IGNORECASE)
_PARAMETER = re.compile(r"([^=&;]*)=[^&;]*")

_URL = re.compile(rb":(?://|\\/\\/)[^\s\"<>\x00-\x1f\x7f]*")
"""A URL from the end of its scheme on: as it is, or as some write it in JSON, with a backslash before each slash."""
_ENCODED_URL = re.compile(rb"(?i)%3A(?:%2F|/){2}[^\s\"<>&\x00-\x1f\x7f]*")
"""The same with percent signs, as it stands in the body of a form or in another URL."""
_DEEPEST = 3
"""How often a URL within a URL within a URL is looked into."""
_USER = re.compile(rb"(:(?:\\?/){2})[^/?#]{1,4096}@")
_LETTER = r"[^=&;?#\\]{0,100}"
_VALUE = re.compile(
    (
        rf"(?i)((?:[?&;#]|\\u0026)(?:{_LETTER}(?:{_WORDS}){_LETTER}|(?:{_LETTER}[-_.])?(?:{_SHORT_WORDS}))(?:=|\\u003d))"
        r"(?:[^&;#\\]|\\/)+"
    ).encode()
)
"""A parameter of a URL whose name speaks of a secret; some write signs in JSON by their numbers."""


def without_credentials(request: Request, shown: str) -> Request:
    """Return *request* with every ``Authorization`` reduced to *shown*, and with no secret in other usual places.

    Those are further header fields, and parameters in the query, whose names speak of keys, secrets or tokens; and in
    the URLs that the query, the header fields and the body hold, user names, passwords and such parameters.
    """
    query = in_text(_PARAMETER.sub(_without_value, request.query)) if request.query else ""
    headers = _without_secrets(request.headers, shown)
    return Request(request.method, request.path, query, headers, in_urls(request.body), request.origin)


def in_urls(data: bytes, depth: int = 0) -> bytes:
    """Return *data* with ``***`` for every secret in the URLs that it holds, be it a form, JSON or anything else."""
    # To look for a fixed text is so quick that megabytes of pixels do not matter.
    if b"://" in data or rb":\/\/" in data:
        data = _URL.sub(_masked, data)
    if depth < _DEEPEST and (b"%3A" in data or b"%3a" in data):
        data = _ENCODED_URL.sub(lambda url: _decoded_and_masked(url[0], depth + 1), data)
    return data


def in_text(text: str) -> str:
    """Return *text* with ``***`` for every secret in the URLs that it holds."""
    return in_urls(text.encode(errors="surrogatepass")).decode(errors="surrogatepass")


def _masked(url: re.Match[bytes]) -> bytes:
    """Return *url*, which is still one, without the user and without the values of parameters that are secrets."""
    text = url[0]
    if b"@" in text:
        text = _USER.sub(rb"\1***@", text)
    return _VALUE.sub(rb"\1***", text) if b"=" in text or b"u003d" in text else text


def _decoded_and_masked(url: bytes, depth: int) -> bytes:
    """Return the encoded *url*, encoded anew only if it holds secrets."""
    plain = unquote_to_bytes(url)
    hidden = in_urls(plain, depth)
    return url if hidden == plain else quote(hidden, safe="*+").encode()


def _without_value(parameter: re.Match[str]) -> str:
    """Return *parameter* without its value if its name speaks of a secret."""
    return f"{parameter[1]}={HIDDEN}" if _SECRET_PARAMETER.fullmatch(unquote(parameter[1])) else parameter[0]


@lru_cache(maxsize=128)
def _without_secrets(headers: Headers, shown: str) -> Headers:
    """Return *headers* with no secrets; remembered, because a client's requests mostly have the same."""
    return Headers(
        tuple(
            (name, _hidden(name, shown) if _SECRET_FIELDS.fullmatch(name) else in_text(value))
            for name, value in headers
        )
    )


def _hidden(name: str, shown: str) -> str:
    if name.lower() != _CREDENTIALS:
        return HIDDEN
    return f"{shown}{HIDDEN}" if shown.endswith(":") else f"{shown} {HIDDEN}"
