"""How pictures lie in memory while they are worked on.

A picture is a matrix of 32-bit words, one a pixel, red in the lowest byte and alpha in the highest, so that a pixel is
moved, cleared or compared in one step. Sums are done in planes: one matrix of 32-bit floats for each channel, which
numpy walks through several times as fast as through triples.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint32]
"""RGBA words, shape (height, width)."""
Planes = npt.NDArray[np.float32]
"""Channels of 0 to 255, shape (3, height, width), or colours, shape (3, ...)."""
Field = npt.NDArray[np.float32]
"""One number a cell or pixel, shape (height, width)."""
Mask = npt.NDArray[np.bool_]
"""One truth value a cell, shape (height, width)."""
Index = npt.NDArray[np.intp]
"""Rows or columns, shape (count,)."""

WORD = np.dtype("<u4")
"""A pixel: red, green, blue, alpha in this order in memory, whatever machine this is."""
OPAQUE = 0xFF000000
"""Every pixel whose word is this or greater is fully opaque."""


def planes_of(words: npt.NDArray[np.uint32]) -> Planes:
    """Return red, green and blue of *words*, shape (...), as floats, shape (3, ...)."""
    planes = np.empty((3, *words.shape), np.float32)
    for channel in range(3):
        planes[channel] = (words >> np.uint32(8 * channel)) & np.uint32(0xFF)
    return planes
