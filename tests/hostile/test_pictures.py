"""Pictures that are bombs, lies, or ruins."""

from __future__ import annotations

import json
import random
import struct
import time
import zlib
from typing import TYPE_CHECKING

import pytest

from pictures import disc, encoded
from tests.hostile.exchange import exchange, with_picture
from tests.hostile.verdicts import assert_own_form, the_one

if TYPE_CHECKING:
    from collections.abc import Iterator

SIDE = 60_000
MIB = 1 << 20
SECONDS = 5.0
"""Far more than any test here takes."""
FORMS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes, *others: bytes) -> bytes:
    """Return a PNG in true colour, with whatever size and *data*, and *others* among its chunks."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"".join([b"\x89PNG\r\n\x1a\n", header, *others, chunk(b"IDAT", data), chunk(b"IEND", b"")])


def bmp(width: int, height: int) -> bytes:
    """Return the head of a BMP with nothing behind it."""
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + info


def tiff(width: int, height: int) -> bytes:
    """Return a TIFF whose one strip is not there."""
    tags = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: height, 279: 100}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)


def jpeg(width: int, height: int) -> bytes:
    """Return a small JPEG that claims another size."""
    small = encoded(disc((24, 18), (6, 4, 18, 14)), "JPEG")
    frame = small.index(b"\xff\xc0") + 5
    return small[:frame] + struct.pack(">HH", height, width) + small[frame + 4 :]


BOMB = zlib.compress(bytes(64 * MIB), 9)
ROWS = zlib.compress(bytes(10 * 31))

TOO_LARGE = {
    "png": png(SIDE, SIDE, ROWS),
    "bmp": bmp(SIDE, SIDE),
    "bmp, upside down": bmp(SIDE, -SIDE),
    "tiff": tiff(SIDE, SIDE),
    "jpeg": jpeg(SIDE, SIDE),
}


@pytest.fixture(autouse=True)
def _at_once() -> Iterator[None]:
    """Fail a test that takes as long as decoding what a picture claims to be would take."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < SECONDS


def status_and_code(origin: str, picture: bytes) -> tuple[int, int]:
    """Return what the provider that has codes says of *picture*, once the other has answered 400."""
    answers = {provider: the_one(exchange(origin, sent)) for provider, sent in with_picture(picture).items()}
    for provider, answer in answers.items():
        assert_own_form(answer, provider)
    assert answers["xty"].status == 400
    return answers["pixian"].status, json.loads(answers["pixian"].body)["error"]["code"]


@pytest.mark.parametrize("kind", TOO_LARGE)
def test_a_picture_that_claims_to_be_huge_is_refused(origin: str, kind: str) -> None:
    """The size in the head decides, before anything is decoded."""
    assert status_and_code(origin, TOO_LARGE[kind]) == (413, 1013)


RUINS = {
    "a png of no size": png(0, 0, ROWS),
    "a png beyond all size": png(2**31 - 1, 2**31 - 1, ROWS),
    "a png without data": png(10, 10, b""),
    "a png with data that is not compressed": png(10, 10, bytes(310)),
    "a png without pixels, 5600 a side": png(5600, 5600, ROWS),
    "a bmp without pixels": bmp(5600, 5600),
    "a tiff without pixels": tiff(5600, 5600),
    "a tiff that bites its tail": b"II*\0" + struct.pack("<IHI", 8, 0, 8),
    "a tiff beyond all size": tiff(2**32 - 1, 2**32 - 1),
    "a jpeg of no size": jpeg(0, 0),
    "a gif of no frames": b"GIF89a" + bytes(7) + b";",
    "a drawing": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
    "a document": b"%PDF-1.4\n" + bytes(100),
    "a script": b"%!PS\n" + bytes(100),
    "an archive": b"PK\x03\x04" + bytes(100),
    "a bitmap of a kind that is not read": b"P6 60000 60000 255\n",
}


@pytest.mark.parametrize("kind", RUINS)
def test_what_is_no_picture_is_refused(origin: str, kind: str) -> None:
    """The answer is that the image cannot be read."""
    assert status_and_code(origin, RUINS[kind]) == (400, 1006)


BOMBS = {
    "pixels": png(10, 10, BOMB),
    "text": png(10, 10, ROWS, chunk(b"zTXt", b"key\0\0" + BOMB)),
    "a colour profile": png(10, 10, ROWS, chunk(b"iCCP", b"key\0\0" + BOMB)),
    "100,000 texts": png(10, 10, ROWS, *[chunk(b"tEXt", b"key\0value")] * 100_000),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_does_not_go_off(origin: str, kind: str) -> None:
    """More data than a picture needs is passed over or refused."""
    assert_read_or_refused(origin, BOMBS[kind])


@pytest.mark.parametrize("form", FORMS)
def test_a_truncated_picture_is_refused(origin: str, form: str) -> None:
    """Wherever the file ends too early, it cannot be read."""
    whole = encoded(disc((64, 48), (10, 8, 50, 40)), form)
    for length in (1, 3, 8, 20, 40, len(whole) // 2, len(whole) * 9 // 10):
        assert status_and_code(origin, whole[:length]) == (400, 1006), length


@pytest.mark.parametrize("form", FORMS)
def test_a_corrupt_picture_is_read_or_refused(origin: str, form: str) -> None:
    """Bytes changed at random make a worse picture, or none."""
    dice = random.Random(0)  # noqa: S311  the same bytes in every run
    whole = encoded(disc((64, 48), (10, 8, 50, 40)), form)
    for _ in range(20):
        damaged = bytearray(whole)
        for _ in range(dice.choice((1, 3, 10, 50))):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        assert_read_or_refused(origin, bytes(damaged))


def assert_read_or_refused(origin: str, picture: bytes) -> None:
    """Prove that both providers answer in their own form, whatever it is."""
    for provider, sent in with_picture(picture).items():
        answer = the_one(exchange(origin, sent))
        assert_own_form(answer, provider)
        assert answer.status in {200, 400, 413}
