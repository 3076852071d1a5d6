"""Plain requests of pictures of all sizes and orientations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from contracts.cases import Campaign
from contracts.providers.pixian.campaigns.form import case, upload
from contracts.strategies import Drawing, draw, pictures

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contracts.cases import Case


def _cases() -> tuple[Case, ...]:
    oriented = [draw(Drawing(kind="jpeg", orientation=number, left=40, top=15)) for number in range(1, 9)]
    return (
        case("a test", upload(draw(Drawing()), test=True)),
        case("for production", upload(draw(Drawing()))),
        *(case(f"orientation {one.drawing.orientation}", upload(one)) for one in oriented),
    )


def _generated() -> SearchStrategy[Case]:
    return st.builds(lambda picture, test: case("generated", upload(picture, test=test)), pictures(), st.booleans())


CAMPAIGN = Campaign("sizes", "sizes and orientations of inputs", ("header", "image.orientation"), _cases, _generated)
