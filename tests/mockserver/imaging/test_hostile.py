"""Hostile input: whatever arrives, there is a picture or an ImageError, soon and without taking memory first."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image

from contracts.behaviour import ImageError, Recipe, Rendering, Trouble
from mockserver.imaging import render
from pictures import disc, encoded

KINDS = ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")
ANY = Recipe(frozenset(kind.lower() for kind in KINDS))
MAGIC = {
    "bmp": b"BM",
    "gif": b"GIF89a",
    "jpeg": b"\xff\xd8\xff\xe0",
    "png": b"\x89PNG\r\n\x1a\n",
    "tiff": b"II*\x00",
    "big tiff": b"II+\x00",
    "webp": b"RIFF\x00\x10\x00\x00WEBPVP8 ",
}


def ending(data: bytes, recipe: Recipe = ANY) -> Rendering | ImageError:
    """Return what becomes of *data*; any other exception is the test's failure."""
    try:
        return render(data, recipe)
    except ImageError as error:
        return error


def trouble(data: bytes, recipe: Recipe = ANY) -> Trouble:
    """Return why *data* is refused."""
    with pytest.raises(ImageError) as caught:
        render(data, recipe)
    assert caught.value.detail.endswith(".")
    return caught.value.trouble


def photograph(kind: str) -> bytes:
    """Return a picture of *kind* with enough detail to fill more than one block of any coding."""
    values = np.asarray(disc((220, 160), (50, 40, 160, 120))).astype(int)
    values = values + np.random.default_rng(7).integers(-9, 10, values.shape)
    return encoded(Image.fromarray(values.clip(0, 255).astype(np.uint8)), kind)


def huge_jpeg() -> bytes:
    """Return a JPEG whose header claims 60000 x 60000 pixels."""
    data = bytearray(photograph("JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 60_000, 60_000)
    return bytes(data)


def huge_tiff() -> bytes:
    """Return a TIFF whose directory claims 60000 x 60000 pixels."""
    tags = [(256, 60_000), (257, 60_000), (258, 8), (259, 1), (262, 1), (273, 200), (277, 1), (278, 60_000), (279, 9)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\x00" + struct.pack("<IH", 8, len(tags)) + entries + bytes(300)


def huge_webp() -> bytes:
    """Return a WebP whose extended header claims 16384 x 16384 pixels, the most that the format can say."""
    canvas = b"\x00\x00\x00\x00" + (16_383).to_bytes(3, "little") * 2
    frame = photograph("WEBP")[12:]
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a PNG chunk."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


@pytest.mark.parametrize("data", [huge_jpeg(), huge_tiff(), huge_webp()], ids=["jpeg", "tiff", "webp"])
def test_a_claimed_size_is_refused_before_memory_is_taken(data: bytes) -> None:
    """The header alone is judged; a WebP that contradicts itself may also count as damaged."""
    tracemalloc.start()
    try:
        found = trouble(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found in {Trouble.TOO_MANY_PIXELS, Trouble.UNREADABLE}
    assert data[:4] == b"RIFF" or found is Trouble.TOO_MANY_PIXELS
    assert peak < 20_000_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_cut_off_at_any_of_many_places_is_refused(kind: str) -> None:
    """From the first bytes to shortly before the end."""
    data = photograph(kind)
    places = {*range(1, 64, 3), *(int(len(data) * part / 40) for part in range(1, 40))}
    for place in sorted(places - {0}):
        assert trouble(data[:place]) is Trouble.UNREADABLE, place


@pytest.mark.parametrize("magic", MAGIC.values(), ids=MAGIC.keys())
@pytest.mark.parametrize("seed", range(12))
def test_noise_behind_a_signature_is_refused(magic: bytes, seed: int) -> None:
    """Random bytes are no picture, however they begin."""
    noise = np.random.default_rng(seed).integers(0, 256, 4000, dtype=np.uint8).tobytes()
    assert isinstance(ending(magic + noise), ImageError)


@pytest.mark.parametrize("magic", MAGIC.values(), ids=MAGIC.keys())
def test_a_signature_alone_is_refused(magic: bytes) -> None:
    """Nothing, zeros or ones behind it make no picture."""
    for rest in (b"", bytes(2000), b"\xff" * 2000):
        assert isinstance(ending(magic + rest), ImageError)


@pytest.mark.parametrize(
    "data", [b"hello", b"\x00", b"{}", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7\n", b"BM", b"\xff\xd8"]
)
def test_what_is_no_picture_is_unreadable(data: bytes) -> None:
    """Text, vector graphics and documents are not decoded by any loader."""
    assert trouble(data) is Trouble.UNREADABLE


def test_damage_inside_a_jpeg_is_noticed() -> None:
    """Noise in the middle of the coded data is damage, although decoders would show something."""
    values = np.random.default_rng(2).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    data = bytearray(encoded(Image.fromarray(values), "JPEG", quality=90))
    middle = len(data) // 2
    data[middle : middle + 8000] = np.random.default_rng(1).integers(0, 256, 8000, dtype=np.uint8).tobytes()
    assert trouble(bytes(data)) is Trouble.UNREADABLE


def test_a_jpeg_with_a_harmless_fault_is_read() -> None:
    """Cameras write wrong spectral bounds into sequential files, and every viewer shows these."""
    data = bytearray(photograph("JPEG"))
    scan = data.index(b"\xff\xda")
    end = scan + 2 + int.from_bytes(data[scan + 2 : scan + 4], "big")
    assert data[end - 2] == 63
    data[end - 2] = 0
    assert isinstance(ending(bytes(data)), Rendering)


def test_bytes_behind_the_end_are_ignored() -> None:
    """What follows a complete picture changes nothing."""
    for kind in ("JPEG", "PNG", "GIF"):
        data = photograph(kind)
        assert render(data + b"more", ANY).data == render(data, ANY).data


def test_a_compressed_bomb_in_a_side_chunk_does_no_harm() -> None:
    """Text and profile chunks that grow to 200 megabytes are ignored or refused."""
    data = photograph("PNG")
    bomb = zlib.compress(bytes(200_000_000), 9)
    for name, head in ((b"zTXt", b"Comment\x00\x00"), (b"iCCP", b"profile\x00\x00")):
        loaded = data[:33] + chunk(name, head + bomb) + data[33:]
        assert isinstance(ending(loaded), Rendering | ImageError)


def test_compressed_rows_that_go_on_for_ever_are_cut_short() -> None:
    """A small PNG with 100 megabytes of rows too many is a small picture or damaged."""
    header = struct.pack(">IIBBBBB", 20, 20, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(100_000_000))
    data = MAGIC["png"] + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    found = ending(data)
    assert isinstance(found, ImageError) or found.input_size == (20, 20)


def test_a_tiff_with_absurdly_many_channels_is_refused() -> None:
    """Memory for one pixel must not depend on what the file says."""
    tags = [(256, 4000), (257, 4000), (258, 8), (259, 1), (262, 1), (273, 200), (277, 9000), (278, 4000), (279, 9)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    data = b"II*\x00" + struct.pack("<IH", 8, len(tags)) + entries + bytes(300)
    assert trouble(data) is Trouble.UNREADABLE


def test_only_the_first_of_several_pictures_is_shown() -> None:
    """Animations and documents of several pages give their first picture."""
    first, second = disc((80, 60), (20, 15, 60, 45)), disc((80, 60), (2, 2, 12, 12))
    for kind in ("GIF", "TIFF", "WEBP", "PNG"):
        buffer = io.BytesIO()
        first.save(buffer, kind, save_all=True, append_images=[second, second])
        done = render(buffer.getvalue(), ANY)
        assert done.result_size == (80, 60), kind
        assert (done.input_foreground.left, done.input_foreground.top) == pytest.approx((20, 15), abs=2), kind
