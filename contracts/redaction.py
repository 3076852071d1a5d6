"""Taking secrets out of requests before anybody else sees them.

A provider says what may be left of the field that proves who the caller is. What clients send elsewhere is found by its
usual names, in header fields, queries, forms and JSON, and in URLs, wherever they stand, by its usual places: the user
before the host, and parameters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

from contracts.model import Headers, Request

HIDDEN = "[redacted]"

_CREDENTIALS = "authorization"
_SCHEMES = frozenset({"basic", "bearer", "digest", "hmac", "negotiate", "oauth", "token"})
_SECRET_NAME = re.compile(
    r"key|secret|token|passw|pwd|auth|signature|credential|session|jwt|cookie|(?:^|[-_.])(?:sig|pass|sas|pw)$",
    re.IGNORECASE,
)
"""Names that speak of secrets; the short words count alone or at the end, since longer ones have them within."""

_URL = re.compile(rb":(?://|\\/\\/)[^\s\"<>\x00-\x1f\x7f]*+")
"""A URL from the end of its scheme on: as it is, or as some write it in JSON, with a backslash before each slash."""
_ENCODED_URL = re.compile(rb"%3[Aa](?:%2[Ff]|/){2}[^\s\"<>&\x00-\x1f\x7f]*+")
"""The same with percent signs, as it stands in the body of a form or in another URL."""
_DEEPEST = 3
"""How often a URL within a URL within a URL is looked into."""
_USER = re.compile(rb"(:(?:\\?/){2})[^/?#]{1,4096}@")
_MOST_WORK = 4 * 1024 * 1024
"""Bytes of URLs and names that are looked at in one body; hostile ones have more, and are hidden as a whole."""
_FIXED_WORK = 50
"""What each of them counts besides its bytes."""
_PART, _LONGEST_HEAD = b"form-data;", 1500
"""What the head of a part of a form has, and how many bytes of it are looked at."""
_NESTED = (b"{", b"[")


@dataclass(frozen=True, slots=True)
class _Pairs:
    """How names and values stand in a text: ``name`` finds one up to its value, which ``value`` finds there."""

    name: re.Pattern[bytes]
    value: re.Pattern[bytes]
    hidden: bytes


_PARAMETERS = _Pairs(
    # Some write signs in JSON by their numbers.
    re.compile(rb"(?:[?&;#]|\\u0026)([^=&;?#\\]{1,200}+)(?:=|\\u003[dD])"),
    re.compile(rb"(?:[^&;#\\]++|\\/)++"),
    b"***",
)
_QUERY = _Pairs(re.compile(rb"[&;]([^=&;]{1,200}+)="), re.compile(rb"[^&;]++"), HIDDEN.encode())
_JSON = _Pairs(
    re.compile(rb'"([^"\\]{1,200}+)"\s*+:\s*+(?=")'),
    re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL),
    b'"***"',
)
_FORM = _Pairs(
    re.compile(
        rb'form-data; {0,4}name="?([^"\r\n;]{1,200}+)"?[^\r\n]{0,300}+\r?\n'
        rb"(?:[^\r\n]{1,300}+\r?\n){0,3}+\r?\n"
    ),
    re.compile(rb"[^\r\n]++(?:\r?\n(?!--)[^\r\n]*+)*+"),
    b"***",
)


class _TooMuchError(Exception):
    """There is more to look at than is good for a server that answers others, too."""


@dataclass(slots=True)
class _Work:
    """Counts what was looked at."""

    left: int = _MOST_WORK

    def count(self, size: int) -> None:
        """Count a URL or a name of *size* bytes, or raise."""
        self.left -= size + _FIXED_WORK
        if self.left < 0:
            raise _TooMuchError


def without_credentials(request: Request, shown: str) -> Request:
    """Return *request* with every ``Authorization`` reduced to *shown*, and with no secret in other usual places.

    Those are header fields, parameters in the query, fields of forms and texts in JSON whose names speak of keys,
    secrets or tokens; and in the URLs that any of these hold, user names, passwords and such parameters.
    """
    query = in_query(request.query)
    headers = _without_secrets(request.headers, shown)
    body = _in_body(request.body, (request.headers.get("Content-Type") or "").lower())
    return Request(request.method, request.path, query, headers, body, request.origin)


def scheme_of(header: str, usual: str) -> str:
    """Return the scheme that the ``Authorization`` *header* begins with; *usual* if that may be the secret itself."""
    scheme, blank, _ = header.strip().partition(" ")
    return scheme if blank and scheme.lower() in _SCHEMES else usual


def in_query(query: str) -> str:
    """Return *query* with ``[redacted]`` for every value whose name speaks of a secret."""
    try:
        return in_text(_in_query(query.encode(errors="surrogatepass"), _Work()).decode(errors="surrogatepass"))
    except _TooMuchError:
        return HIDDEN


def is_hidden(body: bytes) -> bool:
    """Tell whether nothing is left of *body*: there was too much to look at for secrets."""
    return body == HIDDEN.encode()


def in_urls(data: bytes) -> bytes:
    """Return *data* with ``***`` for every secret in the URLs that it holds, be it a form, JSON or anything else."""
    try:
        return _in_urls(data, 0, _Work())
    except _TooMuchError:
        return HIDDEN.encode()


def in_text(text: str) -> str:
    """Return *text* with ``***`` for every secret in the URLs that it holds."""
    return in_urls(text.encode(errors="surrogatepass")).decode(errors="surrogatepass")


def _in_body(body: bytes, content_type: str) -> bytes:
    """Return *body* without the secrets in its fields, whatever kind it is, and in its URLs."""
    work = _Work()
    try:
        if "urlencoded" in content_type:
            body = _in_query(body, work)
        if "multipart/" in content_type:
            work.count(body.count(_PART) * _LONGEST_HEAD)
            body = _hiding(body, _FORM, work)
        if "json" in content_type or body[:64].lstrip().startswith(_NESTED):
            body = _hiding(body, _JSON, work)
        return _in_urls(body, 0, work)
    except _TooMuchError:
        return HIDDEN.encode()


def _in_query(text: bytes, work: _Work) -> bytes:
    """Return *text*, which is a query, without the values of secrets."""
    return _hiding(b"&" + text, _QUERY, work)[1:]


def _in_urls(data: bytes, depth: int, work: _Work) -> bytes:
    # To look for a fixed text is so quick that megabytes of pixels do not matter.
    if b"://" in data or rb":\/\/" in data:
        data = _URL.sub(lambda url: _masked(url[0], work), data)
    if depth < _DEEPEST and (b"%3A" in data or b"%3a" in data):
        data = _ENCODED_URL.sub(lambda url: _decoded_and_masked(url[0], depth + 1, work), data)
    return data


def _masked(url: bytes, work: _Work) -> bytes:
    """Return *url*, which is still one, without the user and without the values of parameters that are secrets."""
    work.count(len(url))
    if b"@" in url:
        url = _USER.sub(rb"\1***@", url)
    return _hiding(url, _PARAMETERS, work) if b"=" in url or b"u003" in url else url


def _decoded_and_masked(url: bytes, depth: int, work: _Work) -> bytes:
    """Return the encoded *url*, encoded anew only if it holds secrets."""
    work.count(len(url))
    plain = unquote_to_bytes(url)
    hidden = _in_urls(plain, depth, work)
    return url if hidden == plain else quote(hidden, safe="*+").encode()


def _hiding(text: bytes, pairs: _Pairs, work: _Work) -> bytes:
    """Return *text*, in which names and values stand as *pairs* says, without the values of secrets."""
    kept, place = [], 0
    start = 0
    while (name := pairs.name.search(text, place)) is not None:
        place = name.end()
        work.count(len(name[1]))
        if not _is_secret(name[1]):
            # The next pair may begin where the value of this one would.
            continue
        value = pairs.value.match(text, place)
        if value is not None:
            kept += [text[start:place], pairs.hidden]
            start = place = value.end()
    return b"".join([*kept, text[start:]]) if kept else text


@lru_cache(maxsize=1024)
def _is_secret(name: bytes) -> bool:
    """Tell whether *name*, as it was sent, speaks of a secret."""
    return _SECRET_NAME.search(unquote_to_bytes(name).decode(errors="replace")) is not None


@lru_cache(maxsize=128)
def _without_secrets(headers: Headers, shown: str) -> Headers:
    """Return *headers* with no secrets; remembered, because a client's requests mostly have the same."""
    return Headers(
        tuple((name, _hidden(name, shown) if _SECRET_NAME.search(name) else in_text(value)) for name, value in headers)
    )


def _hidden(name: str, shown: str) -> str:
    if name.lower() != _CREDENTIALS:
        return HIDDEN
    return f"{shown}{HIDDEN}" if shown.endswith(":") else f"{shown} {HIDDEN}"
