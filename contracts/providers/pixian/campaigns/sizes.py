"""Plain requests of pictures of all sizes and orientations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from contracts.cases import Campaign
from contracts.providers.pixian.campaigns.form import case, upload
from contracts.providers.pixian.campaigns.scenes import CORNER
from contracts.strategies import draw, pictures

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contracts.cases import Case


def _cases() -> tuple[Case, ...]:
    oriented = [draw(replace(CORNER, kind="jpeg", orientation=number)) for number in range(1, 9)]
    return (
        case("a test", upload(draw(CORNER), test=True)),
        case("a test that is shrunk", upload(draw(CORNER), test=True, max_pixels=2400)),
        case("a test that is cropped", upload(draw(CORNER), test=True, result__crop_to_foreground=True)),
        *(case(f"a test of orientation {one.drawing.orientation}", upload(one, test=True)) for one in oriented),
        case("for production", upload(draw(CORNER))),
        *(case(f"orientation {one.drawing.orientation}", upload(one)) for one in oriented),
    )


def _generated() -> SearchStrategy[Case]:
    return st.builds(lambda picture, test: case("generated", upload(picture, test=test)), pictures(), st.booleans())


CAMPAIGN = Campaign("sizes", "sizes and orientations of inputs", ("header", "image.orientation"), _cases, _generated)
