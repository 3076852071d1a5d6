"""From exchanges to a document."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from contracts.har.body import written_text
from contracts.har.end import failure_of
from contracts.har.moment import written_moment, written_time
from contracts.har.node import OWN
from contracts.har.target import Target, target_of, url_of
from contracts.model import Exchange, Headers, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def dump(exchanges: Iterable[Exchange], *, version: str) -> dict[str, object]:
    """Return a HAR document of *exchanges* in the order given, written by matteproof of this *version*.

    It is ready for :func:`json.dumps`. Moments must be within the years 1 to 9999.
    """
    log = {
        "version": "1.2",
        "creator": {"name": "matteproof", "version": version},
        "pages": [],  # optional, but Firefox opens no file without
        "entries": [_entry(exchange) for exchange in exchanges],
    }
    return {"log": log}


def written(exchanges: Iterable[Exchange], *, version: str) -> Iterator[str]:
    """Yield the text of such a document piece by piece, so that no more than one exchange need be in memory."""
    head, _, tail = json.dumps(dump((), version=version)).rpartition("[]")
    yield f"{head}["
    for number, exchange in enumerate(exchanges):
        yield (",\n" if number else "\n") + json.dumps(_entry(exchange))
    yield f"]{tail}\n"


def _entry(exchange: Exchange) -> dict[str, object]:
    milliseconds = written_time(exchange)
    return {
        "startedDateTime": written_moment(exchange.received),
        "time": milliseconds,
        "request": _request(exchange.request),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "connection": str(exchange.connection),
        OWN: _own(exchange),
    }


def _own(exchange: Exchange) -> dict[str, object]:
    """Return what HAR has no member for; the target of the request only where its URL does not tell it exactly."""
    own: dict[str, object] = {
        "number": exchange.number,
        "ending": exchange.ending,
        "received": exchange.received,
        "answered": exchange.answered,
        "ended": exchange.ended,
    }
    request = exchange.request
    target = Target(request.origin, request.path, request.query)
    if target_of(url_of(request)) != target:
        own["target"] = target._asdict()
    return own


def _request(request: Request) -> dict[str, object]:
    written: dict[str, object] = {
        "method": request.method,
        "url": url_of(request),
        "httpVersion": "HTTP/1.1",
        "cookies": _cookies(request.headers),
        "headers": _pairs(request.headers),
        "queryString": _pairs(parse_qsl(request.query, keep_blank_values=True)),
        "headersSize": -1,
        "bodySize": len(request.body),
    }
    if request.body:
        mime_type = request.headers.get("Content-Type") or ""
        written["postData"] = {"mimeType": mime_type, **written_text(request.body, "_encoding")}
    return written


def _response(exchange: Exchange) -> dict[str, object]:
    response = exchange.response or Response(0)
    mime_type = response.headers.get("Content-Type") or "x-unknown"
    written: dict[str, object] = {
        "status": response.status,
        "statusText": _phrase(response.status),
        "httpVersion": "HTTP/1.1" if exchange.response else "",
        "cookies": _set_cookies(response.headers),
        "headers": _pairs(response.headers),
        "content": {"size": len(response.body), "mimeType": mime_type, **written_text(response.body, "encoding")},
        "redirectURL": response.headers.get("Location") or "",
        "headersSize": -1,
        "bodySize": len(response.body) if exchange.sent is None else exchange.sent,
    }
    if exchange.sent is not None and exchange.sent < len(response.body):
        written["comment"] = f"The content is what was meant; of it, {exchange.sent} bytes were sent."
    error = failure_of(exchange)
    if error:
        written["_error"] = error
    return written


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _cookies(headers: Headers) -> list[dict[str, str]]:
    pieces = [piece for value in headers.get_all("Cookie") for piece in value.split(";") if piece.strip()]
    return _pairs(_split(piece) for piece in pieces)


def _set_cookies(headers: Headers) -> list[dict[str, object]]:
    return [_set_cookie(value) for value in headers.get_all("Set-Cookie")]


def _set_cookie(value: str) -> dict[str, object]:
    """Return the cookie that *value* sets; without the time it expires, for which browsers refuse free text."""
    (name, content), *attributes = (_split(piece) for piece in value.split(";"))
    given = {key.lower(): text for key, text in attributes}
    cookie: dict[str, object] = {"name": name, "value": content}
    cookie |= {key: given[key] for key in ("path", "domain") if key in given}
    return {**cookie, "httpOnly": "httponly" in given, "secure": "secure" in given}


def _split(piece: str) -> tuple[str, str]:
    name, _, value = piece.partition("=")
    return name.strip(), value.strip()
