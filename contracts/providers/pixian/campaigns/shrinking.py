"""Pictures of more and of fewer pixels than ``max_pixels``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contracts.cases import Campaign
from contracts.providers.pixian.campaigns.form import case, upload
from contracts.providers.pixian.campaigns.scenes import CORNER
from contracts.strategies import Drawing, draw

if TYPE_CHECKING:
    from contracts.cases import Case

_LARGER = Drawing(width=5010, height=5000, left=60, mode="L")
"""A picture of a few more pixels than the default allows, in few bytes."""


def _cases() -> tuple[Case, ...]:
    picture = draw(CORNER)
    turned = draw(replace(CORNER, kind="jpeg", orientation=6))
    pixels = CORNER.width * CORNER.height
    return (
        *(
            case(f"max_pixels={most}", upload(picture, test=True, max_pixels=most))
            for most in (100, 2400, pixels - 1, pixels, 25_000_000)
        ),
        case("a turned picture is shrunk", upload(turned, test=True, max_pixels=2400)),
        case("no max_pixels", upload(picture, test=True)),
        case("a picture of more than the default", upload(draw(_LARGER), test=True, output__format="jpeg")),
    )


CAMPAIGN = Campaign("shrinking", "pictures of more pixels than max_pixels", ("max-pixels",), _cases)
