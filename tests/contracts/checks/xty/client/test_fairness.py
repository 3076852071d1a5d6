"""Clients that keep the rules in a way of their own are not blamed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from contracts.model import Claim, Ending, Exchange, Input, Response
from contracts.strategies import Drawing, draw
from tests.contracts.checks.xty.client.timelines import (
    BEARER,
    BUSY,
    ELSEWHERE,
    HOSTED,
    JSON,
    KEY,
    LASTING,
    MISSING,
    OTHER,
    PICTURE,
    RESULT,
    SECOND,
    SECOND_PATH,
    TWO,
    Story,
    answer,
    ask,
    at,
    base64_of,
    body,
    both,
    broken,
    completion,
    converted,
    data_url,
    error,
    failed,
    get,
    gone,
    hints,
    job,
    kept,
    page,
    png,
    served,
    shown,
    tries,
    with_words,
    words,
)

_AT_URL = replace(job(), inputs=(Input("a.png", PICTURE.data, HOSTED),))
_TURNED = draw(Drawing(width=80, height=64, kind="jpeg", orientation=6))
_MOVED = ("Location", f"{ELSEWHERE}/v1/chat/completions")
_TO_FILE = ("Location", f"{ELSEWHERE}/files/moved.png")


def _fetched(moment: float) -> tuple[Exchange, Exchange]:
    return at(moment, ask(), completion(SECOND_PATH)), at(moment + 1, get(SECOND_PATH), png())


def _stream() -> Response:
    chunk = {"choices": [{"index": 0, "delta": {"content": completion_url()}, "finish_reason": None}]}
    return answer(200, f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode(), "text/event-stream")


def completion_url() -> str:
    """Return the URL in the usual completion."""
    return str(json.loads(completion().body)["choices"][0]["message"]["content"])


_OTHER_MODEL = {"model": "gpt-4o", "messages": [{"role": "system", "content": "Hi"}]}
_ESCAPED = json.dumps(body(words("请去除"), shown())).encode()
_WRAPPED = "\n".join(base64_of(PICTURE.data)[start : start + 76] for start in range(0, 4000, 76)).strip()

FAIR: dict[str, Story] = {
    "all goes well": served(),
    "a scheme in lower case": served(ask(fields=(("authorization", f"bearer {KEY}"), JSON))),
    "a charset": served(ask(fields=(BEARER, ("content-type", "Application/JSON; charset=utf-8")))),
    "other header fields": served(ask(fields=(BEARER, JSON, ("X-Stainless-Lang", "js"), ("Expect", "100-continue")))),
    "OpenAI's keys": served(ask(body(temperature=0.5, n=1, user="me", stream=False))),
    "a stream": Story((at(0, ask(body(stream=True)), _stream()), at(1, get(), png()))),
    "no words": served(ask(body(shown()))),
    "words of its own": served(ask(body(words("remove the background"), shown()))),
    "the picture before the words": served(ask(body(shown(), words("a cup"))), job=with_words("a cup")),
    "escapes in JSON": served(ask(_ESCAPED), job=with_words("请去除")),
    "UTF-8 in JSON": served(ask(body(words("请去除 🐕"), shown())), job=with_words("请去除 🐕")),
    "two messages": served(ask({**body(), "messages": [*body(words())["messages"], *body(shown())["messages"]]})),
    "a list of models first": Story((at(0, get("/v1/models", BEARER), answer(200, {"data": []})), *_fetched(1))),
    "a picture for a page": Story((at(0, get("/favicon.ico"), page(404)), *_fetched(1))),
    "base64 in lines": served(ask(body(shown(f"data:image/png;base64,{_WRAPPED}")))),
    "a picture in another format": served(ask(body(shown(data_url(draw(Drawing(width=80, height=64, kind="jpeg"))))))),
    "a smaller picture": served(ask(body(shown(data_url(draw(Drawing(width=40, height=32))))))),
    "a picture that was turned upright": served(
        ask(body(shown(data_url(draw(Drawing(width=80, height=64, kind="png")))))),
        job=replace(job(), inputs=(Input("a.jpeg", _TURNED.data),)),
    ),
    "the URL as it is": served(ask(body(shown(HOSTED))), job=_AT_URL),
    "the picture at the URL": served(job=_AT_URL),
    "a redirect of the request, not followed": failed(at(0, ask(), answer(307, b"", "text/plain", _MOVED))),
    "a redirect of the request, without the key": failed(
        at(0, ask(), answer(307, b"", "text/plain", _MOVED)),
        at(0.6, ask(fields=(JSON,), origin=ELSEWHERE), error(401)),
    ),
    "a redirect that makes a GET of it": failed(
        at(0, ask(), answer(302, b"", "text/plain", _MOVED)),
        at(0.6, ask(method="GET", origin=ELSEWHERE, fields=()), error(405)),
    ),
    "a redirect of the result": Story(
        (
            at(0, ask(), completion()),
            at(1, get(), answer(302, b"", "text/plain", _TO_FILE)),
            at(2, get("/files/moved.png", origin=ELSEWHERE), png()),
        )
    ),
    "the key for a result of the same origin": Story(
        (at(0, ask(), completion()), at(1, get("/files/abcdefghij0123456789.png", BEARER), png()))
    ),
    "a look at the head of the result first": Story(
        (at(0, ask(), completion()), at(1, get(method="HEAD"), answer(200, b"")), at(2, get(), png()))
    ),
    "a result in parts": Story(
        (
            at(0, ask(), completion()),
            at(1, get(), png(), ending=Ending.CLOSE, sent=60),
            at(
                2, get("/files/abcdefghij0123456789.png", ("Range", "bytes=60-")), answer(206, RESULT[60:], "image/png")
            ),
        )
    ),
    "a result that is fetched again": Story(
        (at(0, ask(), completion()), at(1, get(), png(), ending=Ending.CLOSE, sent=60), at(2, get(), png()))
    ),
    "a result in another format": served(outputs=(converted("WEBP"),)),
    "a result that breaks off": failed(at(0, ask(), completion()), at(1, get(), png(), ending=Ending.CLOSE, sent=60)),
    "a result that is gone": failed(at(0, ask(), completion()), at(1, get(), page(404))),
    "a result that is gone, and a new one": Story(
        (at(0, ask(), completion()), at(1, get(), page(404)), *_fetched(2)),
    ),
    "a result after half an hour": Story((at(0, ask(), completion()), at(1800, get(), png()))),
    "a linear back-off": tries(0, 5, 15, 30, 50),
    "an exponential back-off": tries(0, 1, 3, 7, 15),
    "an exponential back-off with chance in it": tries(0, 0.4, 1.2, 3.0),
    "an exponential back-off with a limit": tries(0, 10, 30, 60, 90, 120),
    "what it was told to wait": tries(0, 6.1, 12.2, 18.3, refusal=error(429, "slow", None, ("Retry-After", "6"))),
    "a moment after an error": tries(0, 0.5, 1.0, refusal=page(502)),
    "no second try": failed(at(0, ask(), BUSY)),
    "no second try after a page": failed(at(0, ask(), page(502)), said="502"),
    "a broken connection, at once again": Story((at(0, ask(), None, ending=Ending.CLOSE), *_fetched(0.5))),
    "a broken connection, and no more": failed(at(0, ask(), None, ending=Ending.RESET), said="reset"),
    "a completion that breaks off": failed(at(0, ask(), completion(), ending=Ending.CLOSE, sent=60), said="cut off"),
    "ten seconds of patience": failed(gone(0, ask(), after=10.02), said="timeout"),
    "another try after a long silence": Story((gone(0, ask(), after=60), *_fetched(60.5))),
    "stopped amid a wait": failed(at(0, ask(), page(503)), claim=Claim.NONE, ended=40),
    "stopped amid a request": failed(gone(0, ask(), after=3), claim=Claim.NONE, ended=3),
    "a few tries of what lasts": failed(*(at(one * one, ask(), LASTING) for one in range(4)), said="no channel"),
    "stopped amid a few tries of what lasts": failed(
        *(at(5 * one, ask(), LASTING) for one in range(3)), claim=Claim.NONE, ended=40
    ),
    "a refused key": failed(at(0, ask(), error(401))),
    "a wrong request, put right": Story(
        (at(0, ask(body(words(), shown(), n=2, messages=body(shown())["messages"])), error(400)), *_fetched(1)),
    ),
    "a message that never came": failed(at(0, ask(), error(400), ending=Ending.CLOSE, sent=20), said="cut off"),
    "a message in another spelling": failed(at(0, ask(), error(400)), said=f"fatal: {json.dumps(MISSING)}"),
    "cannot do this": failed(at(0, ask(), completion()), claim=Claim.UNABLE),
    "cannot do this, without a word": Story((), claim=Claim.UNABLE, outputs=(None,)),
    "another model, without a job": Story((at(0, ask(_OTHER_MODEL), page(200)),), job=None),
}
"""What a client does, and the story."""


@pytest.mark.parametrize("story", [pytest.param(story, id=name) for name, story in FAIR.items()])
def test_what_is_fair_breaks_no_rule(story: Story) -> None:
    """No check finds fault."""
    assert not broken(story), hints(story)


def test_pictures_of_a_batch_are_told_apart() -> None:
    """Two chains at once are no second try, and each output belongs to its input."""
    story = both(RESULT, SECOND)
    assert not broken(story), hints(story)
    assert {"success.own-result", "success.output-not-image"} <= kept(story)


def test_who_ends_because_of_another_picture_is_not_impatient() -> None:
    """One picture's error ends the client, and with it what is under way for the other."""
    exchanges = (gone(0, ask(), after=2), at(0.1, ask(body(shown(data_url(OTHER)))), error(400), lasts=1.5))
    story = failed(*exchanges, outputs=(None, None), job=TWO)
    assert not broken(story), hints(story)


def test_a_moment_cannot_be_judged_by_a_blurred_clock() -> None:
    """What seems to be a moment may be none, and the other way round."""
    story = replace(tries(0, 0.3, 0.5, refusal=page(502)), jitter=0.4)
    assert "retry.server-error" not in kept(story) | broken(story)


def test_good_clients_exercise_what_they_keep() -> None:
    """A check that is never satisfied would prove nothing."""
    expected = {
        "request.endpoint",
        "request.content-type",
        "request.json",
        "request.utf-8",
        "request.model",
        "request.messages",
        "request.role",
        "request.content",
        "request.part-type",
        "request.text",
        "request.image",
        "request.image-url",
        "request.data-url",
        "request.data-url.whole",
        "request.one-image",
        "image.ten-megabytes",
        "auth.bearer",
        "auth.not-in-url",
        "completion.url",
        "result.fetch",
        "result.in-time",
        "result.transparency",
        "success.output-missing",
        "success.output-not-image",
        "success.own-result",
    }
    assert kept(served()) == expected
    assert {"retry.rate-limited"} <= kept(FAIR["a linear back-off"])
    assert {"retry.retry-after"} <= kept(FAIR["what it was told to wait"])
    assert {"retry.server-error"} <= kept(FAIR["a moment after an error"])
    assert {"retry.refused-key", "error.message", "error.ends"} <= kept(FAIR["a refused key"])
    assert {"retry.permanent-503"} <= kept(FAIR["a few tries of what lasts"])
    assert {"success.result-status"} <= kept(FAIR["a result that is gone"])
    assert {"success.output-truncated"} <= kept(FAIR["a result that breaks off"])
    assert {"auth.other-hosts"} <= kept(FAIR["a redirect of the result"])
    assert {"request.image-url.unchanged"} <= kept(FAIR["the URL as it is"])
    assert {"timeout.processing"} <= kept(FAIR["ten seconds of patience"])
    assert {"timeout.no-second-post"} <= kept(FAIR["another try after a long silence"])
