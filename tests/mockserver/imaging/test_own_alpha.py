"""Pictures that bring transparency of their own: a mask is kept, a few stray pixels are not taken for one."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from contracts.behaviour import Box, Recipe
from mockserver.imaging import render
from pictures import disc, encoded, pixels

ANY = Recipe(frozenset({"png"}))
SIZE, BOX = (240, 180), (60, 45, 180, 135)


def with_alpha(alpha: np.ndarray) -> bytes:
    """Return a picture of a disc on a plain background that has *alpha*."""
    picture = disc(SIZE, BOX).convert("RGBA")
    picture.putalpha(Image.fromarray(alpha))
    return encoded(picture)


@pytest.mark.parametrize("value", [0, 254])
def test_a_stray_pixel_is_no_mask(value: int) -> None:
    """The disc is cut out all the same, and the pixel stays as transparent as it was."""
    alpha = np.full(SIZE[::-1], 255, np.uint8)
    alpha[0, 0] = value
    result = render(with_alpha(alpha), ANY)
    assert result.result_foreground == Box(45, 60, 120, 90)
    assert pixels(result.data)[0, 0, 3] == 0


def test_rounded_corners_are_no_mask() -> None:
    """The backdrop goes, and a thing that reaches into a rounded corner is rounded there, too."""
    alpha = np.full(SIZE[::-1], 255, np.uint8)
    alpha[:5, :5] = alpha[-5:, :5] = alpha[:5, -5:] = alpha[-5:, -5:] = 0
    found = pixels(render(with_alpha(alpha), ANY).data)[..., 3]
    assert found[90, 120] == 255
    assert found[90, 20] == 0
    assert (found[alpha == 0] == 0).all()


def test_a_hundredth_is_a_mask() -> None:
    """Where more is transparent, all the rest is foreground, background colour or not."""
    alpha = np.full(SIZE[::-1], 255, np.uint8)
    alpha[:, :4] = 0
    result = render(with_alpha(alpha), ANY)
    assert result.result_foreground == Box(0, 4, 236, 180)


@pytest.mark.parametrize("pixels_", [100_000, 300_000, 799_999])
def test_scaling_down_leaves_no_ghosts(pixels_: int) -> None:
    """What max_pixels shrinks has its foreground where it was, and nothing around it."""
    alpha = np.zeros((800, 1000), np.uint8)
    alpha[200:600, 300:700] = 255
    picture = encoded(Image.fromarray(np.dstack([np.full((800, 1000, 3), 90, np.uint8), alpha]), "RGBA"))
    result = render(picture, Recipe(frozenset({"png"}), shrink_to_pixels=pixels_))
    scale = result.working_size[0] / 1000
    box = result.result_foreground
    assert abs(box.left - 300 * scale) <= 2
    assert abs(box.top - 200 * scale) <= 2
    assert abs(box.width - 400 * scale) <= 3
    found = result.input_foreground
    assert abs(found.left - 300) <= 2 / scale
    assert abs(found.width - 400) <= 3 / scale
    inside = pixels(result.data)[box.top + 3 : box.top + box.height - 3, box.left + 3 : box.left + box.width - 3, 3]
    assert (inside == 255).all()
