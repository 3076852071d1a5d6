"""Drawings are what they say, and always the same bytes."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from contracts.checks.raster import decode
from contracts.strategies import KINDS, Drawing, Picture, draw, drawings, pictures


@given(pictures(kinds=KINDS))
def test_a_picture_is_what_its_drawing_says(picture: Picture) -> None:
    """Kind, size and orientation, as another decoder sees them; the middle of the shape has its colour."""
    drawing = picture.drawing
    raster = decode(picture.data)
    assert (raster.kind, raster.size, raster.orientation) == (
        drawing.kind,
        (drawing.width, drawing.height),
        drawing.orientation,
    )
    if drawing.mode in {"RGB", "RGBA"} and drawing.kind in {"png", "bmp", "tiff"}:
        top, left, width, height = drawing.box
        middle = raster.pixels[top + height // 2, left + width // 2, :3].astype(int)
        assert np.abs(middle - drawing.foreground).max() <= 5 * drawing.noise + 1
        assert np.abs(raster.pixels[0, 0, :3].astype(int) - drawing.background).max() <= 5 * drawing.noise + 1


@given(drawings(kinds=("png", "jpeg", "tiff")))
def test_the_same_drawing_is_the_same_bytes(drawing: Drawing) -> None:
    """Noise included, so that a seed repeats a run."""
    first = draw(drawing).data
    draw.cache_clear()
    assert draw(drawing).data == first


def test_another_kind_of_file_keeps_the_orientation_it_can() -> None:
    """BMP and GIF files have no such tag."""
    assert Drawing(orientation=6).with_kind("bmp").orientation == 1
    assert Drawing(orientation=6).with_kind("gif").orientation == 1
    assert Drawing(orientation=6).with_kind("jpeg").orientation == 6
