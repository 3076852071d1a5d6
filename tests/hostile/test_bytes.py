"""Any bytes at all: random ones, and good requests with random damage."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.openapi import OpenApi
from contracts.providers import discover
from tests.hostile.exchange import (
    AUTHORIZATION,
    JSON,
    MULTIPART,
    PICTURE,
    PIXIAN,
    XTY,
    conversation,
    exchange,
    form,
    part,
    post,
    request,
)
from tests.hostile.verdicts import INSIDE, assert_harmless, assert_own_form, the_one

if TYPE_CHECKING:
    from contracts.model import Operation

EXAMPLES = os.environ.get("MATTEPROOF_HOSTILE_EXAMPLES")
"""How many requests a test makes up, at random; without it some, and always the same."""

bounded = settings(
    max_examples=int(EXAMPLES or 150),
    derandomize=EXAMPLES is None,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

FORM = form(
    part('name="image"; filename="a.png"', PICTURE, "Content-Type: image/png"),
    part('name="image.url"', b"https://example.com/example.jpeg"),
    part('name="max_pixels"', b"1000"),
    part('name="result.margin"', b"1px 2%"),
    part('name="result.target_size"', b"40 30"),
    part('name="test"', b"true"),
)
FIELDS = b"image.url=https%3A%2F%2Fexample.com%2Fexample.jpeg&test=true"
STREAMED = json.dumps(conversation("https://file.xty.app/docs/msk.jpg", stream=True)).encode()
OPERATIONS = [
    pytest.param(operation, id=operation.id)
    for name, provider in sorted(discover().items())
    for operation in OpenApi(provider.folder, name).operations
]
BODIES = {
    "form": (PIXIAN, FORM, MULTIPART),
    "fields": (PIXIAN, FIELDS, "application/x-www-form-urlencoded"),
    "streamed": (XTY, STREAMED, JSON),
    "whole": (XTY, json.dumps(conversation()).encode(), JSON),
}
REQUESTS = [request("GET", "/v1/models"), *(post(*body) for body in BODIES.values())]
WORDS = rb"""-- --frontier " { [ \ \u % = & ; , : -1 99999999999999999999 NaN null""".split()
WORDS += [b"\r\n", b"\r\n\r\n", b"\0", b"\xff", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n"]


@st.composite
def damaged(draw: st.DrawFn, wholes: st.SearchStrategy[bytes]) -> bytes:
    """Draw bytes with up to five injuries: some are cut out, overwritten, doubled, or have a word put between them."""
    data = draw(wholes)
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from([0, 1, 2, 8, 64, 1024])))
        word = draw(st.sampled_from(WORDS) | st.binary(max_size=8))
        replacement = draw(st.sampled_from([b"", word, data[start:end] * 2, word + data[start:end]]))
        data = data[:start] + replacement + data[end:]
    return data


@given(data=st.binary(max_size=400))
@bounded
def test_random_bytes_are_harmless(origin: str, data: bytes) -> None:
    """What is no HTTP gets a short refusal or no answer at all."""
    assert_harmless(exchange(origin, data))


@given(data=damaged(st.sampled_from(REQUESTS)))
@bounded
def test_a_damaged_request_is_harmless(origin: str, data: bytes) -> None:
    """Every answer is a provider's own, or the server's refusal and the last."""
    assert_harmless(exchange(origin, data))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_body_that_is_announced_too_large_is_refused_as_documented(origin: str, operation: Operation) -> None:
    """By every operation, also by those that have none."""
    path = operation.path.replace("{name}", "kR3vQ8mT1xZc5bNa7yHf.png")
    head = f"{operation.method} {path} HTTP/1.1\r\nHost: mock.test\r\nContent-Length: {10**12}\r\n\r\n"
    answer = the_one(exchange(origin, head.encode()))
    assert answer.status == 413
    assert_own_form(answer, operation.provider)


@given(data=st.data(), kind=st.sampled_from(sorted(BODIES)))
@bounded
def test_a_damaged_body_gets_its_providers_answer(origin: str, data: st.DataObject, kind: str) -> None:
    """Where HTTP itself is whole, there is exactly one answer, and it is the provider's own."""
    path, whole, media_type = BODIES[kind]
    body = data.draw(damaged(st.just(whole)))
    answer = the_one(exchange(origin, post(path, body, media_type)))
    assert_own_form(answer, "pixian" if path == PIXIAN else "xty")


NAMES = ["Content-Type", "Origin", "Accept", "Cookie", "X-Forwarded-For", "Range", "If-None-Match", "Content-Encoding"]
TEXT = st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=40)
TOKENS = st.sampled_from(
    ["multipart/form-data", ";", "boundary=", "frontier", "*=utf-8''", "*0=", "charset=", "=", "\\", '"']
)
VALUES = (TEXT | st.lists(TOKENS | TEXT, max_size=8).map("".join)).filter(
    lambda value: not INSIDE.search(value.encode("latin-1"))
)
"""A message may quote a value; one that is itself a word from inside would accuse it."""


@given(fields=st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=5), path=st.sampled_from([PIXIAN, XTY]))
@bounded
def test_any_header_values_are_harmless(origin: str, fields: list[tuple[str, str]], path: str) -> None:
    """Fields may hold anything that HTTP lets through, and come any number of times."""
    answer = the_one(exchange(origin, request("POST", path, FORM, ("Authorization", AUTHORIZATION[path]), *fields)))
    assert_own_form(answer, "pixian" if path == PIXIAN else "xty")
