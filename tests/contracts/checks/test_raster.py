"""Pictures as checks see them."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from contracts.checks.raster import Box, Distant, OutsizeError, RasterError, box_of, decode
from contracts.strategies import KINDS, Drawing, draw, drawings


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read(kind: str) -> None:
    """Size, kind and the clear scene of what was drawn."""
    drawing = Drawing(width=80, height=60, kind=kind, mode="P" if kind == "gif" else "RGB", left=40, top=15)
    raster = decode(draw(drawing).data)
    assert raster.kind == kind
    assert raster.size == raster.stored == (80, 60)
    assert raster.orientation == 1
    assert raster.scene is not None
    assert raster.scene.box == Box(*drawing.box)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["png", "jpeg", "tiff", "webp"])
def test_orientations_are_applied(kind: str, orientation: int) -> None:
    """Whatever way a picture is stored, its pixels are upright."""
    upright = decode(draw(Drawing(kind=kind, left=40, top=15)).data)
    turned = decode(draw(Drawing(kind=kind, left=40, top=15, orientation=orientation)).data)
    assert turned.orientation == orientation
    assert turned.size == upright.size
    assert (turned.stored == turned.size) == (orientation < 5)
    assert np.abs(turned.pixels.astype(int) - upright.pixels.astype(int)).max() < 40


@given(drawings(kinds=("png", "bmp", "tiff"), shortest=40))
def test_a_clear_drawing_has_a_clear_scene(drawing: Drawing) -> None:
    """What is drawn as foreground is surely foreground, but for a rim; and so is the background."""
    raster = decode(draw(drawing).data)
    scene = raster.scene
    assert scene is not None
    top, left, width, height = drawing.box
    centre = (top + height // 2, left + width // 2)
    assert not scene.background[centre]
    assert scene.background[0, 0]
    assert not (scene.foreground & scene.background).any()
    assert abs(scene.box.top - top) <= 1
    assert abs(scene.box.right - left - width) <= 1


def test_what_is_not_clear_has_no_scene() -> None:
    """Noise, a picture without anything in it, one that is all foreground, and one with transparency."""
    noise = np.random.default_rng(0).integers(0, 255, (40, 40, 3), dtype=np.uint8)
    plain = np.full((40, 40, 3), 200, np.uint8)
    half = np.zeros((40, 40, 4), np.uint8)
    for pixels in (noise, plain, half):
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG")
        assert decode(buffer.getvalue()).scene is None


CUTS = [(kind, cut) for kind in ("png", "jpeg", "bmp", "tiff", "webp") for cut in (1, 10, 60, -1, -20)]
CUTS.remove(("jpeg", -1))  # without the last byte of its end marker a JPEG is whole to every decoder


@pytest.mark.parametrize(("kind", "cut"), CUTS)
def test_a_cut_off_picture_is_none(kind: str, cut: int) -> None:
    """A decoder's patience with files that break off hides what a client would see."""
    data = draw(Drawing(kind=kind, noise=4)).data
    with pytest.raises(RasterError):
        decode(data[:cut])


@given(st.binary(max_size=300))
def test_rubbish_is_none(data: bytes) -> None:
    """Any bytes lead to a picture or to a sentence, never to another error."""
    for start in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"GIF89a", b"II*\0", b"RIFF\0\0\0\0WEBP"):
        with contextlib.suppress(RasterError):
            assert decode(start + data).pixels.size


@pytest.mark.thorough
def test_an_enormous_picture_is_not_decoded() -> None:
    """A few bytes that claim gigapixels are refused by their header."""
    for side in (9_500, 20_000):
        buffer = io.BytesIO()
        Image.new("1", (side, side)).save(buffer, "PNG")
        with pytest.raises(RasterError, match=r"too many|exceeds limit"):
            decode(buffer.getvalue())


def test_boxes() -> None:
    """Top, left, width, height of what is set; nothing for nothing."""
    mask = np.zeros((10, 20), np.bool_)
    assert box_of(mask) is None
    mask[3:5, 7:12] = True
    assert box_of(mask) == Box(3, 7, 5, 2)


def test_odd_pixels_are_within_reach_alone() -> None:
    """A single pixel that stands out moves the box of all that could be foreground, and not that of what surely is."""
    drawing = Drawing(width=80, height=60)
    with Image.open(io.BytesIO(draw(drawing).data)) as image:
        image.putpixel((4, 30), (0, 0, 0))
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
    scene = decode(buffer.getvalue()).scene
    assert scene is not None
    top, left, width, height = drawing.box
    assert scene.box == Box(top, left, width, height)
    assert scene.reach == Box(top, 4, left + width - 4, height)


def test_a_picture_of_too_many_pixels_is_not_decoded() -> None:
    """The error tells its size; the bound is the caller's."""
    data = draw(Drawing(width=80, height=60)).data
    assert decode(data, 80 * 60).size == (80, 60)
    with pytest.raises(OutsizeError, match="too many to look at") as caught:
        decode(data, 80 * 60 - 1)
    assert caught.value.size == (80, 60)


@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_a_large_picture_is_the_same_though_it_is_not_kept(orientation: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pixels are decoded when they are asked for, as upright as those of others."""
    data = draw(Drawing(width=80, height=60, kind="jpeg", left=40, top=15, orientation=orientation)).data
    kept = decode(data)
    monkeypatch.setattr("contracts.checks.raster._MOST_KEPT", 0)
    distant = decode(data)
    assert isinstance(distant.image, Distant)
    assert (distant.size, distant.stored, distant.image.mode) == (kept.size, kept.stored, kept.image.mode)
    assert (distant.pixels == kept.pixels).all()
