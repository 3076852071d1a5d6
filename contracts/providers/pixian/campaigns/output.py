"""Every format with and without a colour, and JPEGs of several qualities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.cases import Campaign
from contracts.providers.pixian.campaigns.background import COLOUR
from contracts.providers.pixian.campaigns.form import case, upload
from contracts.providers.pixian.campaigns.scenes import MIDDLE, PHOTO
from contracts.strategies import draw

if TYPE_CHECKING:
    from contracts.cases import Case
    from contracts.model import Request

_FORMATS = ("auto", "png", "jpeg")
_QUALITIES = (1, 2, 10, 50, 75, 90, 99, 100)


def _cases() -> tuple[Case, ...]:
    picture = draw(MIDDLE)
    coloured: dict[str, Any] = {"background__color": COLOUR}
    return (
        *(case(f"as {name}", upload(picture, test=True, output__format=name)) for name in _FORMATS),
        *(
            case(f"as {name}, with a colour", upload(picture, test=True, output__format=name, **coloured))
            for name in _FORMATS
        ),
        case("no format", upload(picture, test=True)),
        case("no format, with a colour", upload(picture, test=True, **coloured)),
        case("the default quality", _jpeg(None), _jpeg(75)),
        case("better and better", *map(_jpeg, _QUALITIES)),
        case("a JPEG for production", upload(picture, output__format="jpeg")),
    )


def _jpeg(quality: int | None) -> Request:
    """Return the request for a JPEG of a photograph, as a test."""
    parameters: dict[str, Any] = {} if quality is None else {"output__jpeg_quality": quality}
    return upload(draw(PHOTO), test=True, output__format="jpeg", **parameters)


CAMPAIGN = Campaign("output", "formats and qualities of results", ("output",), _cases)
