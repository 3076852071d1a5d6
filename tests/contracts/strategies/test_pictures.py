"""Drawings are what they say, and always the same bytes."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from contracts.checks.raster import decode
from contracts.strategies import KINDS, Drawing, Picture, draw, drawings, pictures
from contracts.strategies.pictures import MOST_NOISE


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
        assert np.abs(middle - drawing.foreground).max() <= MOST_NOISE * drawing.noise + 1
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


@given(drawings(kinds=("png",)))
def test_noise_leaves_no_odd_pixel(drawing: Drawing) -> None:
    """No pixel of the background is far from all others, so that none could be taken for foreground."""
    found = decode(draw(replace(drawing, mode="RGB")).data)
    assert found.scene is not None
    assert found.scene.reach == found.scene.box


def test_a_mark_shows_how_a_picture_is_turned() -> None:
    """The upper left quarter of the shape has the mark's colour, and no other."""
    marked = Drawing(foreground=(10, 20, 30), mark=(90, 60, 10))
    pixels = decode(draw(marked).data).pixels
    top, left, width, height = marked.box
    quarters = [pixels[top + height * down // 4, left + width * across // 4] for down in (1, 3) for across in (1, 3)]
    assert [tuple(int(level) for level in one[:3]) for one in quarters] == [(90, 60, 10), *[(10, 20, 30)] * 3]


@pytest.mark.parametrize("shape", ["rectangle", "ellipse"])
def test_a_soft_edge_fades_within_the_shape(shape: str) -> None:
    """Around the shape there is background alone, at its edge something of both, in its middle all foreground."""
    soft = Drawing(width=80, height=80, shape=shape, foreground=(0, 0, 0), background=(255, 255, 255), softness=6)
    row = decode(draw(soft).data).pixels[40, :, 0].astype(int)
    left = soft.box[1]
    assert (row[:left] == 255).all()
    assert (np.diff(row[left - 1 : left + 7]) < 0).sum() >= 6
    assert row[40] == 0


def test_a_large_picture_is_drawn_in_little_memory() -> None:
    """Some times the bytes of its pixels, and not some times those of exact numbers."""
    tracemalloc.start()
    try:
        draw(Drawing(width=2500, height=2400, mode="L"))
        assert tracemalloc.get_traced_memory()[1] < 3 * 2500 * 2400 * 3
    finally:
        tracemalloc.stop()
