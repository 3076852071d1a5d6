"""Plain requests, for what completions say and for the pictures that they lead to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contracts.cases import Campaign, Sign
from contracts.model import Request
from contracts.providers.xty.campaigns.conversation import INSTRUCTION, PLAIN, body, case, chat, free, image, paid, text
from contracts.strategies import Drawing, draw, drawings

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contracts.cases import Case, Step

_ANOTHER = Drawing(width=64, height=88, shape="ellipse", foreground=(20, 90, 50), mark=(90, 20, 100), kind="jpeg")
_NOBODYS_FILE = Request("GET", "/files/no-such-result-0000.png")


def _cases() -> tuple[Case, ...]:
    turned = Drawing(width=96, height=64, kind="jpeg", orientation=6, left=40, top=15)
    round_one = Drawing(width=72, height=96, shape="ellipse", kind="webp", noise=2)
    return (
        case("a result", _of(PLAIN, again=True), _of(_ANOTHER), free(_NOBODYS_FILE, Sign.NONE)),
        case("a picture that has to be turned", _of(turned)),
        case("a round subject", _of(round_one)),
    )


def _generated() -> SearchStrategy[Case]:
    kinds = drawings(kinds=("jpeg", "png", "webp"), shortest=48, longest=160)
    return kinds.map(lambda drawing: case("generated", _of(drawing)))


def _of(drawing: Drawing, *, again: bool = False) -> Step:
    """Return a request with the text that names no subject, so that it is clear what is to stay.

    With *again* its result is fetched twice.
    """
    return replace(paid(chat(body(text(INSTRUCTION), image(draw(drawing))))), again=again)


CAMPAIGN = Campaign(
    "results",
    "completions and the pictures that they lead to",
    ("completion", "result", "processing-time"),
    _cases,
    _generated,
)
