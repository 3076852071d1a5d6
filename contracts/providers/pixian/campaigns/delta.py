"""Delta PNGs, beside the PNGs of the same requests, and with all that they ignore."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from contracts.cases import Campaign
from contracts.providers.pixian.campaigns.background import COLOUR
from contracts.providers.pixian.campaigns.form import case, upload
from contracts.providers.pixian.campaigns.scenes import CORNER, PHOTO, ROUND, SOFT
from contracts.strategies import draw, pictures

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contracts.cases import Case
    from contracts.model import Request
    from contracts.strategies import Picture

_IGNORED: tuple[dict[str, Any], ...] = (
    {"background__color": COLOUR},
    {"result__crop_to_foreground": True},
    {"result__margin": "30px"},
    {"result__target_size": "200 100"},
    {"result__vertical_alignment": "top"},
    {"result__target_size": "100 300", "result__vertical_alignment": "bottom"},
)


def _cases() -> tuple[Case, ...]:
    picture = draw(CORNER)
    return (
        case("a test", _delta(picture, {"test": True})),
        *(case(f"a test with {', '.join(one)}", _delta(picture, {"test": True, **one})) for one in _IGNORED),
        case("a shrunken picture", _delta(picture, {"test": True, "max_pixels": 1000})),
        case("a disc beside its PNG", *_both(draw(ROUND))),
        case("a photograph beside its PNG", *_both(draw(PHOTO))),
        case("a soft disc beside its PNG", *_both(draw(SOFT))),
        case("a soft disc with a texture beside its PNG", *_both(draw(replace(SOFT, noise=4, mark=(30, 90, 60))))),
        case("a turned disc beside its PNG", *_both(draw(replace(ROUND, orientation=6)))),
        case("a colour", _delta(picture, {"background__color": COLOUR})),
    )


def _generated() -> SearchStrategy[Case]:
    return st.builds(lambda picture: case("generated", *_both(picture)), pictures())


def _delta(picture: Picture, parameters: dict[str, Any]) -> Request:
    return upload(picture, output__format="delta_png", **parameters)


def _both(picture: Picture) -> tuple[Request, Request]:
    return upload(picture, output__format="png"), _delta(picture, {})


CAMPAIGN = Campaign("delta", "delta PNGs and their way back to the result", ("delta",), _cases, _generated)
