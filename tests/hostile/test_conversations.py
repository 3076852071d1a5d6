"""Chat requests that no honest client sends."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.hostile.exchange import DATA_URL, chat, conversation, exchange
from tests.hostile.verdicts import assert_own_form, the_one

GOOD = json.dumps(conversation()).encode()
PARTS = [{"type": "image_url", "image_url": {"url": DATA_URL}}]
DEPTHS = (900, 960, 970, 980, 990, 100_000)
"""Well below, around and beyond Python's limit of recursion."""


def with_key(value: bytes) -> bytes:
    """Return a good body with one more key."""
    return GOOD[:-1] + b',"more":' + value + b"}"


def messages(content: object) -> dict[str, object]:
    """Return a body whose only message has *content*."""
    return conversation(messages=[{"role": "user", "content": content}])


BODIES: dict[str, tuple[object, int]] = {
    "nothing": (b"", 400),
    "a number": (b"1", 400),
    "nothing but NUL": (b"\0" * 10, 400),
    "a byte order mark": (b"\xef\xbb\xbf" + GOOD, 400),
    "UTF-16": (GOOD.decode().encode("utf-16"), 400),
    "Latin-1": (b'{"model":"\xe9"}', 400),
    "a surrogate in UTF-8": (b'{"model":"\xed\xa0\x80"}', 400),
    "something behind": (GOOD + b"\0", 400),
    "half": (GOOD[:-9], 400),
    "comments": (b"/* */" + GOOD, 400),
    "a control character": (GOOD.replace(b"a person", b"a\nperson"), 400),
    "an escaped NUL": (GOOD.replace(b"a person", b"a\\u0000person"), 200),
    "not a number": (with_key(b"NaN"), 200),
    "an infinite number": (with_key(b"-1e999"), 200),
    "a number of 100,000 digits": (with_key(b"9" * 100_000), 400),
    "infinity for a flag": (conversation(stream=float("inf")), 400),
    "100,000 keys": (conversation(**{f"k{i}": i for i in range(100_000)}), 200),
    "a key twice, the second right": (b'{"model":"other",' + GOOD[1:], 200),
    "a key twice, the second wrong": (GOOD[:-1] + b',"messages":[]}', 400),
    "another model": (conversation(model="<script>\r\nX: y"), 503),
    "a model of a megabyte": (conversation(model="x" * 1_000_000), 503),
    "10,000 pictures": (messages(PARTS * 10_000), 200),
    "10,000 messages": (conversation(messages=[{}] * 10_000), 400),
    "100,000 wrong parts": (messages(PARTS + [1] * 100_000), 400),
    "60,000 empty parts": (messages([*PARTS, *[{}] * 60_000]), 400),
    "20,000 wrong messages": (conversation(messages=[{"role": "user", "content": PARTS}, *[{}] * 20_000]), 400),
}


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_is_read_or_refused(origin: str, kind: str) -> None:
    """The answer has the expected status, in the gateway's form, and repeats little of what was sent."""
    body, status = BODIES[kind]
    answer = the_one(exchange(origin, chat(body)))
    assert_own_form(answer, "xty")
    assert answer.status == status
    assert len(answer.body) < 1000


PLACES = {
    "the model": ("model",),
    "the flag": ("stream",),
    "the messages": ("messages",),
    "a message": ("messages", 0),
    "the role": ("messages", 0, "role"),
    "the content": ("messages", 0, "content"),
    "a part": ("messages", 0, "content", 0),
    "the type of a part": ("messages", 0, "content", 0, "type"),
    "the text": ("messages", 0, "content", 0, "text"),
    "the picture": ("messages", 0, "content", 1, "image_url"),
    "the URL": ("messages", 0, "content", 1, "image_url", "url"),
}
MARK = "put it here"
ALSO_RIGHT: dict[str, tuple[Any, ...]] = {"the flag": (None, True), "the text": (None,)}
WRONG: tuple[Any, ...] = (None, True, 0, -1, 1.5, [], {}, [[]], [None], {"a": None}, [{}])


def replaced(place: tuple[str | int, ...], value: object) -> bytes:
    """Return a good body with *value*, which may be JSON already, at *place*."""
    body: Any = copy.deepcopy(conversation())
    *way, last = place
    node = body
    for step in way:
        node = node[step]
    node[last] = MARK
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return json.dumps(body).encode().replace(json.dumps(MARK).encode(), raw)


@pytest.mark.parametrize("place", PLACES)
def test_a_wrong_type_is_refused_everywhere(origin: str, place: str) -> None:
    """Whatever stands where something else belongs, the answer is 400; only a flag may be a flag."""
    for value in WRONG:
        answer = the_one(exchange(origin, chat(replaced(PLACES[place], value))))
        assert_own_form(answer, "xty")
        accepted = value in ALSO_RIGHT.get(place, ())
        assert answer.status == (200 if accepted else 400), (value, answer)


@pytest.mark.parametrize("place", PLACES)
def test_half_a_surrogate_pair_is_refused_everywhere(origin: str, place: str) -> None:
    """It can be written in JSON, but no text has it."""
    for value in (rb'"\ud800"', rb'"a\uDFFFb"', rb'{"\udbff": 1}', rb'"http://\ud800"', rb'"data:;base64,\ud800"'):
        answer = the_one(exchange(origin, chat(replaced(PLACES[place], value))))
        assert_own_form(answer, "xty")
        assert answer.status == 400


@pytest.mark.parametrize("place", PLACES)
def test_depth_is_refused_everywhere(origin: str, place: str) -> None:
    """Lists and objects, nested as deep as the parser goes and deeper, are no more than wrong."""
    for depth in DEPTHS:
        for before, after in ((b"[", b"]"), (b'{"a":', b"}")):
            nested = before * depth + b"1" + after * depth
            answer = the_one(exchange(origin, chat(replaced(PLACES[place], nested))))
            assert_own_form(answer, "xty")
            assert answer.status == 400


URLS = {
    "empty": "",
    "no host": "http://",
    "a port beyond all": "http://a:99999999999/",
    "half an address": "http://[::1",
    "no address": "http://[zz]/",
    "credentials": "http://a:b@c/",
    "dots for a host": "http://..../",
    "a host that IDNA forbids": "http://xn--ä/",
    "a host that normalises to another": "http://\u2100/",
    "a forged field": "http://a\r\nHost: b/",
    "a megabyte": "http://" + "a" * 1_000_000,
    "a file": "file:///etc/passwd",
    "a script": "javascript:alert(1)",
    "an address in disguise": "http://2130706433/",
    "data: and nothing": "data:",
    "data: without a comma": "data:image/png;base64",
    "data: without data": "data:image/png;base64,",
    "data: without base64": "data:image/png,%89PNG",
    "data: with junk": "data:image/png;base64,!!!!",
    "data: too short": "data:image/png;base64,A",
    "data: without padding": "data:image/png;base64,AAA",
    "data: with padding alone": "data:image/png;base64,====",
    "data: with more behind it": DATA_URL + DATA_URL,
    "data: not in ASCII": "data:image/png;base64,AAAAé",
    "data: with broken escapes": "data:image/png;base64,AAAA%zz%",
    "data: of text": "data:text/plain;base64,aGVsbG8=",
    "data: of another picture": "data:image/svg+xml;base64,PHN2Zy8+",
    "data: with 100,000 parameters": "data:image/png;" + "a=b;" * 100_000 + "base64,AAAA",
    "data: with a million semicolons": "data:image/png" + ";" * 1_000_000 + "base64,AAAA",
    "data: of 20 MB": "data:image/png;base64," + "A" * 20_000_000,
}


@pytest.mark.parametrize("kind", URLS)
def test_a_url_that_leads_to_no_picture_is_refused(origin: str, kind: str) -> None:
    """The answer is the model's own error, and short."""
    answer = the_one(exchange(origin, chat(conversation(URLS[kind]))))
    assert_own_form(answer, "xty")
    assert answer.status == 400
    assert json.loads(answer.body)["error"]["param"] is None
    assert len(answer.body) < 1000
