"""Whatever a server answers, and whatever was asked, every check comes to a finding or to none, and none fails."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.cases import Sign
from contracts.model import Ending, Exchange, Headers, Request, Response, Timeline
from contracts.providers.pixian.campaigns import CAMPAIGNS
from contracts.providers.pixian.campaigns.form import V1, V2, multipart
from contracts.providers.pixian.conformance import KIT
from tests.contracts.checks.pixian.exchanges import DESCRIBED, LOOK, NEVER, NOW, OURS, PICTURE, found, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = tuple(step for one in CAMPAIGNS if one.name != "limits" for case in one.cases() for step in case.steps)
NAMES = (
    "Content-Type",
    "Content-Length",
    "Content-Encoding",
    "Allow",
    "WWW-Authenticate",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Headers",
    "X-Credits-Charged",
    "X-Credits-Calculated",
    "X-Input-Orientation",
    "X-Input-Size",
    "X-Result-Size",
    "X-Input-Foreground",
    "X-Result-Foreground",
)
WORDS = st.text(max_size=20) | st.sampled_from(
    [
        "application/json",
        "image/png",
        "image/jpeg",
        "-1",
        "1e999999",
        "NaN",
        "0.000000",
        "٣",
        "9" * 5000,
        "Basic",
        "4 3 2 1",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just(10**400)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
ERRORS = st.fixed_dictionaries(
    {}, optional={"status": VALUES, "code": VALUES | st.integers(-12, 1030), "message": VALUES, "x": VALUES}
)
BODIES = st.one_of(
    st.binary(max_size=60),
    VALUES.map(json.dumps).map(str.encode),
    ERRORS.map(lambda error: json.dumps({"error": error}).encode()),
    st.builds(
        lambda account, key, value: json.dumps({**account, key: value}).encode(),
        st.sampled_from([DESCRIBED, NEVER]),
        st.sampled_from(sorted(DESCRIBED)),
        VALUES,
    ),
    st.integers(0, len(PICTURE.data)).map(lambda size: PICTURE.data[:size]),
    st.just(PICTURE.data),
    st.just(b"[" * 100_000),
)
RESPONSES = st.builds(
    Response,
    st.sampled_from([200, 200, 200, 201, 204, 302, 400, 401, 402, 404, 405, 413, 429, 500, 503]) | st.integers(-1, 999),
    st.lists(st.tuples(st.sampled_from(NAMES), WORDS), max_size=6).map(Headers.of),
    BODIES,
)
FORMS = st.dictionaries(
    st.sampled_from(["image", "image.base64", "image.url", "test", "max_pixels", "result.margin", "output.format"])
    | st.text(st.characters(codec="ascii", categories=["L"]), max_size=8),
    st.text(max_size=12) | st.sampled_from(["true", "http://[", "http://a.invalid", "data:,", "1000", "delta_png"]),
    max_size=4,
)
REQUESTS = st.one_of(
    st.sampled_from(STEPS).map(lambda step: step.request),
    st.builds(lambda form, path: multipart(form, path=path), FORMS, st.sampled_from([V1, V2])),
    st.builds(
        lambda body, kind, query: Request("POST", V2, query, Headers.of([("Content-Type", kind)]), body),
        st.binary(max_size=60),
        WORDS | st.sampled_from(["multipart/form-data; boundary", "application/x-www-form-urlencoded"]),
        st.text(max_size=20),
    ),
    st.just(LOOK),
)


@st.composite
def _timelines(draw_from: Callable[..., Any]) -> Timeline:
    exchanges: list[Exchange] = []
    for request in draw_from(st.lists(REQUESTS, min_size=1, max_size=5)):
        sent = KIT.signed(replace(request, origin="https://api.example"), OURS, draw_from(st.sampled_from(Sign)))
        answer = draw_from(st.none() | RESPONSES)
        ending = draw_from(st.none() | st.sampled_from(Ending))
        exchanges.append(Exchange(len(exchanges), 0, sent, answer, NOW, NOW, ending))
    return Timeline(tuple(exchanges), {"http://pictures.invalid/there": PICTURE.data})


@pytest.mark.thorough
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(_timelines())
def test_no_answer_makes_a_check_fail(timeline: Timeline) -> None:
    """Neither fields with rubbish, nor JSON of any shape, nor any bytes or status, nor any form."""
    assert not found(timeline).troubled


def test_a_check_that_blames_does_not_fail_on_what_it_quotes() -> None:
    """A message of any type and length is quoted in a line."""
    request = multipart({"test": True})
    sent = KIT.signed(replace(request, origin="https://api.example"), OURS, Sign.OWN)
    for message in (None, [["x"] * 50], "y" * 100_000):
        exchange = Exchange(0, 0, sent, refusal(code=1006, message=message), NOW, NOW, Ending.DONE)
        seen = found(Timeline((exchange,)))
        assert "image.missing" in seen.broken
        assert not seen.troubled
