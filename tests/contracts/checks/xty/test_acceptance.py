"""Rules that something is accepted: who refuses is blamed for what is surely refused, and for nothing else."""

from __future__ import annotations

import pytest

from contracts.strategies import Drawing, draw
from tests.contracts.checks.xty.exchanges import ask, completion, conversation, judged, refusal, right

WEBP = draw(Drawing(width=80, height=64, kind="webp"))
JPEG = draw(Drawing(width=80, height=64, kind="jpeg"))
NO = refusal(400, message="No.")


def test_a_refused_kind_is_blamed_beside_one_that_is_accepted() -> None:
    """A server that takes PNG and refuses WebP breaks the rule about WebP alone."""
    assert judged((ask(right()), completion()), (ask(right(WEBP)), NO)).broken == {"image.webp"}


def test_who_takes_no_data_url_at_all_is_not_blamed_for_a_kind() -> None:
    """Nobody documents the form of base64: pictures of two kinds that are refused show that only."""
    assert judged((ask(right()), NO), (ask(right(WEBP)), NO)).broken == {"image.data-url"}


@pytest.mark.parametrize("status", [401, 402, 403, 408, 429, 500, 503])
def test_answers_that_tell_nothing_blame_nobody(status: int) -> None:
    """Quota, limits, moderation and failures say nothing about what is accepted."""
    found = judged((ask(right()), completion()), (ask(right(WEBP)), refusal(status, message="No.")))
    assert not {rule for rule in found.broken if rule.startswith(("image.", "text.", "endpoint"))}


def test_moderation_is_no_refusal_of_a_language() -> None:
    """Gateways may refuse a text for what it says."""
    moderated = refusal(400, message="No.", code="sensitive_words_detected")
    assert not judged((ask(right()), completion()), (ask(right(words="请去除")), moderated)).broken


def test_a_text_is_only_blamed_if_its_picture_is_accepted() -> None:
    """A refusal of a text in another language beside another picture may be about the picture."""
    chinese = ask(right(JPEG, words="请去除这张图片的背景"))
    assert not judged((ask(right()), completion()), (chinese, NO)).broken
    assert judged((ask(right(JPEG)), completion()), (chinese, NO)).broken == {"text.any-language"}


@pytest.mark.parametrize(
    "drawing",
    [Drawing(width=24, height=24), Drawing(width=80, height=64, foreground=(240, 240, 240)), Drawing(kind="bmp")],
    ids=["tiny", "nothing to see", "an undocumented kind"],
)
def test_pictures_that_may_be_refused_blame_nobody(drawing: Drawing) -> None:
    """Pictures that are tiny, show no clear subject or are of another kind prove nothing."""
    assert not judged((ask(right()), completion()), (ask(right(draw(drawing))), NO)).broken


def test_keys_of_no_client_prove_nothing() -> None:
    """A server may refuse keys that OpenAI's format does not have."""
    assert not judged((ask(right()), completion()), (ask(right(frobnicate=1)), NO)).broken
    assert judged((ask(right()), completion()), (ask(right(temperature=1)), NO)).broken == {"request.extra-keys"}


def test_a_picture_by_url_that_is_not_known_proves_nothing() -> None:
    """Only a picture that was fetched was there for the server."""
    url = "http://127.0.0.1:9/a.jpeg"
    words = {"type": "text", "text": "a person"}
    named = ask(conversation(words, {"type": "image_url", "image_url": {"url": url}}))
    assert not judged((named, NO)).broken
    assert judged((named, NO), pictures={url: JPEG.data}).broken == {"image.url"}


def test_an_endpoint_that_does_not_know_the_model_is_there() -> None:
    """A 404 about the model is no 404 about the path."""
    assert "endpoint" not in judged((ask(right()), refusal(404, code="model_not_found"))).broken
    assert "endpoint" in judged((ask(right()), refusal(404, message="Invalid URL"))).broken
