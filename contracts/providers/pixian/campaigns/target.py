"""Target sizes wider and higher than the picture, larger and smaller, with every alignment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.cases import Campaign
from contracts.providers.pixian.campaigns.form import case, upload
from contracts.providers.pixian.campaigns.scenes import MIDDLE
from contracts.strategies import draw

if TYPE_CHECKING:
    from contracts.cases import Case

_WIDER, _HIGHER = "400 120", "150 300"
_SIZES = (_WIDER, _HIGHER, "60 80", "240 160")
_WRONG = ("100", "100x300", "100 300 50", "0 10", "wide high")
_ALIGNMENTS = ("top", "middle", "bottom")


def _cases() -> tuple[Case, ...]:
    picture = draw(MIDDLE)
    cropped: dict[str, Any] = {"result__crop_to_foreground": True}
    return (
        *(case(f"to {size}", upload(picture, test=True, result__target_size=size)) for size in _SIZES),
        *(
            case(f"cropped to {size}", upload(picture, test=True, result__target_size=size, **cropped))
            for size in (_WIDER, _HIGHER)
        ),
        *(
            case(
                f"cropped to {_HIGHER}, {word}",
                upload(picture, test=True, result__target_size=_HIGHER, result__vertical_alignment=word, **cropped),
            )
            for word in _ALIGNMENTS
        ),
        case(
            "the whole picture at the bottom",
            upload(picture, test=True, result__target_size=_HIGHER, result__vertical_alignment="bottom"),
        ),
        *(
            case(f"{word} without a target", upload(picture, test=True, result__vertical_alignment=word))
            for word in ("top", "bottom")
        ),
        *(case(f"the size {size}", upload(picture, test=True, result__target_size=size)) for size in _WRONG),
        case(
            "a size that nobody makes",
            upload(picture, test=True, result__target_size="99999 99999"),
            anywhere=False,
        ),
        case(f"cropped to {_WIDER}, for production", upload(picture, result__target_size=_WIDER, **cropped)),
        case(
            f"to {_HIGHER} at the top, for production",
            upload(picture, result__target_size=_HIGHER, result__vertical_alignment="top"),
        ),
    )


CAMPAIGN = Campaign("target", "target sizes and alignments", ("target-size", "vertical-alignment"), _cases)
