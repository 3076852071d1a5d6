"""The same requests as tests and for production."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.cases import Campaign
from contracts.providers.pixian.campaigns.background import COLOUR
from contracts.providers.pixian.campaigns.form import case, upload
from contracts.providers.pixian.campaigns.scenes import PHOTO
from contracts.strategies import draw

if TYPE_CHECKING:
    from contracts.cases import Case


def _cases() -> tuple[Case, ...]:
    picture = draw(PHOTO)
    coloured: dict[str, Any] = {"background__color": COLOUR}
    return (
        case("a test", upload(picture, test=True)),
        case("a test with a colour", upload(picture, test=True, output__format="png", **coloured)),
        case("for production, with a colour", upload(picture, output__format="png", **coloured)),
        case("a test and the same for production", upload(picture, test=True), upload(picture)),
        case("with a colour", upload(picture, test=True, **coloured), upload(picture, **coloured)),
    )


CAMPAIGN = Campaign("watermark", "tests beside production", ("test.watermark", "test.watermark-production"), _cases)
