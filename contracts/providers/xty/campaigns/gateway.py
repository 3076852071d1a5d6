"""What is before the model: keys, models, paths, methods, calls from web pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.cases import Campaign, Sign, Step
from contracts.model import Headers, Request
from contracts.providers.xty.campaigns.conversation import (
    CHAT,
    MODELS,
    PLAIN,
    body,
    case,
    chat,
    free,
    image,
    paid,
    text,
)
from contracts.strategies import draw

if TYPE_CHECKING:
    from contracts.cases import Case

_PAGE = ("Origin", "https://shop.example")
_PREFLIGHT = Headers(
    (
        _PAGE,
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "authorization,content-type"),
    )
)
_LIST = Request("GET", MODELS)


def _cases() -> tuple[Case, ...]:
    right = body(text(), image(draw(PLAIN)))
    unknown = chat({**right, "model": "no-such-model"})
    strangers = [free(chat(right), sign) for sign in (Sign.NONE, Sign.UNKNOWN)]
    return (
        case("keys", Step(_LIST), *strangers, free(_LIST, Sign.NONE)),
        case("a model that nobody has", paid(unknown)),
        case("a path that nobody has", free(Request("GET", "/v1/no-such-path"))),
        case("another method", free(Request("GET", CHAT))),
        case(
            "from a web page",
            free(Request("OPTIONS", CHAT, "", _PREFLIGHT), Sign.NONE),
            free(Request("GET", MODELS, "", Headers((_PAGE,)))),
            free(chat(body(text()), _PAGE), Sign.NONE),
        ),
    )


CAMPAIGN = Campaign(
    "gateway",
    "keys, models, paths, methods and web pages",
    (
        "error.key",
        "error.model-not-found",
        "error.unknown-path",
        "error.method-not-allowed",
        "error.message",
        "error.quota",
        "models",
        "cross-origin",
        "status",
        "media-type",
    ),
    _cases,
)
