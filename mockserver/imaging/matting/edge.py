"""The border of the foreground, pixel by pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mockserver.imaging.matting.arrays import OPAQUE, planes_of
from mockserver.imaging.matting.backdrop import SMOOTHED, spread_of
from mockserver.imaging.matting.neighbourhood import dilated, smoothed
from mockserver.imaging.matting.trimap import CLEAR

if TYPE_CHECKING:
    from mockserver.imaging.matting.arrays import Field, Index, Pixels, Planes
    from mockserver.imaging.matting.grid import Grid
    from mockserver.imaging.matting.opacity import Contrast
    from mockserver.imaging.matting.trimap import Trimap

_AT_ONCE = 80_000
"""Pixels worked on at a time: bounds the memory, and fits the caches."""
_SAMPLES = 3000
_SOFT = np.uint32(0xD8FFFFFF)
"""What is left of an opaque pixel at a hard edge: 85 percent of its opacity."""
_LARGE_ENOUGH = 4
"""Pixels a side from which on most edges run through cells and not between them."""


def refine(pixels: Pixels, trimap: Trimap, grid: Grid, coarse: Grid) -> None:
    """Give the pixels of the trimap's band their opacity, free their colour of the backdrop's share, clear the rest.

    The trimap is that of *grid*, its contrast that of the *coarse* one.
    """
    rows, columns = np.nonzero(trimap.band)
    if rows.size == 0:
        grid.fill(pixels, ~trimap.solid, 0)
        return
    across = coarse.containing(grid)
    local = trimap.contrast.at(across[0][rows], across[1][columns])
    noise = _noise(pixels, trimap, grid, coarse)
    typical = float(np.median(local.reach))
    passes = 0 if noise < 0.12 * typical else 1 if noise < 0.22 * typical else 2
    step = max(1, _AT_ONCE // (grid.tall * grid.wide))
    parts = [slice(start, start + step) for start in range(0, rows.size, step)]
    # Blocks look at their neighbours' pixels, so nothing is written before all is read.
    blocks = [
        _block(_gathered(pixels, grid, rows[part], columns[part], passes), local.part(part), noise, passes)
        for part in parts
    ]
    for part, words in zip(parts, blocks, strict=True):
        _windows(pixels, grid)[grid.corner(rows[part], columns[part])] = words
    grid.fill(pixels, ~(trimap.solid | trimap.band), 0)
    if grid.size < _LARGE_ENOUGH:
        _soften(pixels[None])


def _noise(pixels: Pixels, trimap: Trimap, grid: Grid, coarse: Grid) -> float:
    """Return the standard deviation a channel of single background pixels from the backdrop."""
    rows, columns = np.nonzero(~dilated(trimap.solid | trimap.band, 1))
    if rows.size == 0:
        return 2.0
    step = -(-rows.size // _SAMPLES)
    rows, columns = rows[::step], columns[::step]
    top, left = grid.corner(rows, columns)
    words = pixels[top + grid.tall // 2, left + grid.wide // 2]
    across = coarse.containing(grid)
    difference = planes_of(words) - trimap.contrast.backdrop[:, across[0][rows], across[1][columns]]
    return spread_of(np.sqrt((difference * difference).sum(axis=0)))


def _block(words: Pixels, contrast: Contrast, noise: float, passes: int) -> Pixels:
    """Return the finished pixels of cells given with *passes* pixels around, shape (count, tall, wide)."""
    local = contrast.for_blocks()
    inner = (..., slice(passes, words.shape[1] - passes), slice(passes, words.shape[2] - passes))
    colours = planes_of(words)
    raw = colours[inner] - local.backdrop
    difference = raw
    if passes:
        soft = smoothed(colours, passes)[inner] - local.backdrop
        difference = np.where((raw * raw).sum(axis=0) > np.float32(CLEAR * noise) ** 2, raw, soft)
    left_over = np.float32(noise * SMOOTHED[passes])
    share = local.opacity(difference, 3 * left_over**2)
    # Steepened about the middle: neither what noise is left nor a foreground's shading shows as a veil.
    dead = np.clip(np.maximum(0.15, 2.2 * left_over / local.reach), 0, 0.42)
    alpha = np.clip((share - dead) / (1 - 2 * dead), 0, 1)
    painted = _painted(words[inner], alpha, raw, share, local.backdrop)
    _soften(painted)
    return painted


def _soften(blocks: Pixels) -> None:
    """Take a little of the opacity, in place, of opaque pixels that touch one that is not there at all.

    No camera draws an edge that hard. Each of *blocks*, shape (count, tall, wide), is looked at alone.
    """
    absent = blocks == 0
    touching = np.zeros_like(absent)
    touching[:, 1:] |= absent[:, :-1]
    touching[:, :-1] |= absent[:, 1:]
    touching[:, :, 1:] |= absent[:, :, :-1]
    touching[:, :, :-1] |= absent[:, :, 1:]
    touching &= blocks >= np.uint32(OPAQUE)
    np.bitwise_and(blocks, _SOFT, out=blocks, where=touching)


def _gathered(pixels: Pixels, grid: Grid, rows: Index, columns: Index, halo: int) -> Pixels:
    """Return the pixels of some cells with *halo* pixels around, the picture's edge extended outwards."""
    top, left = grid.corner(rows, columns)
    if halo == 0:
        return _windows(pixels, grid)[top, left]
    down = top[:, None] + np.arange(-halo, grid.tall + halo)
    across = left[:, None] + np.arange(-halo, grid.wide + halo)
    height, width = pixels.shape
    gathered: Pixels = pixels[down.clip(0, height - 1)[:, :, None], across.clip(0, width - 1)[:, None, :]]
    return gathered


def _windows(pixels: Pixels, grid: Grid) -> Pixels:
    """Return a view of *pixels* with the cell that would begin at each, shape (..., tall, wide)."""
    return sliding_window_view(pixels, (grid.tall, grid.wide), writeable=True)


def _painted(words: Pixels, alpha: Field, raw: Planes, share: Field, backdrop: Planes) -> Pixels:
    """Return *words* with *alpha*; where that is partial, the colour is what the backdrop's share hid."""
    level = (alpha * 255 + np.float32(0.5)).astype(np.uint32)
    painted = np.where(level > 0, (words & np.uint32(0x00FFFFFF)) | (level << np.uint32(24)), np.uint32(0))
    partial = np.flatnonzero(level - np.uint32(1) < 254)
    cells = partial // words[0].size
    scale = 1 / np.clip(share.ravel()[partial], 0.1, 1)
    own = level.ravel()[partial] << np.uint32(24)
    for channel in range(3):
        colour = backdrop[channel].ravel()[cells] + raw[channel].ravel()[partial] * scale
        own |= np.clip(colour + np.float32(0.5), 0, 255).astype(np.uint32) << np.uint32(8 * channel)
    painted.reshape(-1)[partial] = own
    return painted
