"""Requests made up from a provider's OpenAPI document, right and wrong ones. The only module that knows Schemathesis.

Schemathesis changes often: the version is pinned, and nothing of it is visible from outside of here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from contracts.cases import HOST
from contracts.model import Headers, Request

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy

_ORIGIN = "http://localhost"
_UNWANTED = frozenset(
    {"accept", "accept-encoding", "authorization", "connection", "content-length", "cookie", "user-agent"}
)
"""Header fields that whoever sends the request writes."""
_BOUNDARY, _OURS = re.compile(r"boundary=([0-9a-f]{32})$"), "matteproof-3b9d52c871"
_URL = re.compile(r"(?i)https?:")
_SENDABLE = ("method", "url", "headers", "params", "data", "files", "json")


def documented(folder: Path, pictures: Sequence[bytes]) -> SearchStrategy[Request]:
    """Return a strategy for requests to every operation of the OpenAPI document in *folder*.

    Half of them follow the document, the others break it in some place. Files are *pictures*, or rubbish. No request
    makes a server fetch anything from the network: URLs lead to :data:`contracts.cases.HOST`.
    """
    schema = schemathesis.openapi.from_path(folder / "openapi.yaml")
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    cases = st.one_of(
        [
            operation.as_strategy(generation_mode=mode)
            for operation in operations
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        ]
    )
    return st.builds(_request, cases, st.sampled_from([None, *pictures]))


def _request(case: schemathesis.Case[Any], picture: bytes | None) -> Request:
    """Return what *case* sends, unsigned, with *picture* in place of generated files."""
    case.body = _tamed(case.body, picture)
    sendable = case.as_transport_kwargs(base_url=_ORIGIN)
    prepared = requests.Request(**{name: sendable[name] for name in _SENDABLE if name in sendable}).prepare()
    path, _, query = str(prepared.url).removeprefix(_ORIGIN).partition("?")
    body = prepared.body or b""
    headers = [(str(name), str(value)) for name, value in prepared.headers.items() if _is_kept(name)]
    request = Request(
        str(prepared.method),
        unquote(path),
        query,
        Headers.of(headers),
        body if isinstance(body, bytes) else str(body).encode(),
        _ORIGIN,
    )
    return _with_boundary(request)


def _with_boundary(request: Request) -> Request:
    """Return *request* with the same boundary as ever, in place of a random one, so that a seed repeats it."""
    found = _BOUNDARY.search(request.headers.get("Content-Type") or "")
    if found is None:
        return request
    headers = Headers(tuple((name, value.replace(found[1], _OURS)) for name, value in request.headers))
    return replace(request, headers=headers, body=request.body.replace(found[1].encode(), _OURS.encode()))


def _is_kept(name: str) -> bool:
    return name.lower() not in _UNWANTED and not name.lower().startswith("x-schemathesis")


def _tamed(value: Any, picture: bytes | None) -> Any:  # noqa: ANN401  any JSON value, and bytes
    """Return *value* with URLs that lead nowhere, and *picture*, if there is one, in place of bytes."""
    if isinstance(value, dict):
        return {_URL.sub("", str(key)): _tamed(one, picture) for key, one in value.items()}
    if isinstance(value, list):
        return [_tamed(one, picture) for one in value]
    if isinstance(value, str) and _URL.search(value):
        return f"{HOST}/none.png"
    if picture is not None and hasattr(value, "data") and isinstance(value.data, bytes):
        return type(value)(picture)
    return value
