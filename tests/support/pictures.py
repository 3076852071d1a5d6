"""Pictures with a known foreground, made with Pillow, and the means to look at results."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from numpy.typing import NDArray

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are exclusive."""


def disc(size: tuple[int, int] = (160, 120), box: Box = (40, 30, 110, 90)) -> Image.Image:
    """Return a red ellipse that fills *box* on a pale, even background."""
    picture = Image.new("RGB", size, (236, 238, 240))
    left, top, right, bottom = box
    ImageDraw.Draw(picture).ellipse((left, top, right - 1, bottom - 1), fill=(190, 30, 40))
    return picture


def encoded(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    """Return *picture* encoded as *form*, a name that Pillow knows."""
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def decoded(data: bytes) -> Image.Image:
    """Return the picture in *data*, completely read."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def pixels(data: bytes) -> NDArray[np.uint8]:
    """Return the pixels in *data* as rows of red, green, blue and alpha."""
    return np.asarray(decoded(data).convert("RGBA"))
