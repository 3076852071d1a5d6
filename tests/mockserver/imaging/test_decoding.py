"""Decoding: every kind and mode of picture, and none of what only looks like one."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from contracts.behaviour import ImageError, Recipe, Rendering, Trouble
from mockserver.imaging import render
from pictures import decoded, disc, encoded, pixels

KINDS = ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")
ANY = Recipe(frozenset(kind.lower() for kind in KINDS))


def trouble(data: bytes, recipe: Recipe = ANY) -> ImageError:
    """Return the error that *data* is refused with."""
    with pytest.raises(ImageError) as caught:
        render(data, recipe)
    return caught.value


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a PNG chunk."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def huge_png(width: int, height: int) -> bytes:
    """Return a small file that claims to be a large PNG."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def huge_bmp(width: int, height: int) -> bytes:
    """Return a small file that claims to be a large BMP."""
    return struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 54, 0, 0, 54, 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)


def huge_gif(width: int, height: int) -> bytes:
    """Return a small file that claims to be a large GIF."""
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
    frame = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02D\x01\x00"
    return head + frame + b";"


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("RGB", kind) for kind in KINDS]
    + [("L", "PNG"), ("L", "JPEG"), ("LA", "PNG"), ("P", "PNG"), ("P", "BMP"), ("1", "PNG"), ("1", "TIFF")]
    + [("CMYK", "JPEG"), ("CMYK", "TIFF"), ("RGBA", "PNG"), ("RGBA", "WEBP"), ("I;16", "PNG"), ("L", "TIFF")],
)
def test_every_mode_of_every_kind_is_read(mode: str, kind: str) -> None:
    """Size is kept, the middle of the object is opaque, the corner is transparent."""
    picture = disc()
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)
    else:
        picture = picture.convert(mode)
    found = pixels(render(encoded(picture, kind), ANY).data)
    assert found.shape == (120, 160, 4)
    assert found[60, 75, 3] == 255
    assert found[3, 3, 3] == 0


def test_colours_of_opaque_pixels_are_those_of_the_input() -> None:
    """A lossless input comes back unchanged where it is foreground."""
    source = np.asarray(disc())
    found = pixels(render(encoded(disc()), ANY).data)
    opaque = found[..., 3] == 255
    assert opaque.sum() > 1000
    assert (found[opaque][:, :3] == source[opaque]).all()
    assert (found[found[..., 3] == 0] == 0).all()


def test_nothing_is_told_apart_from_something_else() -> None:
    """An empty file is one trouble, an unknown kind another, and a kind that is not accepted a third."""
    assert trouble(b"").trouble is Trouble.EMPTY
    assert trouble(b"%PDF-1.7").trouble is Trouble.UNREADABLE
    refused = trouble(encoded(disc(), "WEBP"), Recipe(frozenset({"png", "jpeg"})))
    assert refused.trouble is Trouble.FORMAT_NOT_ACCEPTED
    assert refused.detail == "It is a webp file; accepted are jpeg, png."


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_cut_off_anywhere_is_refused(kind: str) -> None:
    """Half a file is unreadable, and the sentence names the kind."""
    data = encoded(disc(), kind)
    for part in (0.05, 0.3, 0.6, 0.9):
        error = trouble(data[: int(len(data) * part)])
        assert error.trouble is Trouble.UNREADABLE, part
        assert error.detail.endswith(".")


@pytest.mark.parametrize(
    "data",
    [
        huge_png(60_000, 60_000),
        huge_bmp(60_000, 60_000),
        huge_gif(60_000, 60_000),
        huge_png(8000, 4001),
        huge_png(31_900_000, 1),
        huge_bmp(1, 31_900_000),
    ],
    ids=["png", "bmp", "gif", "just over", "wide", "tall"],
)
def test_a_picture_with_too_many_pixels_is_refused_by_its_header(data: bytes) -> None:
    """No memory is taken for what a header merely claims."""
    assert trouble(data).trouble is Trouble.TOO_MANY_PIXELS


def test_a_file_that_holds_less_than_it_claims_is_unreadable() -> None:
    """A PNG of allowed size with too little data ends in an error, not in black pixels."""
    assert trouble(huge_png(5000, 5000)).trouble is Trouble.UNREADABLE


@given(kind=st.sampled_from(KINDS), places=st.lists(st.integers(0, 10_000), min_size=1, max_size=8), data=st.data())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_damaged_file_is_a_picture_or_an_error(kind: str, places: list[int], data: st.DataObject) -> None:
    """Whatever bytes are changed, there is a rendering or an ImageError."""
    damaged = bytearray(encoded(disc((40, 30), (10, 8, 30, 22)), kind))
    for place in places:
        damaged[place % len(damaged)] = data.draw(st.integers(0, 255))
    try:
        ending: object = render(bytes(damaged), Recipe(ANY.accepted, max_input_pixels=1_000_000))
    except ImageError as error:
        ending = error
    assert isinstance(ending, Rendering | ImageError)


@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_an_orientation_that_does_not_exist_is_none(orientation: int) -> None:
    """Values outside 1 to 8 leave the picture as it is stored."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    done = render(encoded(disc(), "JPEG", exif=exif), ANY)
    assert done.orientation == 1
    assert done.result_size == (160, 120)


def test_a_large_input_is_shrunk_in_shape() -> None:
    """The working size keeps to the limit and to the proportions; the input's size is told as it was."""
    done = render(
        encoded(disc((1600, 1200), (400, 300, 1100, 900)), "JPEG"), Recipe(ANY.accepted, shrink_to_pixels=9000)
    )
    width, height = done.working_size
    assert width * height <= 9000
    assert width / height == pytest.approx(4 / 3, rel=0.03)
    assert done.input_size == (1600, 1200)
    assert decoded(done.data).size == done.working_size
    box = done.input_foreground
    assert (box.left, box.top, box.width, box.height) == pytest.approx((400, 300, 700, 600), abs=32)


def test_an_input_that_may_not_be_shrunk_is_refused() -> None:
    """The sentence has both numbers."""
    error = trouble(encoded(disc()), Recipe(ANY.accepted, shrink_to_pixels=100, may_shrink=False))
    assert error.trouble is Trouble.WOULD_SHRINK
    assert "160 x 120" in error.detail
    assert "100" in error.detail
