"""Results that are cropped to the foreground, and results that are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.cases import Campaign
from contracts.providers.pixian.campaigns.form import case, upload
from contracts.providers.pixian.campaigns.scenes import CORNER
from contracts.strategies import draw

if TYPE_CHECKING:
    from contracts.cases import Case


def _cases() -> tuple[Case, ...]:
    picture = draw(CORNER)
    return (
        case("a test is cropped", upload(picture, test=True, result__crop_to_foreground=True)),
        case("a test is not cropped", upload(picture, test=True, result__crop_to_foreground=False)),
        case("a test without a word about it", upload(picture, test=True)),
        case("shrunk and cropped", upload(picture, test=True, result__crop_to_foreground=True, max_pixels=4800)),
        case("shrunk and not cropped", upload(picture, test=True, max_pixels=4800)),
        case("cropped", upload(picture, result__crop_to_foreground=True)),
    )


CAMPAIGN = Campaign("crop", "results with and without a crop to the foreground", ("crop", "success.foreground"), _cases)
