"""Plain requests, for what completions say and for the pictures that they lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from contracts.cases import Campaign, Sign
from contracts.model import Request
from contracts.providers.xty.campaigns.conversation import PLAIN, body, case, chat, free, image, paid, plain, text
from contracts.strategies import Drawing, draw, pictures

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contracts.cases import Case

_NOBODYS_FILE = Request("GET", "/files/no-such-result-0000.png")


def _cases() -> tuple[Case, ...]:
    turned = draw(Drawing(width=96, height=64, kind="jpeg", orientation=6, left=40, top=15))
    round_one = draw(Drawing(width=72, height=96, shape="ellipse", kind="webp", noise=2))
    return (
        case("a result", plain(), free(_NOBODYS_FILE, Sign.NONE)),
        case("a picture that has to be turned", paid(chat(body(text(), image(turned))))),
        case("a round subject", paid(chat(body(text(), image(round_one))))),
        case("two at once", plain(), paid(chat(body(image(draw(PLAIN.with_kind("jpeg"))))))),
    )


def _generated() -> SearchStrategy[Case]:
    kinds = pictures(kinds=("jpeg", "png", "webp"), shortest=48, longest=160)
    return st.builds(lambda picture: case("generated", paid(chat(body(text(), image(picture))))), kinds)


CAMPAIGN = Campaign(
    "results",
    "completions and the pictures that they lead to",
    ("completion", "result", "processing-time"),
    _cases,
    _generated,
)
