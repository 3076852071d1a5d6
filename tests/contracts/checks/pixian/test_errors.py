"""Errors: what a server is free to do, and what it is not."""

from __future__ import annotations

import pytest

from contracts.model import Response
from contracts.providers.pixian.campaigns.form import multipart, upload
from tests.contracts.checks.pixian.exchanges import PICTURE, answer, judged, refusal

TEST, WRONG = upload(PICTURE, test=True), multipart({"test": True})
OBJECT = {"error.object", "error.object-status", "error.object-code", "error.object-message", "error.media-type"}


@pytest.mark.parametrize("status", [403, 404, 413, 429, 500, 502, 503, 504])
def test_gateways_know_no_error_objects(status: int) -> None:
    """A page of theirs breaks no rule about these."""
    assert not judged((WRONG, answer(status, b"<h1>Sorry</h1>", kind="text/html"))).broken & OBJECT
    assert not judged((WRONG, Response(status))).broken & OBJECT


def test_error_objects_may_have_more_in_them() -> None:
    """Further keys, negative codes and JSON of another name do no harm."""
    error = {"status": 400, "code": -7, "message": "Falsch.", "more": [1]}
    seen = judged((WRONG, answer(400, {"dataReceived": None, "error": error}, kind="application/problem+json")))
    assert seen.kept >= OBJECT


def test_a_wrong_request_is_not_blamed_on_busy_servers() -> None:
    """That a server had no time for it says nothing."""
    assert "error.blame" not in judged((WRONG, refusal(503, -3))).broken
    assert "error.blame" in judged((WRONG, refusal(500, -4))).broken


def test_a_provider_may_have_codes_of_its_own_for_its_faults() -> None:
    """Only the documented code of an unreadable picture, or a status that says so, blames the request."""
    assert "error.server-class" in judged((TEST, refusal(500, 1005))).kept
    assert "error.server-class" in judged((TEST, refusal(500, 1006))).broken
    assert "error.server-class" in judged((TEST, answer(502, {"error": {"status": 400, "code": 7}}))).broken


def test_only_plain_requests_are_known_to_have_nothing_wrong() -> None:
    """With more in them other rules are at fault."""
    assert "error.client-class" in judged((TEST, refusal())).broken
    assert "error.client-class" not in judged((upload(PICTURE, test=True, max_pixels=500), refusal())).broken
    assert "error.client-class" not in judged((TEST, refusal(429, 1015))).broken


def test_a_gateway_may_limit_requests_in_its_own_way() -> None:
    """Without an error object there is no code."""
    assert not judged((TEST, Response(429))).broken
    assert judged((TEST, refusal(429, 1017))).kept >= {"rate.limited-code", "rate.not-enough-time"}
