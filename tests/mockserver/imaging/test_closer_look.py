"""Small and thin things in large pictures: they are found, and their outline is as exact as that of large ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from contracts.behaviour import Recipe
from mockserver.imaging import render
from pictures import encoded, pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray

ANY = Recipe(frozenset({"png", "jpeg"}))
GROUND, COLOUR = (206, 204, 198), (52, 84, 120)


def photographed(truth: NDArray[np.bool_], noise: float) -> Image.Image:
    """Return a picture of *truth* in one colour before another, with Gaussian *noise* (standard deviation)."""
    values = np.where(truth[..., None], np.array(COLOUR, np.float32), np.array(GROUND, np.float32))
    values = values + np.random.default_rng(3).normal(0, noise, values.shape)
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def circle(height: int, width: int, row: int, column: int, radius: int) -> NDArray[np.bool_]:
    """Return the pixels of a circle."""
    rows, columns = np.ogrid[:height, :width]
    return np.asarray((rows - row) ** 2 + (columns - column) ** 2 <= radius**2)


def quickly(picture: Image.Image) -> bytes:
    """Return *picture* as a PNG that takes little time to make."""
    return encoded(picture, compress_level=1)


def overlap(data: bytes, truth: NDArray[np.bool_]) -> float:
    """Return the intersection over the union of the mask found and *truth*."""
    found = pixels(render(data, ANY).data)[..., 3] >= 128
    return float((found & truth).sum() / (found | truth).sum())


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize(
    ("radius", "goal"), [(15, 0.95), *(pytest.param(one, 0.98, marks=pytest.mark.thorough) for one in (40, 120))]
)
def test_a_small_thing_in_a_large_picture_is_cut_exactly(kind: str, radius: int, goal: float) -> None:
    """A thing smaller than a cell of the first look is looked at again; a pixel counts for more the smaller it is."""
    truth = circle(1800, 2400, 300, 1900, radius)
    assert overlap(encoded(photographed(truth, 5), kind, compress_level=1), truth) >= goal


def test_two_small_things_far_apart_are_both_found() -> None:
    """The closer look covers all that was found."""
    truth = circle(1500, 2000, 150, 200, 30) | circle(1500, 2000, 1300, 1800, 36)
    assert overlap(quickly(photographed(truth, 4)), truth) >= 0.97


def test_a_thin_line_is_not_lost() -> None:
    """A line of eight pixels across a large picture is cut out whole."""
    rows, columns = np.mgrid[:1200, :1800]
    truth = (np.abs(rows - 600 - 0.2 * (columns - 900)) < 4) & (np.abs(columns - 900) < 700)
    assert overlap(quickly(photographed(truth, 3)), truth) >= 0.97


def test_a_hole_in_a_large_thing_is_open() -> None:
    """A hole of a few percent of the thing's area shows the background."""
    truth = circle(1400, 1400, 700, 700, 400) & ~circle(1400, 1400, 600, 800, 70)
    data = quickly(photographed(truth, 6))
    assert overlap(data, truth) >= 0.99
    assert pixels(render(data, ANY).data)[600, 800, 3] == 0


@pytest.mark.thorough
def test_what_lies_far_from_the_found_is_transparent_black() -> None:
    """Everything outside the closer look is 0x00000000."""
    truth = circle(1800, 2400, 300, 1900, 20)
    found = pixels(render(quickly(photographed(truth, 5)), ANY).data)
    assert (found[600:] == 0).all()
    assert (found[:, :1500] == 0).all()
