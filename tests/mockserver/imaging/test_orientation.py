"""EXIF orientation: each value is told and undone, whatever kind of file carries it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from contracts.behaviour import Box, Recipe
from mockserver.imaging import render
from pictures import disc, encoded, pixels

ANY = Recipe(frozenset({"jpeg", "png", "tiff", "webp"}))
ORIENTATION = 0x0112
SIZE, OBJECT = (96, 64), (10, 6, 50, 36)
"""Width and height as stored, and left, top, right, bottom of the object as stored: near the upper left corner."""

UPRIGHT = {
    1: lambda stored: stored,
    2: np.fliplr,
    3: lambda stored: np.rot90(stored, 2),
    4: np.flipud,
    5: lambda stored: stored.transpose(1, 0, 2),
    6: lambda stored: np.rot90(stored, -1),
    7: lambda stored: stored.transpose(1, 0, 2)[::-1, ::-1],
    8: lambda stored: np.rot90(stored, 1),
}
"""What turns the stored pixels upright, by the meaning that the EXIF standard gives each value."""

BOXES = {
    1: Box(top=6, left=10, width=40, height=30),
    2: Box(top=6, left=46, width=40, height=30),
    3: Box(top=28, left=46, width=40, height=30),
    4: Box(top=28, left=10, width=40, height=30),
    5: Box(top=10, left=6, width=30, height=40),
    6: Box(top=10, left=28, width=30, height=40),
    7: Box(top=46, left=28, width=30, height=40),
    8: Box(top=46, left=6, width=30, height=40),
}
"""Where the object is in the upright picture, worked out by hand."""


def stored(kind: str, orientation: int) -> bytes:
    """Return a picture of *kind* that says it has *orientation*."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    options = {"lossless": True} if kind == "WEBP" else {}
    return encoded(disc(SIZE, OBJECT), kind, exif=exif, **options)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_an_orientation_that_is_none_is_upright(kind: str, orientation: int) -> None:
    """A value beyond those of the standard says nothing, whatever kind of file carries it."""
    done = render(stored(kind, orientation), ANY)
    assert done.orientation == 1
    assert done.input_foreground == render(stored(kind, 1), ANY).input_foreground


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_every_orientation_is_told_and_undone(kind: str, orientation: int) -> None:
    """The value, the upright size and the upright place of the foreground are told."""
    done = render(stored(kind, orientation), ANY)
    size = SIZE if orientation < 5 else SIZE[::-1]
    assert done.orientation == orientation
    assert done.input_size == done.working_size == done.result_size == size
    for found in (done.input_foreground, done.result_foreground):
        expected = BOXES[orientation]
        assert (found.top, found.left) == pytest.approx((expected.top, expected.left), abs=2)
        assert (found.width, found.height) == pytest.approx((expected.width, expected.height), abs=4)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_opaque_pixels_are_those_of_the_upright_input(kind: str, orientation: int) -> None:
    """Turned by numpy, the stored pixels are those of the result wherever it is opaque."""
    upright = UPRIGHT[orientation](np.asarray(disc(SIZE, OBJECT)))
    found = pixels(render(stored(kind, orientation), ANY).data)
    opaque = found[..., 3] == 255
    assert opaque.sum() > 700
    assert (found[opaque][:, :3] == upright[opaque]).all()


def test_a_result_asks_nobody_to_turn_it_again() -> None:
    """Neither PNG nor JPEG results carry an orientation."""
    for recipe in (ANY, replace(ANY, encoding="jpeg")):
        data = render(stored("JPEG", 6), recipe).data
        assert b"Exif" not in data
        assert b"eXIf" not in data


def test_an_orientation_is_undone_before_scaling_down() -> None:
    """Sizes and boxes of a turned picture that is scaled down are upright too."""
    done = render(stored("JPEG", 6), replace(ANY, shrink_to_pixels=32 * 48))
    assert done.orientation == 6
    assert done.input_size == (64, 96)
    assert done.working_size == (32, 48)
    box = done.input_foreground
    assert (box.top, box.left, box.width, box.height) == pytest.approx((10, 28, 30, 40), abs=5)
