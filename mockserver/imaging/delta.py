"""The delta format: a result that says where to take the input's pixels instead of repeating them.

Background is 0x00000000 and untouched foreground is 0x00FFFFFF, both fully transparent; every other pixel keeps its own
colour and alpha (documented by the provider that invented it).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mockserver.imaging.matting.arrays import OPAQUE
from mockserver.imaging.threads import helpers

if TYPE_CHECKING:
    from mockserver.imaging.matting.arrays import Pixels

_TAKE_THE_INPUT = np.uint32(0x00FFFFFF)
_AT_ONCE = 1 << 17
"""Pixels marked together, about: few enough to stay near the processor."""


def mark_untouched(pixels: Pixels, original: Pixels) -> None:
    """Replace, in place, every opaque pixel that is as in *original* by the mark that stands for the input's pixel."""
    height, width = pixels.shape
    step = max(1, _AT_ONCE // width)
    strips = [slice(start, start + step) for start in range(0, height, step)]
    list(helpers().map(lambda strip: _mark(pixels[strip], original[strip]), strips))


def fill_in(pixels: Pixels, original: Pixels) -> None:
    """Replace, in place, every mark in *pixels* by the pixel of *original* that it stands for."""
    np.copyto(pixels, original, where=pixels == _TAKE_THE_INPUT)


def _mark(pixels: Pixels, original: Pixels) -> None:
    """Mark one strip. A strip is its own original where nothing was printed over it."""
    untouched = pixels >= np.uint32(OPAQUE)
    if not np.may_share_memory(pixels, original):
        untouched &= pixels == original
    np.putmask(pixels, untouched, _TAKE_THE_INPUT)
