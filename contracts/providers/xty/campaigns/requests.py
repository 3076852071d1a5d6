"""Requests that a server has to take: texts in all languages, pictures of all kinds, and what clients add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from contracts.cases import HOST, Campaign
from contracts.providers.xty.campaigns.conversation import (
    PLAIN,
    body,
    case,
    chat,
    hosted,
    image,
    image_at,
    paid,
    plain,
    text,
)
from contracts.strategies import draw, pictures

if TYPE_CHECKING:
    from contracts.cases import Case
    from contracts.strategies import Picture

_KINDS = ("jpeg", "png", "webp")
_EXTRA: dict[str, Any] = {
    "temperature": 0.7,
    "top_p": 1,
    "n": 1,
    "max_tokens": 256,
    "presence_penalty": 0,
    "frequency_penalty": 0.0,
    "seed": 7,
    "user": "matteproof",
}
"""Keys that OpenAI clients send."""
_SDK = (
    ("Accept", "application/json"),
    ("X-Stainless-Lang", "python"),
    ("X-Stainless-Package-Version", "2.8.0"),
    ("X-Stainless-Retry-Count", "0"),
    ("X-Stainless-Read-Timeout", "600"),
)
"""What the OpenAI SDK for Python sends besides the key."""
TEXTS = (
    "a person",
    "a cup of coffee",
    "请去除这张图片的背景",
    "この画像の背景を消してください",
    "이 사진의 배경을 지워 주세요",
    "Удалите фон, пожалуйста",
    "أزل خلفية هذه الصورة",
    "ลบพื้นหลังของภาพนี้",
    "πορτρέτο μιας γυναίκας",
    "L'arrière-plan, s'il vous plaît : à supprimer",
    "🐕 remove the background",
)
_NO_TEXT = {"type": "text"}


def _cases() -> tuple[Case, ...]:
    picture = image(draw(PLAIN))
    jpeg = draw(PLAIN.with_kind("jpeg"))
    return (
        case(
            "texts",
            plain(),
            paid(chat(body(picture))),
            paid(chat(body(_NO_TEXT, picture))),
            *(paid(chat(body(text(words), picture))) for words in (TEXTS[2], TEXTS[6])),
        ),
        case("kinds of pictures", *(plain(draw(PLAIN.with_kind(kind))) for kind in _KINDS)),
        hosted("a picture by its URL", jpeg, paid(chat(body(text(), _at_url(jpeg)))), plain(jpeg), plain()),
        case("keys of OpenAI clients", plain(), paid(chat(body(text(), picture, **_EXTRA)))),
        case("the OpenAI SDK", paid(chat(body(text(), picture), *_SDK)), plain()),
    )


@st.composite
def _generated(draw_from: st.DrawFn) -> Case:
    picture = draw_from(pictures(kinds=_KINDS, shortest=48, longest=128, orientations=(1,)))
    words = draw_from(st.none() | st.just(_NO_TEXT) | st.sampled_from(TEXTS).map(text))
    at_url = picture.drawing.kind != "webp" and draw_from(st.booleans())
    shown = _at_url(picture) if at_url else image(picture)
    parts = draw_from(st.permutations([shown] if words is None else [words, shown]))
    keys = draw_from(st.just({}) | st.sets(st.sampled_from(sorted(_EXTRA))).map(_chosen))
    steps = paid(chat(body(*parts, **keys))), plain(picture)
    return hosted("generated", picture, *steps) if at_url else case("generated", *steps)


def _at_url(picture: Picture) -> dict[str, Any]:
    return image_at(f"{HOST}/{picture.filename}")


def _chosen(names: set[str]) -> dict[str, Any]:
    return {name: _EXTRA[name] for name in sorted(names)}


CAMPAIGN = Campaign(
    "requests",
    "texts, kinds of pictures, and what OpenAI clients send",
    (
        "endpoint",
        "openai-sdk",
        "request",
        "text",
        "image.url",
        "image.data-url",
        "image.jpeg",
        "image.png",
        "image.webp",
    ),
    _cases,
    _generated,
)
