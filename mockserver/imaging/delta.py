"""The delta format: a result that says where to take the input's pixels instead of repeating them.

Background is 0x00000000 and untouched foreground is 0x00FFFFFF, both fully transparent; every other pixel keeps its own
colour and alpha (documented by the provider that invented it).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mockserver.imaging.matting.arrays import OPAQUE

if TYPE_CHECKING:
    from mockserver.imaging.matting.arrays import Pixels

_TAKE_THE_INPUT = np.uint32(0x00FFFFFF)


def mark_untouched(pixels: Pixels, original: Pixels) -> None:
    """Replace, in place, every opaque pixel that is as in *original* by the mark that stands for the input's pixel."""
    untouched = pixels >= np.uint32(OPAQUE)
    if original is not pixels:
        untouched &= pixels == original
    np.putmask(pixels, untouched, _TAKE_THE_INPUT)
