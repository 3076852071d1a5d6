"""Requests that are wrong: without a picture, of a wrong form, with a picture that cannot be used."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from contracts.cases import Campaign
from contracts.providers.xty.campaigns.conversation import PLAIN, body, case, chat, image, image_at, paid, text
from contracts.strategies import draw

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contracts.cases import Case, Step

_NOWHERE = "http://no-such-host.invalid/picture.png"
_NO_PICTURE = f"data:image/png;base64,{base64.b64encode(b'Hello, this is no picture at all.').decode()}"
_STUB = f"data:image/png;base64,{base64.b64encode(draw(PLAIN).data[:20]).decode()}"
_PLACES: dict[str, tuple[str | int, ...]] = {
    "the model": ("model",),
    "the messages": ("messages",),
    "a message": ("messages", 0),
    "the role": ("messages", 0, "role"),
    "the content": ("messages", 0, "content"),
    "a part": ("messages", 0, "content", 1),
    "the type of a part": ("messages", 0, "content", 1, "type"),
    "the text": ("messages", 0, "content", 0, "text"),
    "the picture": ("messages", 0, "content", 1, "image_url"),
    "the URL": ("messages", 0, "content", 1, "image_url", "url"),
}
"""Where something of the wrong type can stand."""


def _missing() -> tuple[Case, ...]:
    strings = {"model": "remove-bg", "messages": [{"role": "user", "content": "a person"}]}
    return (
        case("no picture", paid(chat(body(text("a person")))), paid(chat(body(text(), text("a person"))))),
        case("content as a string", paid(chat(strings))),
    )


def _pictureless() -> SearchStrategy[Case]:
    words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
    parts = st.lists(words.map(text), min_size=1, max_size=3)
    return parts.map(lambda some: case("generated", paid(chat(body(*some)))))


def _invalid() -> tuple[Case, ...]:
    broken = json.dumps(_right()).encode()
    return (
        case("no JSON", paid(chat(broken[:-2])), paid(chat(b"a person")), paid(chat(b"[]"))),
        case("the wrong types", *(_with(place, 7) for place in _PLACES)),
        case("the wrong words", _with("the role", "assistant"), _with("the type of a part", "picture")),
        case("no picture for anybody", *(paid(chat(body(image_at(url)))) for url in (_NOWHERE, _NO_PICTURE, _STUB))),
    )


def _malformed() -> SearchStrategy[Case]:
    wrong = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.none(), max_size=2)
    places = st.builds(_with, st.sampled_from(sorted(_PLACES)), wrong | st.dictionaries(st.text(max_size=3), wrong))
    whole = json.dumps(_right()).encode()
    cut = st.integers(0, len(whole) - 1).map(lambda size: paid(chat(whole[:size])))
    bad = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=60).map(_in_base64)
    return st.one_of(places, cut, bad).map(lambda step: case("generated", step))


def _right() -> dict[str, Any]:
    return body(text(), image(draw(PLAIN)))


def _with(place: str, value: object) -> Step:
    """Return a right request but for *value* at *place*."""
    found = json.loads(json.dumps(_right()))
    *path, last = _PLACES[place]
    holder: Any = found
    for name in path:
        holder = holder[name]
    holder[last] = value
    return paid(chat(found))


def _in_base64(words: str) -> Step:
    """Return a request whose picture is *words*."""
    return paid(chat(body(image_at(f"data:image/png;base64,{base64.b64encode(words.encode()).decode()}"))))


MISSING = Campaign(
    "missing pictures",
    "requests without a picture",
    ("error.image-missing", "error.content-string"),
    _missing,
    _pictureless,
)
INVALID = Campaign(
    "wrong requests",
    "requests of a wrong form, and pictures that cannot be used",
    ("error.request-invalid", "error.image-unreadable", "error.message", "status", "media-type"),
    _invalid,
    _malformed,
)
