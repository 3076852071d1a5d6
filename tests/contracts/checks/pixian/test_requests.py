"""Forms and parameters: what a server is free to do, and what it is not."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from contracts.model import Headers
from contracts.providers.pixian.campaigns.form import multipart, upload, urlencoded
from tests.contracts.checks.pixian.exchanges import PICTURE, judged, refusal, result

TEXT = base64.b64encode(PICTURE.data).decode()
FORM = {"image.base64": TEXT, "test": True}


def test_what_is_refused_in_both_kinds_of_form_is_not_the_forms_fault() -> None:
    """Then base64 text is at fault."""
    seen = judged((multipart(FORM), refusal()), (urlencoded(FORM), refusal()), (upload(PICTURE, test=True), result()))
    assert not {"request.multipart", "request.urlencoded"} & seen.broken
    assert "image.base64" in seen.broken


def test_what_is_refused_in_one_kind_of_form_is_that_forms_fault() -> None:
    """The same in the other kind was taken."""
    assert "request.urlencoded" in judged((multipart(FORM), result()), (urlencoded(FORM), refusal())).broken
    seen = judged((multipart(FORM), refusal()), (urlencoded(FORM), result()))
    assert "request.multipart" in seen.broken
    assert "image.base64" not in seen.broken


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("background.color", "#FFF"),
        ("background.color", "red"),
        ("output.format", "PNG"),
        ("result.margin", "0"),
        ("result.margin", "10em"),
        ("result.target_size", "40x30"),
        ("max_pixels", "1e6"),
        ("max_pixels", " 1000 "),
        ("result.crop_to_foreground", "1"),
        ("result.vertical_alignment", "left"),
        ("output.jpeg_quality", "0"),
    ],
)
def test_values_that_could_be_read_may_be_accepted(name: str, value: str) -> None:
    """What the documents leave open, or what has no effect, is not held against anybody."""
    request = multipart({**FORM, name: value})
    assert "parameter.invalid" not in judged((request, result())).broken


def test_an_error_without_a_code_says_nothing_of_codes() -> None:
    """That the body should be an error object is another rule."""
    request = multipart({**FORM, "max_pixels": "99"})
    assert "parameter.invalid" not in judged((request, refusal(400, None))).broken
    assert "parameter.invalid" in judged((request, refusal(422, None))).broken


def test_a_repaired_form_is_no_lack_of_form() -> None:
    """A closing boundary without a line end, and preambles, are well-formed."""
    right = upload(PICTURE, test=True)
    assert "request.not-a-form" not in judged((replace(right, body=right.body.rstrip()), result())).broken
    assert "request.not-a-form" not in judged((replace(right, body=b"preamble\r\n" + right.body), result())).broken
    other = replace(right, headers=Headers((("Content-Type", "text/plain"),)))
    assert "request.not-a-form" in judged((other, result())).broken
    assert "request.not-a-form" not in judged((other, refusal(503, -3))).broken


def test_the_query_may_hold_what_it_likes_in_a_test() -> None:
    """That a test is free says nothing about the query."""
    request = replace(upload(PICTURE, test=True), query="test=true")
    assert "request.query-ignored" not in judged((request, result(("X-Credits-Calculated", "0.003")))).broken
    paid = replace(upload(PICTURE), query="test=true")
    assert "request.query-ignored" in judged((paid, refusal(402, 1011))).kept
