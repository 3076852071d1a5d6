"""The grid of cells over a picture: cells are squares of equal size, or single pixels in small pictures."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isqrt
from typing import TYPE_CHECKING, Self

import numpy as np
import pyvips

from mockserver.imaging.libvips import fetched
from mockserver.imaging.matting.arrays import WORD

if TYPE_CHECKING:
    import numpy.typing as npt

    from mockserver.imaging.libvips import Image
    from mockserver.imaging.matting.arrays import Index, Mask, Pixels

_ACROSS = 88
"""Cells that a square picture is wide, about, unless it has fewer pixels."""
_LONGEST = 10_000
"""Cells that the longer side of a picture is long, at most."""
_FINER = ((32, 8), (12, 4))
"""Cells of at least so many pixels a side are divided into so many fine cells a side."""


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
    def over(cls, height: int, width: int) -> Self:
        """Return the grid on which a picture of *height* x *width* pixels is judged as a whole."""
        return cls.of(height, width, isqrt(height * width) // _ACROSS)

    @classmethod
    def of(cls, height: int, width: int, size: int) -> Self:
        """Return a grid of cells of about *size* pixels a side."""
        size = max(1, size, ceil(max(height, width) / _LONGEST))
        parts = _parts(size)
        size = (size + parts // 2) // parts * parts
        return cls(height, width, min(size, height), min(size, width))

    def finer(self) -> Grid:
        """Return a grid of smaller cells, of which each lies in one of these; the same one if cells are small."""
        parts = _parts(self.size)
        return Grid(self.height, self.width, max(1, self.tall // parts), max(1, self.wide // parts))

    @property
    def size(self) -> int:
        """The longer side of a cell, in pixels."""
        return max(self.tall, self.wide)

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

    def containing(self, finer: Grid) -> tuple[Index, Index]:
        """Return, for every row and every column of *finer*, the row or column of this grid that it lies in."""
        rows, columns = np.arange(finer.rows), np.arange(finer.columns)
        return rows * finer.tall // self.tall, columns * finer.wide // self.wide

    def means(self, pixels: Pixels) -> Pixels:
        """Return the mean of every cell of *pixels*."""
        return _shrunk(pixels, self.tall, self.wide)

    def means_of(self, means: Pixels, finer: Grid) -> Pixels:
        """Return the mean of every cell from the *means* of a *finer* grid's cells."""
        return _shrunk(means, self.tall // finer.tall, self.wide // finer.wide)

    def means_of_small(self, small: Image, factor: int) -> Pixels | None:
        """Return the mean of every cell from a picture *factor* times smaller, or ``None`` if it has too few pixels."""
        if min(self.tall, self.wide) < factor:
            return None
        image = small.resize(factor / self.wide, vscale=factor / self.tall, kernel="linear")
        image = image.embed(0, 0, self.columns, self.rows, extend="copy")
        return np.frombuffer(fetched(image), WORD).reshape(self.rows, self.columns)

    def fill(self, pixels: Pixels, mask: Mask, word: int) -> None:
        """Set all pixels of the cells of *mask* to *word*."""
        if self.size == 1:
            pixels[mask] = word
            return
        for top, bottom, left, right in self._runs(mask).tolist():
            pixels[top:bottom, left:right] = word

    def _runs(self, mask: Mask) -> npt.NDArray[np.intp]:
        """Return the areas of pixels that *mask* covers, a cell high: rows of top, bottom, left, right."""
        padded = np.zeros((self.rows, self.columns + 2), np.int8)
        padded[:, 1:-1] = mask
        steps = np.diff(padded, axis=1)
        rows, left = np.nonzero(steps == 1)
        right = np.nonzero(steps == -1)[1]
        top = rows * self.tall
        bottom = np.minimum(top + self.tall, self.height)
        return np.stack([top, bottom, left * self.wide, np.minimum(right * self.wide, self.width)], axis=1)


def _parts(size: int) -> int:
    """Return into how many parts a side a cell of *size* pixels is divided."""
    return next((parts for least, parts in _FINER if size >= least), 1)


def _shrunk(words: Pixels, tall: int, wide: int) -> Pixels:
    """Return the means of areas of *tall* x *wide* of *words*; areas that stick out count what there is."""
    if tall == wide == 1:
        return words
    height, width = words.shape
    image = pyvips.Image.new_from_memory(np.ascontiguousarray(words), width, height, 4, "uchar")
    small = image.shrink(wide, tall, ceil=True)
    return np.frombuffer(small.write_to_memory(), WORD).reshape(small.height, small.width)
