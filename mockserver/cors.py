"""Cross-origin calls of the provider operations: any page may call the mock as it will later call the provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

Pairs = list[tuple[str, str]]

_PREFLIGHT_SECONDS = "600"
_ASKED_FOR = "Access-Control-Request-Headers, Access-Control-Request-Private-Network"
"""The fields on which, besides the origin, the answer to a preflight request depends."""


def is_preflight(environ: WSGIEnvironment) -> bool:
    """Tell whether a browser asks, on behalf of a page, if it may send a request."""
    asked = "HTTP_ORIGIN" in environ and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
    return asked and environ["REQUEST_METHOD"] == "OPTIONS"


def preflight_headers(environ: WSGIEnvironment, methods: str) -> Pairs:
    """Return the header fields that answer a preflight request for an operation that has *methods*."""
    headers = [("Allow", methods), ("Vary", f"Origin, {_ASKED_FOR}")]
    origin = environ.get("HTTP_ORIGIN")
    if origin is None:
        return headers
    headers += [
        *_allow(origin),
        ("Access-Control-Allow-Methods", methods),
        ("Access-Control-Max-Age", _PREFLIGHT_SECONDS),
    ]
    wanted = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS")
    if wanted:
        headers.append(("Access-Control-Allow-Headers", wanted))
    if environ.get("HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK") == "true":
        headers.append(("Access-Control-Allow-Private-Network", "true"))
    return headers


def response_headers(environ: WSGIEnvironment, exposed: str) -> Pairs:
    """Return the header fields that let the page that sent the request read the response and its *exposed* fields."""
    headers = [("Vary", "Origin")]
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None:
        headers += _allow(origin)
        if exposed:
            headers.append(("Access-Control-Expose-Headers", exposed))
    return headers


def _allow(origin: str) -> Pairs:
    return [
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
    ]
