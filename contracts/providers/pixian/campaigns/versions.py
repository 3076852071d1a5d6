"""Requests to version 1, beside the same to version 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from contracts.cases import HOST, Campaign, Case
from contracts.providers.pixian.campaigns.form import V1, case, multipart, upload
from contracts.strategies import Drawing, draw, pictures

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contracts.strategies import Picture


def _cases() -> tuple[Case, ...]:
    picture = draw(Drawing())
    by_url = multipart({"image.url": f"{HOST}/there", "test": True}, path=V1)
    return (
        _both(picture),
        case("a URL", by_url, there=picture.data),
        case(
            "two spellings",
            upload(picture, path=V1, test=True, maxPixels=500),
            upload(picture, path=V1, test=True, max_pixels=500),
        ),
        case("a target size", upload(picture, path=V1, test=True, result__targetSize="40 50")),
        case("a crop", upload(picture, path=V1, test=True, result__cropToForeground=True)),
    )


def _both(picture: Picture) -> Case:
    return case("both versions", upload(picture, test=True), upload(picture, path=V1, test=True))


def _generated() -> SearchStrategy[Case]:
    return st.builds(_both, pictures(longest=96))


CAMPAIGN = Campaign("versions", "version 1, beside version 2", ("v1",), _cases, _generated)
