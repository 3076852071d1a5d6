"""Pictures that are just small enough, and some that are a little too large."""

from __future__ import annotations

import base64
import io
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

from contracts.cases import Campaign, Case
from contracts.providers.pixian.campaigns.form import case, multipart, upload
from contracts.strategies import Drawing, draw

if TYPE_CHECKING:
    from contracts.model import Request

_MOST_BYTES = 31_457_280
_MEGABYTE, _KIBI_MEGABYTE = 1_000_000, 1_048_576


def _cases() -> tuple[Case, ...]:
    return (
        case(
            "base64 text of a megabyte",
            _text(draw(Drawing(width=40, height=32)).data),
            _text(_sized(_MEGABYTE * 3 // 4)),
            _text(_sized(_KIBI_MEGABYTE * 3 // 4 + 3)),
        ),
        case("32,000,000 pixels", upload(_plane(8000, 4000), test=True, max_pixels=10_000), anywhere=False),
        case("32,008,000 pixels", upload(_plane(8000, 4001), test=True, max_pixels=10_000), anywhere=False),
        case("31,457,281 bytes", upload(_sized(_MOST_BYTES + 1), test=True), anywhere=False),
    )


def _text(data: bytes) -> Request:
    return multipart({"image.base64": base64.b64encode(data).decode(), "test": True})


@lru_cache(maxsize=2)
def _plane(width: int, height: int) -> bytes:
    """Return a PNG of *width* and *height*, in black and white, that is quick to read and has but a few bytes."""
    from PIL import Image  # noqa: PLC0415  only drawing needs it

    image = Image.new("1", (width, height), 1)
    image.paste(0, (0, 0, width // 2, height))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _sized(size: int) -> bytes:
    """Return a PNG of exactly *size* bytes, most of them in a chunk that holds no picture (RFC 2083, section 3.4)."""
    data = draw(Drawing(width=40, height=32)).data
    content = b"prVt" + bytes(size - len(data) - 12)
    end = data.rindex(b"IEND") - 4
    chunk = (len(content) - 4).to_bytes(4, "big") + content + zlib.crc32(content).to_bytes(4, "big")
    return data[:end] + chunk + data[end:]


CAMPAIGN = Campaign(
    "limits",
    "pictures near the limits of size",
    ("image.pixels", "image.pixels-status", "image.bytes", "image.base64-limit", "image.base64-megabyte"),
    _cases,
)
