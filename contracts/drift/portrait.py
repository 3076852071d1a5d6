"""What the answers of one operation look like: statuses, header fields, the shapes of their JSON, and their values."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contracts.checks.raster import MOST_FOREIGN_PIXELS, RasterError, decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from contracts.model import Exchange, Request, Response

_FLEETING = re.compile(
    r"date|age|etag|expires|last-modified|set-cookie|content-length|(cf|x-amz|x-cache|x-served|x-timer).*"
    r"|.*(request|trace|correlation)-?id|server-timing|via|report-to|nel|alt-svc|connection|keep-alive",
    re.IGNORECASE,
)
"""Header fields whose values differ from answer to answer, or that belong to the connection."""
_FLEETING_KEYS = frozenset({"id", "created", "credits", "system_fingerprint"})
"""Members of JSON that say who, when and how much is left."""
_RUNS = re.compile(r"[0-9a-f]{8,}|[0-9]+|[A-Za-z0-9_-]{16,}")
"""Parts of texts, such as instants and random names, that are made afresh for every answer."""
_LONGEST = 80


@dataclass(slots=True)
class Portrait:
    """What one operation answers. ``values`` maps a request's fingerprint to what identical requests got."""

    statuses: set[str] = field(default_factory=set)
    headers: set[str] = field(default_factory=set)
    media_types: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    values: dict[str, dict[str, str]] = field(default_factory=dict)


def portray(exchanges: Iterable[Exchange], name: Callable[[Request], str]) -> dict[str, Portrait]:
    """Return a portrait of every operation in *exchanges*; *name* tells which operation a request is."""
    portraits: dict[str, Portrait] = {}
    for exchange in exchanges:
        if exchange.response is not None:
            portrait = portraits.setdefault(name(exchange.request), Portrait())
            _add(portrait, exchange.request, exchange.response)
    return portraits


def _add(portrait: Portrait, request: Request, response: Response) -> None:
    status = str(response.status)
    portrait.statuses.add(status)
    portrait.headers |= {f"{key.lower()} ({status})" for key, _ in response.headers}
    portrait.media_types.add(f"{response.media_type or 'none'} ({status})")
    body = _json(response)
    portrait.fields |= {f"{path} ({status})" for path in _paths(body)}
    portrait.codes |= set(_codes(body, status))
    portrait.values.setdefault(_fingerprint(request), dict(_values(response, body)))


def _json(response: Response) -> object:
    if not response.media_type.endswith("json"):
        return None
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError):
        return None


def _paths(value: object, path: str = "") -> Iterator[str]:
    """Yield the paths in the JSON *value*, each with the type of what is there."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _paths(one, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for one in value:
            yield from _paths(one, f"{path}[]")
    elif path:
        yield f"{path}: {_type(value)}"


def _type(value: object) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    return "number" if isinstance(value, int | float) else "string"


def _codes(body: object, status: str) -> Iterator[str]:
    """Yield the error code in *body*, with what else names the error."""
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, dict):
        yield f"code {error.get('code')} type {error.get('type')} ({status})"


def _fingerprint(request: Request) -> str:
    """Return the same short text for requests that ask for the same."""
    whole = "\n".join([request.method, request.path, request.query, hashlib.sha256(request.body).hexdigest()])
    return hashlib.sha256(whole.encode(errors="surrogatepass")).hexdigest()[:16]


def _values(response: Response, body: object) -> Iterator[tuple[str, str]]:
    """Yield what an identical request should get again: status, lasting header values, JSON values, the picture."""
    yield "status", str(response.status)
    for key, value in response.headers:
        if not _FLEETING.fullmatch(key):
            yield f"header {key.lower()}", value[:_LONGEST]
    for path, value in _leaves(body):
        yield f"body {path}", value
    if response.media_type.startswith("image/"):
        yield "picture", _picture(response.body)


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, one in value.items():
            if key not in _FLEETING_KEYS:
                yield from _leaves(one, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _leaves(one, f"{path}[{number}]")
    elif path:
        text = json.dumps(value, ensure_ascii=False)
        yield path, (_RUNS.sub("*", text) if isinstance(value, str) else text)[:_LONGEST]


def _picture(data: bytes) -> str:
    """Return format, size and transparency of the picture *data*; its pixels may be another day's work of a model."""
    try:
        raster = decode(data, MOST_FOREIGN_PIXELS)
    except RasterError as error:
        return str(error)[:_LONGEST]
    width, height = raster.size
    return f"{raster.kind} {width} x {height} {'with' if raster.has_alpha else 'without'} alpha"
