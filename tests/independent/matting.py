"""A simple matting of its own: how far a pixel's colour is from that of the border decides how opaque it is."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageOps

if TYPE_CHECKING:
    Box = tuple[int, int, int, int]

_ORIENTATION = 0x0112
_FROM, _TO = 28.0, 60.0
"""Distances of colours, in levels: background up to the first, foreground from the second on."""


@dataclass(frozen=True)
class Photo:
    """An upright picture as it was sent, the number by which it was turned, and its kind."""

    image: Image.Image
    orientation: int
    kind: str


def opened(data: bytes) -> Photo:
    """Return the picture in *data*; Pillow's errors are the caller's to mind."""
    image = Image.open(io.BytesIO(data))
    kind, orientation = str(image.format), int(image.getexif().get(_ORIENTATION, 1))
    image.load()
    return Photo(ImageOps.exif_transpose(image), orientation if 1 <= orientation <= 8 else 1, kind)


def cut_out(image: Image.Image) -> Image.Image:
    """Return *image* without its background."""
    pixels = np.array(image.convert("RGBA"))
    colours = pixels[:, :, :3].astype(np.float64)
    border = np.concatenate([colours[0], colours[-1], colours[:, 0], colours[:, -1]])
    distance = np.sqrt(((colours - np.median(border, axis=0)) ** 2).sum(axis=2))
    opacity = ((distance - _FROM) / (_TO - _FROM)).clip(0, 1)
    pixels[:, :, 3] = np.minimum(pixels[:, :, 3], (opacity * 255).astype(np.uint8))
    return Image.fromarray(pixels)


def box(image: Image.Image) -> Box:
    """Return top, left, width and height of all that is not quite transparent in *image*."""
    found = image.getchannel("A").getbbox()
    if found is None:
        return 0, 0, 0, 0
    left, top, right, bottom = found
    return top, left, right - left, bottom - top


def stamped(image: Image.Image) -> Image.Image:
    """Return *image* with a watermark: thin red lines all over it."""
    marked, (width, height) = image.copy(), image.size
    pen = ImageDraw.Draw(marked)
    for start in range(0, width + height, 12):
        pen.line(
            [(start, 0), (start - height, height)], fill=(255, 0, 0, 160) if marked.mode == "RGBA" else (255, 0, 0)
        )
    return marked


def written(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return *image* as a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
