"""Errors: the documented one, those of gateways, and what a request must be to be judged by them."""

from __future__ import annotations

import pytest

from contracts.model import Headers, Request, Response
from contracts.providers.xty.checks.call import UNKNOWN_KEY
from tests.contracts.checks.xty.exchanges import (
    KEY,
    MISSING,
    ORIGIN,
    answer,
    ask,
    completion,
    conversation,
    judged,
    refusal,
    right,
)

PICTURELESS = ask(conversation({"type": "text", "text": "a person"}))
MODELS = Request("GET", "/v1/models", "", Headers((KEY,)), b"", ORIGIN)


def test_the_documented_error_is_right() -> None:
    """Its status is not documented; that of success only breaks the rule about statuses."""
    assert not judged((PICTURELESS, refusal())).broken
    assert judged((PICTURELESS, refusal(422))).broken == {"error.image-missing.status"}
    assert judged((PICTURELESS, refusal(200))).broken == {"error.image-missing.status", "status"}


def test_a_gateway_may_add_the_name_of_the_request() -> None:
    """It does so in brackets, behind the message."""
    assert not judged((PICTURELESS, refusal(message=f"{MISSING} (request id: 2024010100)"))).broken
    assert "error.image-missing.message" in judged((PICTURELESS, refusal(message=f"{MISSING}!"))).broken


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_other_errors_say_nothing_about_a_missing_picture(status: int) -> None:
    """A server may have other reasons, and other words for them."""
    other = answer(status, {"error": {"message": "No.", "type": "one_api_error"}})
    assert not {one for one in judged((PICTURELESS, other)).broken if one.startswith("error.image-missing")}


@pytest.mark.parametrize(
    "body",
    [
        b'{"model":"remove-bg","model":"remove-bg","messages":[]}',
        b'{"model":"remove-bg","messages":7,"seed":NaN}',
        b"\xef\xbb\xbf{}",
        b'{"model":"\xff"}',
        b'{"model":"remove-bg","messages":[]} {}',
        b'{"model":"remove-bg","messages":7,"user":"\\ud800"}',
        b"[" * 100_000,
        conversation({"type": "text", "text": None}),
        right(stream="yes"),
        right(stream_options={"include_usage": True}),
        {**right(), "messages": [*right()["messages"], {"role": "user", "content": "and a string"}]},
    ],
)
def test_what_programs_read_in_different_ways_is_not_judged(body: object) -> None:
    """Neither to accept it nor to refuse it is a fault."""
    assert not judged((ask(body), refusal(422, message="No."))).broken
    assert "error.request-invalid" not in judged((ask(body), completion())).broken


def test_a_crash_counts_if_the_server_is_well() -> None:
    """A 500 alone may have any cause."""
    broken = ask(b"{")
    assert not judged((broken, refusal(500))).broken
    assert judged((MODELS, refusal(429)), (broken, refusal(500))).broken == {"error.request-invalid"}


def test_pages_of_a_proxy_in_front_are_passed_over() -> None:
    """With its usual statuses; with others the gateway itself speaks."""
    assert not judged((ask(right()), answer(502, b"<html>Bad Gateway", "text/html"))).broken
    assert not judged((ask(right()), answer(524, b"<html>", "text/html"))).broken
    assert judged((ask(right()), answer(403, b"<html>", "text/html"))).broken == {"error.message"}
    assert not judged((ask(right()), Response(429))).broken


def test_recordings_without_keys_prove_nothing_about_keys() -> None:
    """Browsers leave the key out of what they export; a request without one beside others with one had none."""
    keyless = (ask(right(), key=False), completion())
    assert "error.key" not in judged(keyless).broken
    assert "error.key" in judged(keyless, (MODELS, refusal(429))).broken
    unknown = ask(right(), ("Authorization", f"Bearer {UNKNOWN_KEY}"), key=False)
    assert "error.key" in judged((unknown, completion())).broken


def test_a_picture_that_others_may_read_is_not_called_unreadable() -> None:
    """Half a picture, and formats that are not known here, may be decoded elsewhere."""
    for data in (
        "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAIAQMAAAD+wSzIAAAABlBMVEX////IHh7kMBY6",
        "AAAAIGZ0eXBhdmlm",
        "PHN2Zy8+",
    ):
        shown = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}}
        assert "error.image-unreadable" not in judged((ask(conversation(shown)), completion())).broken


def test_quota_is_told_with_403() -> None:
    """The codes of gateways; what does not speak of quota is another 403."""
    spent = refusal(403, message="user quota is not enough", code="insufficient_user_quota")
    assert "error.quota" in judged((ask(right()), spent)).kept
    assert "error.quota" in judged((ask(right()), refusal(429, message="No.", code="insufficient_quota"))).broken
    assert "error.quota" not in judged((ask(right()), refusal(403, message="No."))).broken


def test_other_models_may_exist() -> None:
    """Only names that surely nobody has are judged, and answers that speak of the model."""
    other = ask({**right(), "model": "gpt-4o"})
    assert not judged((other, refusal(400, message="No."))).broken
    assert judged((other, refusal(404, code="model_not_found"))).broken == {"error.model-not-found"}


def test_a_405_may_allow_nothing_elsewhere() -> None:
    """An empty list is a list; that of the endpoint has POST in it."""
    elsewhere = Request("PUT", "/v1/models", "", Headers((KEY,)), b"", ORIGIN)
    assert "error.method-not-allowed" in judged((elsewhere, _not_allowed(""))).kept
    endpoint = Request("PUT", "/v1/chat/completions", "", Headers((KEY,)), b"", ORIGIN)
    assert "error.method-not-allowed" in judged((endpoint, _not_allowed("OPTIONS"))).broken
    assert "error.method-not-allowed" in judged((endpoint, _not_allowed("OPTIONS,POST"))).kept


def test_a_preflight_for_a_post_needs_no_list_of_methods() -> None:
    """Browsers never ask whether POST is allowed; fields they do."""
    page = (("Origin", "https://shop.example"), ("Access-Control-Request-Method", "POST"))
    preflight = Request("OPTIONS", "/v1/chat/completions", "", Headers(page), b"", ORIGIN)
    allowed = Response(204, Headers((("access-control-allow-origin", "*"),)))
    assert "cross-origin" in judged((preflight, allowed)).kept


def test_a_page_of_the_same_origin_needs_no_permission() -> None:
    """It may read everything anyway."""
    assert not judged((ask(right(), ("Origin", ORIGIN)), completion())).broken


def _not_allowed(methods: str) -> Response:
    return answer(405, {"error": {"message": "No.", "type": "x"}}, "application/json", ("Allow", methods))
