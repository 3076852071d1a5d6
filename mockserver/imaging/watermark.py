"""A text printed again and again across a result, visible on light, on dark and on nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mockserver.imaging.matting.arrays import planes_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from mockserver.imaging.matting.arrays import Pixels

_LINES = 4
"""How often the text stands below itself in a square picture, about."""
_SMALLEST, _LARGEST = 8, 400
"""Height of the letters in pixels."""
_TURN = 30
"""Degrees anticlockwise."""
_DARK, _LIGHT = 70, 250
"""Grey of the letters and of the line around them."""
_STRENGTH = 0.6
"""Opacity of the print."""


def print_text(pixels: Pixels, text: str) -> None:
    """Print *text* all over *pixels*, in place; where there is no room for letters, a pattern."""
    height, width = pixels.shape
    if min(height, width) < 2 * _SMALLEST:
        _print_pattern(pixels)
        return
    letters = int(min(_LARGEST, max(_SMALLEST, min(height, width) / (2.2 * _LINES))))
    grey, strength = _tile(text, letters)
    for number, top in enumerate(range(0, height, grey.shape[0])):
        shift = (grey.shape[1] // 2) * (number % 2)
        for left in range(-shift, width, grey.shape[1]):
            part = pixels[top : top + grey.shape[0], max(left, 0) : left + grey.shape[1]]
            inside = (slice(part.shape[0]), slice(max(-left, 0), max(-left, 0) + part.shape[1]))
            _blend(part, grey[inside], strength[inside])


def _print_pattern(pixels: Pixels) -> None:
    """Blend every other pixel, beginning with the first, with a grey that it is not."""
    height, width = pixels.shape
    rows, columns = np.ogrid[:height, :width]
    light = (pixels & np.uint32(0xFF)) < np.uint32(_LIGHT * 2 // 3)
    grey = np.where(light, np.float32(_LIGHT), np.float32(_DARK))
    _blend(pixels, grey, np.where((rows + columns) % 2 == 0, np.float32(_STRENGTH), np.float32(0)))


@lru_cache(maxsize=16)
def _tile(text: str, letters: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return grey and opacity of one print of *text*, turned, with some space around."""
    font = ImageFont.load_default(letters)
    line = max(1, letters // 12)
    left, top, right, bottom = font.getbbox(text, stroke_width=line)
    size = (int(right - left) + letters, int(bottom - top) + letters // 3)
    grey, strength = Image.new("L", size, _LIGHT), Image.new("L", size, 0)
    at = (letters / 2 - left, letters / 6 - top)
    ImageDraw.Draw(grey).text(at, text, fill=_DARK, font=font)
    ImageDraw.Draw(strength).text(at, text, fill=255, font=font, stroke_width=line, stroke_fill=255)
    turned = [
        part.rotate(_TURN, Image.Resampling.BILINEAR, expand=True, fillcolor=ground)
        for part, ground in ((grey, _LIGHT), (strength, 0))
    ]
    return np.asarray(turned[0], np.float32), np.asarray(turned[1], np.float32) * np.float32(_STRENGTH / 255)


def _blend(part: Pixels, grey: npt.NDArray[np.float32], strength: npt.NDArray[np.float32]) -> None:
    """Lay the print over *part*, in place, by the rule for one translucent layer over another."""
    where = np.nonzero(strength)
    words, over = part[where], strength[where]
    alpha = (words >> np.uint32(24)).astype(np.float32) * np.float32(1 / 255)
    below = alpha * (1 - over)
    total = over + below
    result = (total * 255 + np.float32(0.5)).astype(np.uint32) << np.uint32(24)
    for channel, plane in enumerate(planes_of(words)):
        mixed = (grey[where] * over + plane * below) / total + np.float32(0.5)
        result |= mixed.astype(np.uint32) << np.uint32(8 * channel)
    part[where] = result
