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
    from mockserver.imaging.matting.arrays import Pixels

_SMALLEST = 4
"""A picture narrower than this, in pixels, has no room for a background."""


def cut(pixels: Pixels, *, subsampled: bool) -> None:
    """Make the background of *pixels* transparent, in place; some foreground is always left.

    *subsampled* tells that colour may be kept at a lower resolution than brightness. A picture in which nothing stands
    out keeps a soft ellipse in its middle, and one too small to have a background is kept whole.
    """
    height, width = pixels.shape
    if min(height, width) < _SMALLEST:
        return
    grid = Grid.over(height, width)
    fine = grid.finer()
    means = fine.means(pixels)
    cells = planes_of(grid.means_of(means, fine))
    ringing = _ringing(grid, subsampled=subsampled)
    trimap = draw(cells, fit(cells).planes, ringing=ringing, metric=SUBSAMPLED if subsampled else PLAIN)
    if trimap is None:
        _keep_ellipse(pixels)
        return
    trimap = trimap.on(grid, fine, means)
    refine(pixels, trimap, fine, grid)
    fine.fill(pixels, ~(trimap.solid | trimap.band), 0)


def _ringing(grid: Grid, *, subsampled: bool) -> Ringing:
    """Return how far, and how strongly, coding leaves traces around an edge; more where colour is coded coarsely."""
    reach, share = (16, 0.3) if subsampled else (4, 0.15)
    return Ringing(max(2, -(-reach // grid.size)), share)


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
