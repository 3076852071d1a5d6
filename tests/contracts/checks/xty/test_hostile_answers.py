"""Whatever a server answers, every check comes to a finding or to none, and none fails."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.model import Ending, Exchange, Headers, Request, Response, Timeline
from contracts.providers.xty.campaigns import CAMPAIGNS
from contracts.providers.xty.checks import CHECKS
from contracts.providers.xty.conformance import KIT
from tests.contracts.checks.xty.exchanges import NOW, ORIGIN, PICTURE, completion, fetch, judged, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = [case for campaign in CAMPAIGNS if campaign.name != "large" for case in campaign.cases()]
REQUESTS = (*(step.request for case in CASES for step in case.steps), fetch())
"""What campaigns send, and the request for a result."""
NAMES = (
    "Content-Type",
    "Content-Length",
    "Content-Encoding",
    "Date",
    "Allow",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Headers",
)
WORDS = st.text(max_size=20) | st.sampled_from(
    [
        "application/json",
        "text/event-stream",
        "image/png",
        "-1",
        "1e9",
        "Mon, 99 Foo 2024",
        "Mon, 01 Jan 0001 00:00:00 GMT",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just(10**400)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


def _changed(body: Any, path: list[Any], value: Any) -> Any:  # noqa: ANN401  JSON
    """Return *body* with *value* at the place to which *path* chooses the way."""
    if not path or not isinstance(body, dict | list) or not body:
        return value
    keys = sorted(body) if isinstance(body, dict) else range(len(body))
    key = keys[path[0] % len(keys)]
    inner = _changed(body[key], path[1:], value)
    if isinstance(body, dict):
        return {**body, key: inner}
    return [*body[:key], inner, *body[key + 1 :]]


def _as_events(bodies: list[Any]) -> bytes:
    return b"".join(b"data: " + _written(body) + b"\n\n" for body in bodies) + b"data: [DONE]\n\n"


def _written(body: object) -> bytes:
    return json.dumps(body).encode()


SOUND = [json.loads(completion().body), json.loads(refusal().body), {"object": "list", "data": [{"id": "remove-bg"}]}]
NEARLY = st.builds(_changed, st.sampled_from(SOUND), st.lists(st.integers(0, 9), max_size=5), VALUES)
BODIES = st.one_of(
    st.binary(max_size=60),
    NEARLY.map(_written),
    VALUES.map(_written),
    st.lists(NEARLY, max_size=3).map(_as_events),
    st.integers(0, len(PICTURE.data)).map(lambda size: PICTURE.data[:size]),
)
RESPONSES = st.builds(
    Response,
    st.sampled_from([200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 405, 413, 429, 500, 503]) | st.integers(-1, 999),
    st.lists(st.tuples(st.sampled_from(NAMES), WORDS), max_size=6).map(Headers.of),
    BODIES,
)


@st.composite
def _timelines(draw_from: Callable[..., Any]) -> Timeline:
    exchanges: list[Exchange] = []
    for request in draw_from(st.lists(st.sampled_from(REQUESTS), min_size=1, max_size=4)):
        signed = draw_from(st.booleans())
        headers = Headers((("Authorization", "Bearer sk-test"), *request.headers)) if signed else request.headers
        sent = Request(request.method, request.path, request.query, headers, request.body, request.origin or ORIGIN)
        began = NOW + draw_from(st.sampled_from([0.0, 1.0, 3600.0, 9000.0]))
        exchanges.append(
            Exchange(
                number=len(exchanges),
                connection=0,
                request=sent,
                response=draw_from(st.none() | RESPONSES),
                received=began,
                ended=draw_from(st.none() | st.just(began + 1)),
                ending=draw_from(st.none() | st.sampled_from(Ending)),
            )
        )
    return Timeline(tuple(exchanges))


@pytest.mark.thorough
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(_timelines())
def test_no_answer_makes_a_check_fail(timeline: Timeline) -> None:
    """Neither headers with rubbish, nor JSON of any shape, nor any bytes or status."""
    troubles = [(one.rule, one.trouble) for one in CHECKS.judge(timeline) if one.trouble]
    assert not troubles


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(REQUESTS), st.text(max_size=60) | st.from_regex(r"https?://[^/]{0,20}(:\w{0,6})?/.{0,9}"))
def test_what_is_followed_is_a_request_that_can_be_sent(request: Request, url: str) -> None:
    """Whatever a completion names as its result, it is fetched from a plain URL or not at all."""
    exchange = Exchange(0, 0, request, completion(url), NOW, NOW, Ending.DONE)
    following = KIT.follow(exchange)
    if following is not None:
        assert following.method == "GET"
        assert url.startswith((f"{following.origin}/", f"{following.origin}?")) or url == following.origin
        assert following.origin.isascii()
    assert not judged((request, completion(url))).troubled
