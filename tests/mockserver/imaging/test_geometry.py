"""The layout of results, with numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contracts.behaviour import Box, ImageError, Length, Margin, Recipe, Size, Trouble
from mockserver.imaging.geometry import in_input, place

ANY = frozenset({"png"})
WORKING = (400, 300)
FOREGROUND = Box(top=50, left=100, width=200, height=80)


def px(top: float, right: float, bottom: float, left: float) -> Margin:
    """Return a margin of pixels."""
    return Margin(Length(top), Length(right), Length(bottom), Length(left))


def percent(top: float, right: float, bottom: float, left: float) -> Margin:
    """Return a margin in percent."""
    return Margin(Length(top, "%"), Length(right, "%"), Length(bottom, "%"), Length(left, "%"))


@pytest.mark.parametrize(
    ("recipe", "result", "scaled", "corner"),
    [
        (Recipe(ANY), (400, 300), (400, 300), (0, 0)),
        (Recipe(ANY, crop=True), (200, 80), (200, 80), (0, 0)),
        (Recipe(ANY, margin=px(1, 2, 3, 4)), (406, 304), (400, 300), (4, 1)),
        (Recipe(ANY, crop=True, margin=percent(10, 10, 10, 10)), (240, 96), (200, 80), (20, 8)),
        (Recipe(ANY, margin=replace(percent(10, 10, 10, 10), percent_of="width")), (480, 380), (400, 300), (40, 40)),
        (Recipe(ANY, target=(200, 200)), (200, 200), (200, 150), (0, 25)),
        (Recipe(ANY, target=(200, 200), vertical_alignment="top"), (200, 200), (200, 150), (0, 0)),
        (Recipe(ANY, target=(200, 200), vertical_alignment="bottom"), (200, 200), (200, 150), (0, 50)),
        (Recipe(ANY, target=(800, 300)), (800, 300), (400, 300), (200, 0)),
        (Recipe(ANY, target=(800, 900)), (800, 900), (800, 600), (0, 150)),
        (Recipe(ANY, crop=True, target=(300, 300), margin=px(50, 50, 50, 50)), (300, 300), (200, 80), (50, 110)),
        (Recipe(ANY, target=(100, 100), margin=px(80, 80, 80, 80)), (100, 100), (1, 1), (80, 80)),
        (Recipe(ANY, target=(100, 100), margin=px(0, 0, 0, 200)), (100, 100), (1, 1), (99, 49)),
        (Recipe(ANY, encoding="delta_png", crop=True, target=(9, 9), margin=px(5, 5, 5, 5)), WORKING, WORKING, (0, 0)),
    ],
)
def test_the_layout_follows_the_parameters(recipe: Recipe, result: Size, scaled: Size, corner: tuple[int, int]) -> None:
    """Result size, shown size and place of the content are as CSS and the documents have them."""
    placement = place(WORKING, FOREGROUND, recipe)
    assert placement.result == result
    assert placement.scaled == scaled
    assert (placement.left, placement.top) == corner


@pytest.mark.parametrize("recipe", [Recipe(ANY, target=(100_000, 100_000)), Recipe(ANY, margin=percent(9e9, 0, 0, 0))])
def test_a_result_beyond_the_limit_is_refused(recipe: Recipe) -> None:
    """The size is judged before memory is taken, and the sentence has the numbers."""
    with pytest.raises(ImageError, match="at most 100000000") as caught:
        place(WORKING, FOREGROUND, recipe)
    assert caught.value.trouble is Trouble.RESULT_TOO_LARGE


def test_a_box_grows_back_to_the_inputs_size() -> None:
    """Coordinates of a picture scaled down by 2.5 are those of the input again, rounded outwards, within it."""
    assert in_input(Box(1, 3, 10, 5), (40, 20), (100, 50)) == Box(2, 7, 26, 13)
    assert in_input(Box(10, 30, 10, 10), (40, 20), (99, 49)) == Box(24, 74, 25, 25)
