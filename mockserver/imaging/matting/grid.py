"""The grid of cells over a picture: cells are squares of equal size, or single pixels in small pictures."""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt
from typing import TYPE_CHECKING, Self

import numpy as np
import pyvips

from mockserver.imaging.matting.arrays import planes_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from mockserver.imaging.matting.arrays import Index, Mask, Pixels, Planes

_ACROSS = 128
"""Cells that a square picture is wide, at least, unless it has fewer pixels."""
_LONGEST = 10_000
"""Cells that the longer side of a picture is long, at most."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of ``tall`` x ``wide`` pixels over a picture of ``height`` x ``width`` pixels.

    Where the picture ends inside a cell, that cell's pixels are the last ``tall`` rows or ``wide`` columns.
    """

    height: int
    width: int
    tall: int
    wide: int

    @classmethod
    def over(cls, height: int, width: int, across: int = _ACROSS) -> Self:
        """Return the grid for a picture of *height* x *width* pixels, about *across* cells or more a side."""
        size = max(1, isqrt(height * width) // across, max(height, width) // _LONGEST)
        return cls(height, width, min(size, height), min(size, width))

    @property
    def rows(self) -> int:
        """How many cells there are from top to bottom."""
        return -(-self.height // self.tall)

    @property
    def columns(self) -> int:
        """How many cells there are from left to right."""
        return -(-self.width // self.wide)

    def corner(self, rows: Index, columns: Index) -> tuple[Index, Index]:
        """Return the first row and column of pixels of the cells at *rows* and *columns*."""
        return (
            np.minimum(rows * self.tall, self.height - self.tall),
            np.minimum(columns * self.wide, self.width - self.wide),
        )

    def means(self, pixels: Pixels) -> Planes:
        """Return the mean red, green and blue of every cell of *pixels*."""
        if self.tall == self.wide == 1:
            return planes_of(pixels)
        image = pyvips.Image.new_from_memory(np.ascontiguousarray(pixels), self.width, self.height, 4, "uchar")
        small = image.shrink(self.wide, self.tall, ceil=True)
        words = np.frombuffer(small.write_to_memory(), pixels.dtype)
        return planes_of(words.reshape(small.height, small.width)[: self.rows, : self.columns])

    def runs(self, mask: Mask) -> npt.NDArray[np.intp]:
        """Return the areas of pixels that *mask* covers: rows of top, bottom, left, right."""
        padded = np.zeros((self.rows, self.columns + 2), np.int8)
        padded[:, 1:-1] = mask
        steps = np.diff(padded, axis=1)
        rows, left = np.nonzero(steps == 1)
        right = np.nonzero(steps == -1)[1]
        return np.stack(
            [
                rows * self.tall,
                np.minimum((rows + 1) * self.tall, self.height),
                left * self.wide,
                np.minimum(right * self.wide, self.width),
            ],
            axis=1,
        )

    def fill(self, pixels: Pixels, mask: Mask, word: int) -> None:
        """Set all pixels of the cells of *mask* to *word*."""
        if self.tall == self.wide == 1:
            pixels[mask] = word
            return
        for top, bottom, left, right in self.runs(mask).tolist():
            pixels[top:bottom, left:right] = word
