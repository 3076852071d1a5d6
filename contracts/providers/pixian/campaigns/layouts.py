"""Layouts of all kinds together: crop, margin, target, alignment, colour, format and ``max_pixels``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from contracts.cases import Campaign
from contracts.providers.pixian.campaigns.form import case, upload
from contracts.strategies import pictures

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contracts.cases import Case
    from contracts.strategies import Picture

_TOPICS = (
    *("max-pixels", "background", "crop", "margin", "target-size", "vertical-alignment", "output", "header"),
    "success.foreground",
)


def _generated() -> SearchStrategy[Case]:
    return st.builds(_case, pictures(), _parameters(), st.booleans())


def _case(picture: Picture, parameters: dict[str, Any], test: bool) -> Case:  # noqa: FBT001  as it is drawn
    asked: dict[str, Any] = {"test": True, **parameters} if test else parameters
    return case("generated", upload(picture, **asked))


def _parameters() -> SearchStrategy[dict[str, Any]]:
    """Return a strategy for parameters of results; it shrinks to few and simple ones."""
    return st.fixed_dictionaries(
        {},
        optional={
            "max_pixels": st.integers(100, 30_000),
            "background__color": st.integers(0, 0xFFFFFF).map("#{:06X}".format),
            "result__crop_to_foreground": st.booleans(),
            "result__margin": _margins(),
            "result__target_size": st.builds("{} {}".format, st.integers(1, 250), st.integers(1, 250)),
            "result__vertical_alignment": st.sampled_from(["top", "middle", "bottom"]),
            "output__format": st.sampled_from(["auto", "png", "jpeg"]),
        },
    )


def _margins() -> SearchStrategy[str]:
    whole = st.integers(0, 60).map(str)
    decimal = st.builds("{}.{}".format, st.integers(0, 60), st.integers(0, 99))
    length = st.builds("{}{}".format, st.one_of(whole, decimal), st.sampled_from(["px", "%"]))
    return st.lists(length, min_size=1, max_size=4).map(" ".join)


CAMPAIGN: Campaign[Case] = Campaign("layouts", "all that shapes a result, together", _TOPICS, tuple, _generated)
