"""A smooth model of the background, fitted to the picture's border and then to all that looks like it.

The border of a product-like picture is mostly background. Each channel is taken for a polynomial of position, of the
lowest degree that explains the border, fitted by reweighted least squares so that what is not background (an object
that touches an edge) does not pull at it. What the polynomial leaves over is then followed by a smooth correction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mockserver.imaging.matting.neighbourhood import smoothed, window_sum

if TYPE_CHECKING:
    from mockserver.imaging.matting.arrays import Index, Mask, Planes

_Floats = npt.NDArray[np.floating[Any]]

SMOOTHED = (1.0, 0.375, 0.273)
"""What is left of white noise after none, one and two passes of smoothing."""

_RAYLEIGH = 1.538
"""The median length of a vector of three Gaussian numbers of standard deviation 1."""
_DEGREES = (1, 3, 6)
"""Terms of a constant, a plane and a quadratic surface."""
_RIDGE = np.diag([0.0, 1e-3, 1e-3, 0.03, 0.03, 0.03]) + 1e-9 * np.eye(6)
"""Holds the higher terms back where the samples leave them open."""
_SCALES = (24.0, 10.0, 0.0)
"""Distances, in levels of 255, at which a sample loses its weight, from pass to pass."""
_GRAINY = 2.0
"""Noise, in levels of 255, from which on the cells are smoothed before the fit."""
_PARTS = 12
"""Stretches of the border of which each proposes a colour."""
_STARTS = 4
"""Proposals that are followed, at most."""
_BORDER_SAMPLES = 360
_AREA_SAMPLES = 1200
_FAR = 32.0
_SPREAD_SAMPLES = 2000
_GOOD = 0.15
"""Share of the border left unexplained, below which no other proposal is tried."""
_ROWS, _COLUMNS = 1, 2
"""Axes of planes."""
_COARSE = 24
"""Cells across the grid on which the correction is averaged."""


def fit(cells: Planes) -> Planes:
    """Return the background's colour at every one of *cells*, as their border suggests it."""
    height, width = cells.shape[1:]
    rows, columns = _ring(height, width)
    noise = _grain(cells, rows, columns)
    if noise > _GRAINY:
        cells = smoothed(cells, 2)
        noise *= SMOOTHED[2]
    tolerance = 5 * noise + 10
    samples = cells[:, rows, columns].T.astype(np.float64)
    terms = _terms(_axis(height)[rows], _axis(width)[columns])
    best: _Floats = np.zeros((6, 3))
    best_score = np.inf
    for start in _candidates(samples, tolerance):
        model, score = _robust(terms, samples, start, noise, tolerance)
        if score < best_score:
            best, best_score = model, score
        if best_score < _GOOD:
            break
    return _surface(_refitted(cells, best, noise), height, width)


def spread_of(distances: _Floats) -> float:
    """Return the standard deviation a channel of the background among *distances* from it, at least 0.5 levels.

    Distances beyond 32 levels, and then those far beyond the median, are taken for foreground.
    """
    sample = distances.ravel()[:: -(-distances.size // _SPREAD_SAMPLES)]
    near = np.sort(sample[sample < _FAR])
    for _ in range(3):
        if near.size < 20:
            break
        near = near[: int(np.searchsorted(near, max(2.5 * float(near[near.size // 2]), 1.0)))]
    return max(float(near[near.size // 2]) / _RAYLEIGH, 0.5) if near.size else _FAR / 4


def corrected(backdrop: Planes, cells: Planes, background: Mask) -> Planes:
    """Return *backdrop* moved to where the *background* cells really are, smoothly from place to place."""
    height, width = background.shape
    step = max(1, min(height, width) // _COARSE)
    known = background[::step, ::step].astype(np.float32)
    offset = (cells[:, ::step, ::step] - backdrop[:, ::step, ::step]) * known
    sums = np.concatenate([offset, known[None]])
    near = window_sum(sums, 3)
    far = sums.sum(axis=(1, 2))[:, None, None]
    mixed = near + far * np.float32(1e-3)
    coarse = mixed[:3] / np.maximum(mixed[3], np.float32(1e-3))
    return backdrop + _stretched(_stretched(coarse, height, step, _ROWS), width, step, _COLUMNS)


def _ring(height: int, width: int) -> tuple[Index, Index]:
    """Return rows and columns of evenly spaced cells along the four edges, on the way round, at changing depth."""
    top, side = np.arange(width), np.arange(height)
    rows = np.concatenate([np.zeros_like(top), side, np.full_like(top, height - 1), side[::-1]])
    columns = np.concatenate([top, np.full_like(side, width - 1), top[::-1], np.zeros_like(side)])
    step = -(-rows.size // _BORDER_SAMPLES)
    rows, columns = rows[::step], columns[::step]
    thickness = max(1, min(3, min(height, width) // 8), min(height, width) // 40)
    depth = np.arange(rows.size) % thickness
    return (
        np.clip(rows, depth, np.maximum(height - 1 - depth, 0)),
        np.clip(columns, depth, np.maximum(width - 1 - depth, 0)),
    )


def _grain(cells: Planes, rows: Index, columns: Index) -> float:
    """Return the noise a channel, from the differences between neighbours along the border."""
    width = cells.shape[2]
    if width < 2:
        return 0.5
    aside = np.where(columns + 1 < width, columns + 1, columns - 1)
    steps = np.abs(cells[:, rows, columns] - cells[:, rows, aside])
    return max(float(np.median(steps)) / (0.6745 * 2**0.5), 0.5)


def _candidates(samples: _Floats, tolerance: float) -> list[_Floats]:
    """Return colours that the background may have, the one most of the border agrees with first."""
    size = max(1, len(samples) // _PARTS)
    parts = samples[: len(samples) // size * size].reshape(-1, size, 3)
    colours = np.median(parts, axis=1)
    distances = np.linalg.norm(samples[:, None] - colours[None], axis=2)
    scores = np.minimum(distances / tolerance, 1).mean(axis=0)
    chosen: list[_Floats] = []
    for colour in colours[np.argsort(scores, kind="stable")]:
        if all(np.linalg.norm(colour - other) > tolerance for other in chosen):
            chosen.append(colour)
    return chosen[:_STARTS]


def _robust(terms: _Floats, samples: _Floats, start: _Floats, noise: float, tolerance: float) -> tuple[_Floats, float]:
    """Return the coefficients found from the colour *start*, and the share of the border they leave unexplained."""
    model: _Floats = np.zeros((6, 3))
    model[0] = start
    best, best_score = model, np.inf
    for count in _DEGREES:
        for scale in _SCALES:
            distances = _lengths(samples - terms @ model)
            weights = (1 + (distances / max(scale, 3 * noise)) ** 2) ** -2.0
            model = _solved(terms, samples, weights, count)
        distances = _lengths(samples - terms @ model)
        score = float(np.minimum(distances / tolerance, 1).mean())
        if score < best_score - 0.01:
            best, best_score = model, score
        if best_score < _GOOD / 2:
            break
    return best, best_score


def _solved(terms: _Floats, samples: _Floats, weights: _Floats, count: int) -> _Floats:
    """Return the weighted least squares solution with the first *count* terms; the others are zero."""
    used = terms[:, :count]
    weighted = used.T * (weights / max(float(weights.sum()), 1e-9))
    model = np.zeros((6, samples.shape[1]))
    model[:count] = np.linalg.solve(weighted @ used + _RIDGE[:count, :count], weighted @ samples)
    return model


def _refitted(cells: Planes, model: _Floats, noise: float) -> _Floats:
    """Return *model* fitted again, with as many terms, to the cells everywhere that it nearly explains."""
    height, width = cells.shape[1:]
    step = max(1, int((height * width / _AREA_SAMPLES) ** 0.5))
    rows, columns = np.meshgrid(np.arange(0, height, step), np.arange(0, width, step), indexing="ij")
    terms = _terms(_axis(height)[rows.ravel()], _axis(width)[columns.ravel()])
    samples = cells[:, ::step, ::step].reshape(3, -1).T.astype(np.float64)
    count = 1 + int(np.flatnonzero(np.abs(model).sum(axis=1))[-1]) if model.any() else 1
    near = _lengths(samples - terms @ model) < 5 * noise + 3
    if near.sum() < 30:
        return model
    return _solved(terms, samples, near.astype(np.float64), count)


def _lengths(vectors: _Floats) -> _Floats:
    """Return the lengths of *vectors*, shape (count, 3)."""
    lengths: _Floats = np.sqrt((vectors * vectors).sum(axis=1))
    return lengths


def _axis(size: int) -> _Floats:
    """Return the positions of *size* cells between -1 and 1."""
    return (np.arange(size) + 0.5) / size * 2 - 1


def _terms(rows: _Floats, columns: _Floats) -> _Floats:
    """Return the polynomial's terms at the positions *rows* and *columns*, shape (count, 6)."""
    return np.stack([np.ones_like(rows), columns, rows, columns * columns, columns * rows, rows * rows], axis=-1)


def _surface(model: _Floats, height: int, width: int) -> Planes:
    """Return the colours of *model* at every cell."""
    k = model.astype(np.float32)[:, :, None, None]
    y, x = (_axis(size).astype(np.float32) for size in (height, width))
    y = y[:, None]
    surface: Planes = (k[0] + k[2] * y + k[5] * (y * y)) + (k[1] + k[4] * y) * x + k[3] * (x * x)
    return surface


def _stretched(coarse: Planes, size: int, step: int, axis: int) -> Planes:
    """Return *coarse*, which has every *step*-th line along *axis*, interpolated linearly to *size* lines."""
    count = coarse.shape[axis]
    position = np.minimum(np.arange(size, dtype=np.float32) / np.float32(step), np.float32(count - 1))
    before = position.astype(np.intp)
    share = position - before
    first = np.take(coarse, before, axis)
    rise = np.take(coarse, np.minimum(before + 1, count - 1), axis) - first
    stretched: Planes = first + rise * (share if axis == _COLUMNS else share[:, None])
    return stretched
