"""Cutting the foreground out of a picture, in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mockserver.imaging.matting.arrays import planes_of
from mockserver.imaging.matting.backdrop import fit
from mockserver.imaging.matting.edge import refine
from mockserver.imaging.matting.grid import Grid
from mockserver.imaging.matting.opacity import PLAIN, SUBSAMPLED
from mockserver.imaging.matting.trimap import Ringing, draw

if TYPE_CHECKING:
    from contracts.behaviour import Size
    from mockserver.imaging.libvips import Image
    from mockserver.imaging.matting.arrays import Mask, Pixels
    from mockserver.imaging.matting.trimap import Trimap

_RINGING = (4, 0.15)
"""Pixels from a strong edge within which coding leaves traces, and how strong they may be."""
_RINGING_SUBSAMPLED = (16, 0.3)
"""The same where colour is coded in blocks of 16 pixels."""
SMALLER = 8
"""How many times smaller the version of a picture is by which it can be judged."""
_SMALLEST = 4
"""A picture narrower than this, in pixels, has no room for a background."""
_MOST_CELLS = 250_000
"""Cells that a closer look may have."""


def judge(small: Image, size: Size, *, subsampled: bool) -> Trimap | None:
    """Return what can be told of a picture of *size* from its *small* version, an eighth as wide and high.

    Returns ``None`` if nothing stands out, or if the small version shows too little.
    """
    grid = Grid.over(size[1], size[0])
    means = grid.means_of_small(small, SMALLER)
    return None if means is None else _judged(means, grid, subsampled=subsampled)


def cut(pixels: Pixels, trimap: Trimap | None = None, *, subsampled: bool) -> None:
    """Make the background of *pixels* transparent, in place; some foreground is always left.

    *trimap* is what was found by :func:`judge`. *subsampled* tells that colour may be kept at a lower resolution than
    brightness. A picture in which nothing stands out keeps a soft ellipse in its middle, and one too small to have a
    background is kept whole.
    """
    height, width = pixels.shape
    if min(height, width) < _SMALLEST:
        return
    if not _cut_on(Grid.over(height, width), pixels, trimap, subsampled=subsampled):
        _keep_ellipse(pixels)


def _judged(means: Pixels, grid: Grid, *, subsampled: bool) -> Trimap | None:
    """Return what the *means* of the cells of *grid* tell."""
    cells = planes_of(means)
    metric = SUBSAMPLED if subsampled else PLAIN
    return draw(cells, fit(cells), size=grid.size, ringing=_ringing(grid, subsampled=subsampled), metric=metric)


def _cut_on(grid: Grid, pixels: Pixels, trimap: Trimap | None = None, *, subsampled: bool) -> bool:
    """Cut, judging *pixels* by the cells of *grid* unless *trimap* does, or, where those are too large, of a finer one.

    Returns whether anything was found; otherwise nothing is changed.
    """
    fine = grid.finer()
    means = None
    if trimap is None or fine != grid:
        means = fine.means(pixels)
        trimap = trimap or _judged(grid.means_of(means, fine), grid, subsampled=subsampled)
    if trimap is None:
        return False
    if (_is_thin(trimap.solid, trimap) or _is_thin(~(trimap.solid | trimap.band), trimap)) and _cut_closer(
        grid, trimap, pixels, subsampled=subsampled
    ):
        return True
    if means is not None:
        trimap = trimap.on(grid, fine, means)
    refine(pixels, trimap, fine, grid)
    return bool(trimap.solid.any() or pixels.any())


def _ringing(grid: Grid, *, subsampled: bool) -> Ringing:
    """Return how far strong edges may leave traces, in cells of *grid*."""
    reach, share = _RINGING_SUBSAMPLED if subsampled else _RINGING
    return Ringing(max(2, -(-reach // grid.size)), share)


def _is_thin(cells: Mask, trimap: Trimap) -> bool:
    """Tell whether the *cells* of one side are a strip hardly wider than they are, so that finer ones show more."""
    return bool(2 * np.count_nonzero(cells) < np.count_nonzero(trimap.band))


def _cut_closer(grid: Grid, trimap: Trimap, pixels: Pixels, *, subsampled: bool) -> bool:
    """Cut again, judging only the surroundings of what was found, by finer cells.

    Returns whether that was possible and anything was found; otherwise nothing is changed.
    """
    area = _surroundings(grid, trimap)
    part = pixels[area]
    height, width = part.shape
    size = max(Grid.over(height, width).size, int((height * width / _MOST_CELLS) ** 0.5))
    closer = Grid.of(height, width, min(size, grid.size // 2))
    if closer.size >= grid.size or closer.rows * closer.columns > 2 * _MOST_CELLS:
        return False
    if not _cut_on(closer, part, subsampled=subsampled):
        return False
    rows, columns = area
    pixels[: rows.start] = 0
    pixels[rows.stop :] = 0
    pixels[rows, : columns.start] = 0
    pixels[rows, columns.stop :] = 0
    return True


def _surroundings(grid: Grid, trimap: Trimap) -> tuple[slice, slice]:
    """Return the rows and columns of pixels that hold the foreground and enough of the background around it."""
    sides = []
    for axis, cell, size in ((1, grid.tall, grid.height), (0, grid.wide, grid.width)):
        lines = np.flatnonzero((trimap.band | trimap.solid).any(axis=axis))
        first, last = int(lines[0]), int(lines[-1]) + 1
        around = max(4, (last - first) // 3)
        sides.append(slice(max(0, (first - around) * cell), min(size, (last + around) * cell)))
    return sides[0], sides[1]


def _keep_ellipse(pixels: Pixels) -> None:
    """Keep an ellipse of half the height and width, with a soft border."""
    height, width = pixels.shape
    down = ((np.arange(height, dtype=np.float32) + 0.5) / height * 4 - 2) ** 2
    across = ((np.arange(width, dtype=np.float32) + 0.5) / width * 4 - 2) ** 2
    soft = np.float32(min(height, width) / 8)
    alpha = np.clip((1 - np.sqrt(down[:, None] + across)) * soft + 0.5, 0, 1)
    level = (alpha * 255).astype(np.uint32)
    pixels &= np.uint32(0x00FFFFFF)
    pixels |= level << np.uint32(24)
    np.putmask(pixels, level == 0, np.uint32(0))
