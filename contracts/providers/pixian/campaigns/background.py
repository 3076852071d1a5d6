"""Results with a colour behind the foreground, and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.cases import Campaign
from contracts.providers.pixian.campaigns.form import case, upload
from contracts.providers.pixian.campaigns.scenes import MIDDLE
from contracts.strategies import draw

if TYPE_CHECKING:
    from contracts.cases import Case

COLOUR = "#0055FF"
WRONG = ("0055FF", "#05F", "blue", "#GG55FF")


def _cases() -> tuple[Case, ...]:
    picture = draw(MIDDLE)
    return (
        case(
            "a test with a colour, as PNG", upload(picture, test=True, output__format="png", background__color=COLOUR)
        ),
        case("a test without a colour", upload(picture, test=True)),
        *(case(f"the colour {one}", upload(picture, test=True, background__color=one)) for one in WRONG),
        case("a colour", upload(picture, background__color=COLOUR)),
        case("a colour, as PNG", upload(picture, output__format="png", background__color=COLOUR.lower())),
        case("no colour", upload(picture)),
    )


CAMPAIGN = Campaign(
    "background", "a colour in place of the background, or nothing", ("background", "success.foreground"), _cases
)
