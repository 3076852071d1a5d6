"""Tests and requests for production between looks at the account, so that its losses show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from contracts.cases import Campaign, Case
from contracts.providers.pixian.campaigns.form import account, case, multipart, upload
from contracts.strategies import Drawing, draw, pictures

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contracts.strategies import Picture


def _cases() -> tuple[Case, ...]:
    picture, look = draw(Drawing()), account()
    test, paid = upload(picture, test=True), upload(picture)
    wide = draw(Drawing(width=1300, height=1000))  # what it costs shows in few decimals, too
    large = upload(wide)
    return (
        case("tests and the account", look, test, look, test, look),
        case("production and the account", look, paid, look, paid, look),
        case("large ones and the account", look, large, look, large, look),
        case("a test and the same for production", test, paid, upload(picture, test=False)),
        case("a large test and the same for production", upload(wide, test=True), upload(wide)),
        case("an error and the account", look, multipart({"test": True}), look),
        case("an error for production and the account", look, multipart({"max_pixels": 1000}), look),
        case("scaled down", upload(picture, test=True, max_pixels=500), upload(picture, max_pixels=500)),
    )


def _generated() -> SearchStrategy[Case]:
    return st.builds(_priced, pictures(longest=96), st.none() | st.integers(100, 5000))


def _priced(picture: Picture, limit: int | None) -> Case:
    more: dict[str, Any] = {} if limit is None else {"max_pixels": limit}
    look = account()
    return case("generated", look, upload(picture, test=True, **more), look, upload(picture, **more), look)


CAMPAIGN = Campaign(
    "credit",
    "what tests and production cost, beside the account",
    (
        *("credits", "test.default", "test.free", "test.no-purchase", "header.charged", "header.charged-test"),
        *("header.charged-actual", "header.charged-decimals", "header.calculated", "header.calculated-test-only"),
        *("header.calculated-value",),
    ),
    _cases,
    _generated,
)
