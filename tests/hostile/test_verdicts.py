"""The verdicts can fail: an answer that nobody should get is caught."""

from __future__ import annotations

import json

import pytest

from contracts.model import Headers, Response
from tests.hostile.verdicts import assert_harmless, assert_own_form

PIXIAN = {"status": 400, "code": 1019, "message": "A parameter is wrong."}
XTY = {"message": "no channel", "type": "new_api_error", "code": ""}


def answer(status: int, body: object, media_type: str = "application/json", connection: str = "close") -> Response:
    """Return an answer with *body*, as an error object unless it is text."""
    raw = body if isinstance(body, str) else json.dumps({"error": body})
    return Response(status, Headers.of([("Content-Type", media_type), ("Connection", connection)]), raw.encode())


FORMS = {
    "a failure": ("pixian", answer(500, {**PIXIAN, "status": 500})),
    "another status in the body": ("pixian", answer(413, PIXIAN)),
    "no code": ("pixian", answer(400, {"status": 400, "message": "x"})),
    "no message": ("pixian", answer(400, {**PIXIAN, "message": ""})),
    "another media type": ("pixian", answer(400, PIXIAN, "text/plain")),
    "a page for a parameter": ("pixian", answer(400, "<!DOCTYPE html>", "text/html")),
    "a page that is none": ("pixian", answer(404, "Not Found", "text/html")),
    "the name of an exception": ("pixian", answer(400, {**PIXIAN, "message": "UnicodeDecodeError: no"})),
    "a place in the source": ("pixian", answer(400, {**PIXIAN, "message": 'File "x.py", line 1'})),
    "the other provider": ("pixian", answer(400, XTY)),
    "overload": ("xty", answer(503, XTY)),
    "no type": ("xty", answer(400, {"message": "x"})),
    "no JSON": ("xty", answer(400, "{")),
}


@pytest.mark.parametrize("kind", FORMS)
def test_an_answer_in_another_form_is_caught(kind: str) -> None:
    """One thing is wrong in each, and that is enough."""
    assert_own_form(answer(400, PIXIAN), "pixian")
    assert_own_form(answer(400, XTY), "xty")
    provider, wrong = FORMS[kind]
    with pytest.raises((AssertionError, KeyError, ValueError)):
        assert_own_form(wrong, provider)


REFUSAL = answer(400, "400 Bad Request", "text/plain")
REFUSALS = {
    "a failure": [answer(500, "500", "text/plain")],
    "one that keeps the connection": [answer(400, "400", "text/plain", "keep-alive")],
    "a long one": [answer(400, "x" * 200, "text/plain")],
    "one that is not the last": [REFUSAL, REFUSAL],
    "a strange one": [answer(418, "", "image/png")],
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_an_improper_refusal_is_caught(kind: str) -> None:
    """One thing is wrong in each, and that is enough."""
    assert_harmless([REFUSAL])
    with pytest.raises(AssertionError):
        assert_harmless(REFUSALS[kind])
