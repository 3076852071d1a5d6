"""Clients that send whatever they like: no check fails because of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.model import Claim, Ending, Headers, Response
from tests.contracts.checks.xty.client.timelines import (
    FIELDS,
    ORIGIN,
    Story,
    ask,
    at,
    broken,
    completion,
    data_url,
    error,
    get,
    job,
    page,
    png,
)

_KEYS = st.sampled_from(("model", "messages", "role", "content", "type", "text", "image_url", "url", "stream", "error"))
_LEAVES = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ("remove-bg", "user", "text", "image_url", "data:image/png;base64,AAAA", "http://[", "data:,", data_url())
    )
)
_JSON: st.SearchStrategy[Any] = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4), max_leaves=12
)
_PARTS = st.lists(_JSON, max_size=3)
_BODIES = (
    _JSON.map(lambda value: json.dumps(value).encode())
    | _PARTS.map(
        lambda parts: json.dumps({"model": "remove-bg", "messages": [{"role": "user", "content": parts}]}).encode()
    )
    | st.binary(max_size=20)
)
_HEADERS = st.sampled_from(
    (FIELDS, (), (("Authorization", ""),), (("Authorization", "Bearer"),), (("Content-Encoding", "gzip"),), FIELDS * 2)
)
_LOCATIONS = st.sampled_from(("", "//", "http://[", "http://[::1", "/files/x", "http://localhost:99999/x", "\u0000"))
_ANSWERS = (
    st.sampled_from((None, completion(), error(400), page(200), png()))
    | _JSON.map(
        lambda value: Response(200, Headers((("Content-Type", "application/json"),)), json.dumps(value).encode())
    )
    | _LOCATIONS.map(lambda place: Response(302, Headers((("Location", place), ("Retry-After", place)))))
)
_ORIGINS = st.sampled_from((ORIGIN, "http://", "http://[", "https://api.example:443", "http://host:port"))
_PATHS = st.sampled_from(("/v1/chat/completions", "/", "", "*", "/v1/v1/chat/completions", "/files/a.png"))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_check_stumbles(data: st.DataObject) -> None:
    """Whatever is sent and answered, every check comes to an end (``broken`` demands it)."""
    exchanges = []
    for number in range(data.draw(st.integers(1, 4))):
        request = ask(
            data.draw(_BODIES), fields=data.draw(_HEADERS), origin=data.draw(_ORIGINS), path=data.draw(_PATHS)
        )
        asked = request if data.draw(st.booleans()) else get(origin=data.draw(_ORIGINS), query=request.path)
        ending = data.draw(st.sampled_from((*Ending, None)))
        exchanges.append(
            at(number, asked, data.draw(_ANSWERS), ending=ending, sent=data.draw(st.sampled_from((None, 0, 5))))
        )
    known = data.draw(st.sampled_from((None, job(), replace(job(), parameters={"text": 5}, threads=0))))
    output = data.draw(st.sampled_from((None, b"", b"{}", b"http://x")))
    broken(Story(tuple(exchanges), data.draw(st.sampled_from(Claim)), (output,), "Oh no.", job=known))
