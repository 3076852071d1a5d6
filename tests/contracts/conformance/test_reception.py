"""Where nothing ever succeeds, the user is told why and what to do."""

from __future__ import annotations

import pytest

from contracts.conformance.patience import is_endless, is_slow, is_unfinished, trouble_with
from contracts.conformance.reception import Reception
from contracts.conformance.transport import LARGEST_ANSWER
from contracts.model import Ending, Exchange, Headers, Request, Response

ORIGIN = "http://localhost:8080"


def exchange(status: int | None, *, place: str = "", ending: Ending = Ending.DONE, sent: int | None = None) -> Exchange:
    """Return an exchange of ten seconds."""
    fields = (("Location", place),) if place else ()
    response = Response(status, Headers(fields)) if status else None
    return Exchange(0, 0, Request("GET", "/"), response, 0.0, 10.0, ending, sent=sent)


def received(*statuses: int, place: str = "") -> Reception:
    """Return what came of answers with *statuses*."""
    reception = Reception(ORIGIN)
    for status in statuses:
        reception.note(exchange(status, place=place))
    return reception


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        ((401, 401, 401), "credentials"),
        ((401, 403, 401), "credentials"),
        ((402,) * 3, "payment"),
        ((404,) * 3, "origin"),
        ((404, 405, 404), "origin"),
        ((429,) * 3, "Wait"),
        ((500, 502, 500), "log"),
        ((301,) * 3, "redirects every request, to https://www.example.com;"),
        ((400,) * 25, "400 (25 times)"),
    ],
)
def test_what_all_answers_have_in_common_is_the_cause(statuses: tuple[int, ...], words: str) -> None:
    """With the next step, and there is no point in going on."""
    reception = received(*statuses, place="https://www.example.com/login?next=/" if statuses[0] == 301 else "")
    assert words in reception.why()
    assert reception.is_hopeless


@pytest.mark.parametrize("statuses", [(), (401, 401), (401, 400, 401), (400,) * 24, (404,) * 30 + (200,)])
def test_there_is_hope(statuses: tuple[int, ...]) -> None:
    """After few answers, different ones, or a single success."""
    assert not received(*statuses).is_hopeless


def test_answers_of_all_sorts_are_counted() -> None:
    """The most frequent first."""
    assert "404 (2 times), 400 (1 times)" in received(400, 404, 404).why()


def test_a_redirect_to_nowhere_is_told_as_it_is() -> None:
    """Also where it has escapes for a terminal in it."""
    assert "\x1b" not in received(302, 302, 302, place="http://[\x1b[2J").why()


def test_how_an_answer_fails_to_end() -> None:
    """Hanging, dribbling, without an end, and no answer at all are told apart."""
    hangs, dribbles = exchange(None, ending=Ending.GONE), exchange(200, ending=Ending.GONE)
    endless = exchange(200, ending=Ending.GONE, sent=LARGEST_ANSWER + 1)
    closes = exchange(None, ending=Ending.CLOSE)
    assert [is_slow(one) for one in (hangs, dribbles, endless, closes)] == [True, True, False, False]
    assert [is_endless(one) for one in (hangs, dribbles, endless, closes)] == [False, False, True, False]
    assert all(is_unfinished(one) for one in (hangs, dribbles, endless, closes))
    assert not is_unfinished(exchange(500))
    assert "hangs; there was no answer within 10 seconds" in trouble_with(hangs)
    assert "dribbles" in trouble_with(dribbles)
    assert "no end; it was given up after 128 MB" in trouble_with(endless)
    assert "speaks no HTTP" in trouble_with(closes)
