"""Margins of one to four lengths, in px and in %, around pictures and within targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.cases import Campaign
from contracts.providers.pixian.campaigns.form import case, upload
from contracts.providers.pixian.campaigns.scenes import MIDDLE
from contracts.strategies import draw

if TYPE_CHECKING:
    from contracts.cases import Case
    from contracts.strategies import Picture

_AROUND = (
    "20px",
    "12px 40px",
    "10px 35px 60px",
    "8px 32px 56px 80px",
    "20%",
    "10% 40%",
    "7.5px",
    ".75px",
    "12.5%",
    "10px 20% 5px 15%",
)
_WRONG = ("-5px", "10px -5%", "10", "0", "10px 5")


def _cases() -> tuple[Case, ...]:
    picture = draw(MIDDLE)
    return (
        *(_test(picture, margin) for margin in _AROUND),
        *(_test(picture, margin, crop=True) for margin in _AROUND),
        case("no margin", upload(picture, test=True)),
        case("no margin, cropped", upload(picture, test=True, result__crop_to_foreground=True)),
        _test(picture, "30px", target="240 200"),
        _test(picture, "8px 32px 56px 80px", crop=True, target="300 200"),
        _test(picture, "20% 5%", crop=True, target="200 200"),
        _test(picture, "30px", target="40 60"),
        *(_test(picture, margin) for margin in _WRONG),
        case("four lengths", upload(picture, result__margin="8px 32px 56px 80px")),
        case("inside a target", upload(picture, result__margin="30px 10px", result__target_size="240 200")),
    )


def _test(picture: Picture, margin: str, *, crop: bool = False, target: str = "") -> Case:
    parameters: dict[str, Any] = {"result__crop_to_foreground": True} if crop else {}
    if target:
        parameters["result__target_size"] = target
    name = f"{margin}{', cropped' if crop else ''}{', within ' if target else ''}{target}"
    return case(name, upload(picture, test=True, result__margin=margin, **parameters))


CAMPAIGN = Campaign("margin", "margins around pictures and within targets", ("margin",), _cases)
