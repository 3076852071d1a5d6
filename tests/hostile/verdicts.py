"""What an answer to a hostile request may look like: the provider's own form, and not a word from inside."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.hostile.exchange import PICTURE, chat, conversation, exchange, upload

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.model import Response

INSIDE = re.compile(
    rb"Traceback|werkzeug|File \\?\"|site-packages|[a-z]Error\b|[a-z]Exception\b|NoneType|<class |\(b?'\w"
)
"""Words that only the inside of a Python program knows. A quoted value that ends in a bracket, ``'('``, is none."""

_REFUSED_BY_THE_SERVER = {400, 408, 413, 414, 417, 431, 501, 505}
"""What is no proper HTTP is refused before any provider is asked, in plain text."""

STATUSES = {"pixian": {200, 400, 401, 404, 405, 413}, "xty": {200, 400, 401, 404, 405, 413, 503}}
"""What hostile requests can come to. A failure (500) is never among it."""


def the_one(answers: Sequence[Response]) -> Response:
    """Return the only answer."""
    (answer,) = answers
    return answer


def assert_own_form(answer: Response, provider: str) -> None:
    """Prove that *answer* is one that the provider could give."""
    assert answer.status in STATUSES[provider], answer
    if answer.status == 200:
        return
    assert not INSIDE.search(answer.body), answer.body
    if answer.media_type == "text/html":
        assert answer.status == 404
        assert answer.body.startswith(b"<!DOCTYPE html>")
        return
    assert answer.media_type == "application/json"
    error = json.loads(answer.body)["error"]
    assert isinstance(error["message"], str)
    assert error["message"]
    if provider == "pixian":
        assert error["status"] == answer.status
        assert type(error["code"]) is int
    else:
        assert error["type"]
        assert answer.status != 503 or error["code"] == "model_not_found"


def assert_refused_by_the_server(answer: Response) -> None:
    """Prove that *answer* is the server's own, short and last."""
    assert answer.status in _REFUSED_BY_THE_SERVER, answer
    assert answer.media_type == "text/plain"
    assert answer.headers.get("Connection") == "close"
    assert len(answer.body) < 200
    assert not INSIDE.search(answer.body), answer.body


def assert_harmless(answers: Sequence[Response]) -> None:
    """Prove that each of *answers* is one provider's, or the server's own refusal and the last."""
    for number, answer in enumerate(answers, 1):
        if answer.media_type == "text/plain":
            assert number == len(answers)
            assert_refused_by_the_server(answer)
        elif b'"status"' in answer.body or answer.media_type == "text/html":
            assert_own_form(answer, "pixian")
        elif answer.media_type == "application/json" and answer.status != 200:
            assert_own_form(answer, "xty")
        else:
            assert answer.status in {200, 204}, answer


def assert_well(origin: str) -> None:
    """Prove that the server at *origin* answers a good request for each provider."""
    for good in (upload(PICTURE), chat(conversation())):
        assert the_one(exchange(origin, good)).status == 200
