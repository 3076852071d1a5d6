"""Colours and transparency of unusual files: what is exact stays exact, what is converted is plausible."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from PIL import Image, ImageCms

from contracts.behaviour import Recipe
from mockserver.imaging import render
from pictures import disc, encoded, pixels

ANY = Recipe(frozenset({"jpeg", "png", "tiff", "gif", "webp", "bmp"}))
INSIDE, OUTSIDE = (60, 75), (3, 3)
"""Row and column of a pixel in the middle of the disc, and of one in the corner."""
Encoding = Literal["png", "jpeg", "delta_png"]
RGB_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a PNG chunk."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_of_16_bits(values: np.ndarray) -> bytes:
    """Return *values*, shape (height, width, channels), as a PNG of 16 bits a channel."""
    height, width, channels = values.shape
    colour_type = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    rows = b"".join(b"\x00" + row.astype(">u2").tobytes() for row in values)
    head = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_of_16_bits_the_upper_8_are_kept(channels: int) -> None:
    """Grey and colour, with and without alpha."""
    eight = np.asarray(disc().convert({1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[channels])).reshape(120, 160, channels)
    low = np.random.default_rng(0).integers(0, 256, eight.shape)
    found = pixels(render(png_of_16_bits(eight.astype(np.uint16) * 256 + low), ANY).data)
    opaque = found[..., 3] == 255
    expected = eight[..., : channels - (channels % 2 == 0)]
    assert found[INSIDE][3] == 255
    assert (np.abs(found[opaque][:, :3].astype(int) - expected[opaque]) <= 1).all()


def test_a_transparent_colour_of_a_palette_is_the_matte() -> None:
    """A GIF's transparent index is transparency of its own."""
    picture = disc().quantize(16)
    corner = picture.getpixel((0, 0))
    found = pixels(render(encoded(picture, "GIF", transparency=corner), ANY).data)
    assert found[OUTSIDE][3] == 0
    assert found[INSIDE][3] == 255
    assert set(np.unique(found[..., 3])) == {0, 255}


def test_partly_transparent_input_keeps_its_colours() -> None:
    """Where the input's alpha is partial, result pixels are those of the input, and hidden colours are dropped."""
    values = np.random.default_rng(4).integers(0, 256, (50, 70, 4), dtype=np.uint8)
    found = pixels(render(encoded(Image.fromarray(values, "RGBA")), ANY).data)
    visible = values[..., 3] > 0
    assert (found[visible] == values[visible]).all()
    assert (found[~visible] == 0).all()


def test_a_picture_that_hides_all_of_itself_is_shown() -> None:
    """Alpha that is zero everywhere says nothing of a foreground, so that the colours decide."""
    picture = disc().convert("RGBA")
    picture.putalpha(0)
    found = pixels(render(encoded(picture), ANY).data)
    assert found[INSIDE][3] == 255
    assert found[OUTSIDE][3] == 0


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_becomes_the_colour_that_it_prints(kind: str) -> None:
    """A red disc in printing colours is red, the paper is gone."""
    found = pixels(render(encoded(disc().convert("CMYK"), kind), ANY).data)
    red, green, blue, alpha = (int(value) for value in found[INSIDE])
    assert alpha == 255
    assert red > 150
    assert max(green, blue) < 90
    assert found[OUTSIDE][3] == 0


@pytest.mark.parametrize("encoding", ["png", "delta_png", "jpeg"])
@pytest.mark.parametrize("background", [None, (10, 20, 30)])
def test_a_profile_changes_no_pixel_and_stays(encoding: Encoding, background: tuple[int, int, int] | None) -> None:
    """Colours are given back as they are stored, so that a delta fits the input, and are still meant the same way."""
    recipe = replace(ANY, encoding=encoding, background=background)
    plain, tagged = (render(encoded(disc(), icc_profile=profile), recipe).data for profile in (None, RGB_PROFILE))
    assert (pixels(tagged) == pixels(plain)).all()
    assert Image.open(io.BytesIO(tagged)).info["icc_profile"] == RGB_PROFILE
    assert "icc_profile" not in Image.open(io.BytesIO(plain)).info


def test_a_profile_for_grey_does_not_stay() -> None:
    """The result has red, green and blue, of which such a profile says nothing."""
    profile = RGB_PROFILE[:16] + b"GRAY" + RGB_PROFILE[20:]
    result = render(encoded(disc().convert("L"), "TIFF", icc_profile=profile), ANY).data
    assert "icc_profile" not in Image.open(io.BytesIO(result)).info


def test_a_broken_profile_does_no_harm() -> None:
    """A profile that is not one is ignored."""
    found = pixels(render(encoded(disc(), "JPEG", icc_profile=b"no profile at all"), ANY).data)
    assert found[INSIDE][3] == 255


def test_a_photograph_decodes_as_elsewhere() -> None:
    """Opaque pixels of a JPEG are those that another decoder shows, to within rounding."""
    values = np.asarray(disc((240, 180), (60, 45, 170, 140))).astype(int)
    values = (values + np.random.default_rng(5).integers(-12, 13, values.shape)).clip(0, 255).astype(np.uint8)
    data = encoded(Image.fromarray(values), "JPEG", quality=80)
    elsewhere = np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)
    found = pixels(render(data, ANY).data)
    opaque = found[..., 3] == 255
    assert opaque.sum() > 5000
    assert np.abs(found[opaque][:, :3] - elsewhere[opaque]).max() <= 2
