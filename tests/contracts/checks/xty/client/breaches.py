"""Stories in which a client breaks one rule, and no other, by the rule's topic."""

from __future__ import annotations

import json
from dataclasses import replace

from contracts.model import Claim, Ending, Handshakes, Input
from contracts.strategies import Drawing, draw
from tests.contracts.checks.xty.client.timelines import (
    BEARER,
    ELSEWHERE,
    HOSTED,
    JSON,
    KEY,
    LASTING,
    ORIGIN,
    OTHER,
    PICTURE,
    RESULT,
    SECOND,
    SECOND_PATH,
    Story,
    answer,
    ask,
    at,
    base64_of,
    body,
    both,
    completion,
    data_url,
    error,
    failed,
    get,
    gone,
    job,
    message,
    opaque,
    page,
    png,
    served,
    shown,
    tries,
    with_words,
    words,
)

_HTTPS = "https://localhost:8443"
_BIG = b"\x00" * 11_000_000
_ESCAPED = json.dumps(body(words("请去除"), shown()), ensure_ascii=False)
_TIRED = ("Retry-After", "6")


def _redirected(*fields: tuple[str, str]) -> Story:
    moved = answer(302, b"", "text/plain", ("Location", f"{ELSEWHERE}/files/moved.png"))
    steps = (
        at(0, ask(), completion()),
        at(1, get(), moved),
        at(2, get("/files/moved.png", *fields, origin=ELSEWHERE), png()),
    )
    return Story(steps)


def _converted(drawing: Drawing) -> Story:
    return served(ask(body(shown(data_url(draw(drawing))))))


BREACHES: tuple[tuple[str, str, Story], ...] = (
    ("request.endpoint", "doubled", failed(at(0, ask(path="/v1/v1/chat/completions"), page(404)))),
    ("request.endpoint", "without v1", failed(at(0, ask(path="/chat/completions"), page(200)))),
    ("request.endpoint", "misspelt", failed(at(0, ask(path="/v1/chat/completion"), page(404)))),
    ("request.endpoint", "by GET", failed(at(0, ask(method="GET"), error(405)))),
    ("transport.https", "over http", served(ask(origin="http://api.xty.example"), job=None)),
    ("transport.https", "beside TLS", served(handshakes=Handshakes(plain=2))),
    ("transport.https", "instead of https", served(ask(), job=replace(job(), origin=_HTTPS))),
    ("auth.bearer", "no key", served(ask(fields=(JSON,)))),
    ("auth.bearer", "another scheme", served(ask(fields=(("Authorization", "Basic c2stY2xpZW50MTo="), JSON)))),
    ("auth.bearer", "no scheme", served(ask(fields=(("Authorization", KEY), JSON)))),
    ("auth.bearer", "two spaces", served(ask(fields=(("Authorization", f"Bearer  {KEY}"), JSON)))),
    ("auth.bearer", "another key", served(ask(fields=(("Authorization", "Bearer sk-other"), JSON)))),
    ("auth.bearer", "another field", served(ask(fields=(("X-Api-Key", KEY), JSON)))),
    ("auth.not-in-url", "in the query", served(ask(query=f"key={KEY}"))),
    ("auth.not-in-url", "by its name", served(ask(query="api_key=***"), job=None)),
    ("auth.other-hosts", "after a redirect", _redirected(BEARER)),
    (
        "auth.other-hosts",
        "to the host of results",
        Story(
            (
                at(0, ask(), completion("/a/x.png", "https://files.example")),
                at(1, get("/a/x.png", BEARER, origin="https://files.example"), png()),
            )
        ),
    ),
    ("request.content-type", "a form's", served(ask(fields=(BEARER, ("Content-Type", "text/plain"))))),
    ("request.content-type", "none", served(ask(fields=(BEARER,)))),
    ("request.json", "broken", failed(at(0, ask(b'{"model": "remove-bg", '), error(400)))),
    ("request.json", "a form", failed(at(0, ask(b"model=remove-bg"), error(400)))),
    ("request.json", "a list", failed(at(0, ask([body()]), error(400)))),
    ("request.json", "two of them", failed(at(0, ask(b"{}{}"), error(400)))),
    ("request.json", "not a number", failed(at(0, ask(b'{"top_p": NaN}'), error(400)))),
    ("request.utf-8", "GBK", failed(at(0, ask(_ESCAPED.encode("gbk")), error(400)))),
    ("request.utf-8", "a mark", failed(at(0, ask(_ESCAPED.encode("utf-8-sig")), error(400)))),
    ("request.model", "another", failed(at(0, ask(body(model="remove_bg")), error(503)))),
    (
        "request.model",
        "misspelt",
        failed(at(0, ask({"Model": "remove-bg", "messages": body()["messages"]}), error(400))),
    ),
    ("request.messages", "missing", failed(at(0, ask({"model": "remove-bg", "message": []}), error(400)))),
    ("request.messages", "empty", failed(at(0, ask(body(messages=[])), error(400)))),
    ("request.messages", "an object", failed(at(0, ask(body(messages={"role": "user"})), error(400)))),
    ("request.role", "another", failed(at(0, ask(message(role="system")), error(400)))),
    ("request.content", "a text", failed(at(0, ask(message(content="a person")), error(400)))),
    ("request.content", "a picture", failed(at(0, ask(message(content=data_url())), error(400)))),
    (
        "request.part-type",
        "another API's",
        failed(at(0, ask(body({"type": "input_image", "image_url": "x"})), error(400))),
    ),
    ("request.part-type", "misspelt", failed(at(0, ask(body({**shown(), "type": "imageUrl"})), error(400)))),
    ("request.part-type", "a bare text", failed(at(0, ask(body("a person", shown())), error(400)))),
    ("request.text", "left out", served(ask(body(shown())), job=with_words("a cup"))),
    ("request.text", "changed", served(ask(body(words("a cup."), shown())), job=with_words("a cup"))),
    ("request.text", "lost", served(ask(body(words("?????"), shown())), job=with_words("请去除背景"))),
    ("request.text", "misread", served(ask(body(words("è¯·"), shown())), job=with_words("请"))),
    (
        "request.text",
        "another field",
        served(ask(body({"type": "text", "content": "a cup"}, shown())), job=with_words("a cup")),
    ),
    ("request.image", "none", failed(at(0, ask(body(words())), error(400)))),
    (
        "request.image-url",
        "a bare text",
        failed(at(0, ask(body({"type": "image_url", "image_url": data_url()})), error(400))),
    ),
    (
        "request.image-url",
        "misspelt",
        failed(at(0, ask(body({"type": "image_url", "imageUrl": {"url": "x"}})), error(400))),
    ),
    (
        "request.image-url",
        "another key",
        failed(at(0, ask(body({"type": "image_url", "image_url": {"uri": "x"}})), error(400))),
    ),
    (
        "request.image-url.unchanged",
        "decoded",
        failed(
            at(0, ask(body(shown(HOSTED.replace("%20", "+")))), error(400)),
            job=replace(job(), inputs=(Input("a.png", PICTURE.data, HOSTED),)),
        ),
    ),
    ("request.data-url", "raw base64", served(ask(body(shown(base64_of(PICTURE.data)))))),
    ("request.data-url", "no type", served(ask(body(shown(f"data:;base64,{base64_of(PICTURE.data)}"))))),
    ("request.data-url", "another type", served(ask(body(shown(data_url().replace("image/png", "image/jpeg")))))),
    ("request.data-url", "a path", failed(at(0, ask(body(shown("/tmp/picture.png"))), error(400)))),  # noqa: S108  only a text
    (
        "request.data-url.whole",
        "Python's bytes",
        failed(at(0, ask(body(shown("data:image/png;base64,b'iVBORw0='"))), error(400))),
    ),
    ("request.data-url.whole", "cut off", failed(at(0, ask(body(shown(data_url()[:-41]))), error(400)))),
    ("request.data-url.whole", "part of the file", failed(at(0, ask(body(shown(data_url()[:122]))), error(400)))),
    ("request.data-url.whole", "another picture", served(ask(body(shown(data_url(OTHER)))))),
    ("request.one-image", "two", served(ask(body(words(), shown(), shown())))),
    (
        "image.ten-megabytes",
        "eleven",
        failed(
            at(0, ask(body(shown(f"data:image/png;base64,{base64_of(_BIG)}"))), error(413)),
            job=replace(job(), inputs=(Input("a.png", _BIG),)),
        ),
    ),
    ("timeout.processing", "five seconds", failed(gone(0, ask(), after=5))),
    (
        "timeout.no-second-post",
        "at once",
        Story(
            (at(0, ask(), completion(), lasts=8), at(4, ask(), completion(SECOND_PATH), lasts=8), at(12, get(), png()))
        ),
    ),
    ("completion.url", "not fetched", failed(at(0, ask(), completion()), said="no key 'data' in the answer")),
    ("completion.url", "something else", Story((at(0, ask(), completion()),), outputs=(opaque("PNG"),))),
    ("result.fetch", "by POST", failed(at(0, ask(), completion()), at(1, get(method="POST"), error(405)))),
    (
        "result.fetch",
        "without the end",
        failed(at(0, ask(), completion()), at(1, get("/files/abcdefghij0123456789"), page(404))),
    ),
    ("result.fetch", "another query", failed(at(0, ask(), completion()), at(1, get(query="v=1"), page(404)))),
    ("result.in-time", "two hours later", Story((at(0, ask(), completion()), at(7200, get(), png())))),
    ("result.in-time", "not in time", failed(at(0, ask(), completion()), claim=Claim.NONE, ended=600)),
    ("result.transparency", "JPEG", served(outputs=(opaque(),))),
    ("success.status", "500", Story((at(0, ask(), page(500)),), outputs=(RESULT,))),
    ("success.error-object", "200", Story((at(0, ask(), error(200)),), outputs=(RESULT,))),
    ("success.not-a-completion", "a page", Story((at(0, ask(), page(200)),), outputs=(RESULT,))),
    ("success.not-a-completion", "nothing", Story((at(0, ask(), answer(200, b"")),), outputs=(RESULT,))),
    ("success.not-a-completion", "no URL", Story((at(0, ask(), completion("", "sorry")),), outputs=(RESULT,))),
    ("success.result-status", "gone", Story((at(0, ask(), completion()), at(1, get(), page(404))), outputs=(RESULT,))),
    ("success.output-missing", "none", served(outputs=(None,))),
    ("success.output-missing", "empty", served(outputs=(b"",))),
    ("success.output-not-image", "a URL", served(outputs=(f"{ORIGIN}/files/a.png".encode(),))),
    ("success.output-not-image", "JSON", served(outputs=(completion().body,))),
    ("success.output-truncated", "the client's own cut", served(outputs=(RESULT[:-20],))),
    (
        "success.output-truncated",
        "a connection that was closed",
        Story(
            (at(0, ask(), completion()), at(1, get(), png(), ending=Ending.CLOSE, sent=60)),
            outputs=(RESULT[:60],),
        ),
    ),
    ("success.own-result", "swapped", both(SECOND, RESULT)),
    ("success.own-result", "the input itself", served(outputs=(PICTURE.data,))),
    ("retry.rate-limited", "at once", tries(0.0, 0.02)),
    ("retry.rate-limited", "never longer", tries(0.0, 5.0, 10.0, 15.0)),
    ("retry.server-error", "at once", tries(0.0, 0.02, refusal=page(502))),
    ("retry.retry-after", "too soon", tries(0.0, 2.0, refusal=error(503, "busy", None, _TIRED))),
    ("retry.refused-key", "401", failed(*(at(5 * one, ask(), error(401)) for one in range(2)))),
    ("retry.refused-key", "403", failed(*(at(5 * one, ask(), error(403)) for one in range(2)))),
    ("retry.bad-request", "400", failed(*(at(5 * one, ask(), error(400)) for one in range(2)))),
    ("retry.bad-request", "413", failed(*(at(5 * one, ask(), error(413)) for one in range(3)))),
    (
        "retry.permanent-503",
        "eleven tries",
        failed(*(at(5.0 * n * n, ask(), LASTING) for n in range(11)), said="no channel"),
    ),
    (
        "retry.permanent-503",
        "no end",
        failed(*(at(120.0 * n, ask(), LASTING) for n in range(5)), claim=Claim.NONE, ended=600),
    ),
    ("error.ends", "hangs", failed(at(0, ask(), error(400)), claim=Claim.NONE, ended=600)),
    ("error.message", "swallowed", failed(at(0, ask(), error(400)), said="It did not work.")),
)
"""The topic of the rule, what is wrong, and the story."""
