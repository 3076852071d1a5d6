"""Decide for every cell whether it is background, foreground, or on the border between the two.

A cell is foreground when it is further from the backdrop's colour than noise explains, and at least half as far as
the foreground beside it: a pixel of which a share *a* shows the foreground lies at *a* of the distance between the two
colours, so that the contour runs where half of a pixel is covered, whatever the contrast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from mockserver.imaging.matting.arrays import planes_of
from mockserver.imaging.matting.backdrop import SMOOTHED, corrected, spread_of
from mockserver.imaging.matting.neighbourhood import (
    dilated,
    eroded,
    maximum,
    minimum,
    regions,
    smoothed,
    window_sum,
)
from mockserver.imaging.matting.opacity import Contrast

if TYPE_CHECKING:
    import numpy.typing as npt

    from mockserver.imaging.matting.arrays import Field, Index, Mask, Pixels, Planes
    from mockserver.imaging.matting.grid import Grid

CLEAR = 5.5
"""What is this many standard deviations from the backdrop is not noise."""

_DARKER = 0.95
"""Cosine of the angle within which a colour's way from the backdrop leads to black."""
_VEIL, _HALF, _FULL = 0.12, 0.5, 0.85
"""Opacity of cells with hardly any foreground, half of it, hardly any background."""
_WIDEST_EDGE = 6
"""Pixels over which the border of a thing may be soft."""
_FAINTEST = 8.0
"""The smallest distance, in levels of 255, at which anything counts as foreground."""
_CORRECTIONS = 12
"""How often the backdrop is corrected at most: each time it follows the background a little further."""
_CLOSE = 1.0
"""Standard deviation, in levels, at which the backdrop follows closely enough."""
_GENTLE, _GENTLE_REACH = 3.5, 28.0
"""Levels between neighbours up to which brightness changes gently, and how far a background may go that way."""
_SPREADING = (1, 2, 4)
"""Radii, in cells, by which the foreground's colour is carried outwards."""


@dataclass(frozen=True, slots=True)
class Trimap:
    """Where the foreground certainly is (``solid``), where its border is (``band``), and how the two sides differ."""

    solid: Mask
    band: Mask
    contrast: Contrast

    @classmethod
    def parted(cls, opacity: Field, mask: Mask, near: Mask, contrast: Contrast, *, size: int) -> Self:
        """Divide cells of *size* pixels by the *mask* of the foreground; those *near* it may show traces of it."""
        solid = eroded(mask, 1)
        if size < _WIDEST_EDGE:
            solid &= (opacity > _FULL) | eroded(mask, 2)
        return cls(solid, (dilated(mask, 1) | near) & ~solid, contrast)

    def on(self, grid: Grid, finer: Grid, means: Pixels) -> Trimap:
        """Return the trimap for the *finer* grid, given the *means* of its cells; only the band is looked at."""
        if grid == finer:
            return self
        rows, columns = grid.containing(finer)
        band, solid = self.band[rows][:, columns], self.solid[rows][:, columns]
        where = np.nonzero(band)
        local = self.contrast.at(rows[where[0]], columns[where[1]])
        opacity = solid.astype(np.float32)
        opacity[where] = local.opacity(planes_of(means[where]) - local.backdrop, np.float32(0))
        near = band & (opacity > _VEIL)
        return Trimap.parted(opacity, opacity >= _HALF, near, self.contrast, size=finer.size)


@dataclass(frozen=True, slots=True)
class Ringing:
    """How far from a strong edge, in cells, traces of up to a *share* of its height are not to be believed."""

    radius: int
    share: float


@dataclass(frozen=True, slots=True)
class _Scene:
    """Cells as seen against the backdrop: their difference from it, how far that is, and how sure."""

    backdrop: Planes
    difference: Planes
    distance: Field
    spread: float
    slack: Field | np.float32
    threshold: float


def draw(
    cells: Planes, backdrop: Planes, *, size: int, ringing: Ringing, metric: npt.NDArray[np.float32]
) -> Trimap | None:
    """Return the trimap of *cells* before *backdrop*, or ``None`` when nothing differs from it.

    *size* is how many pixels a side a cell has. *ringing* is how many cells far a strong edge may leave weak traces.
    *metric* weighs the channels.
    """
    scene = _look(cells, backdrop)
    strong = scene.distance > scene.threshold
    if not strong.any():
        return None
    seeds = _seeds(scene, strong, ringing)
    contrast = _contrast(scene, seeds, metric)
    opacity = contrast.opacity(scene.difference, np.float32(3 * scene.spread**2))
    mask = (opacity >= _HALF) & (scene.distance > max(3 * scene.spread, 4.0))
    mask = _without_pinholes(_without_specks(mask, scene, seeds), scene, opacity)
    if not mask.any():
        return None
    near = dilated(mask, 3) & (opacity > _VEIL)
    return Trimap.parted(opacity, mask, near, contrast, size=size)


def _look(cells: Planes, backdrop: Planes) -> _Scene:
    """Measure *cells* against *backdrop*, smoothing away what noise there is, and correct the backdrop."""
    raw = _length(cells - backdrop)
    noise = spread_of(raw)
    passes = 0 if noise < 2 else 1 if noise < 5 else 2
    steady = cells
    slack: Field | np.float32 = np.float32(0)
    if passes:
        clear = raw > CLEAR * noise
        steady = np.where(clear, cells, smoothed(cells, passes))
        slack = np.where(clear, np.float32(3 * noise), np.float32(2 * noise * SMOOTHED[passes]))
    backdrop = _followed(backdrop, steady)
    difference = steady - backdrop
    distance = _length(difference)
    spread = spread_of(distance)
    threshold = max(6 * spread, _FAINTEST, 0.06 * float(np.percentile(distance, 99.5)))
    distance = np.sqrt(np.maximum(distance * distance - np.float32(3 * spread**2), 0))
    return _Scene(backdrop, difference, distance, spread, slack, threshold)


def _followed(backdrop: Planes, steady: Planes) -> Planes:
    """Return *backdrop* corrected to where the background among the *steady* cells really is."""
    gentle = _slope(steady) < _GENTLE
    before, reached = np.inf, 0
    for _ in range(_CORRECTIONS):
        distance = _length(steady - backdrop)
        spread = spread_of(distance)
        near = _outside((distance < max(3.5 * spread, 4.0)) | (gentle & (distance < _GENTLE_REACH)))
        area = int(np.count_nonzero(near))
        if spread > 0.9 * before and area < 1.02 * reached:
            break
        before, reached = spread, area
        backdrop = corrected(backdrop, steady, near)
        if spread < _CLOSE:
            break
    return backdrop


def _slope(cells: Planes) -> Field:
    """Return by how much brightness differs between each of *cells* and those around it, at most."""
    brightness: Field = cells.mean(axis=0)
    return maximum(brightness, 1) - minimum(brightness, 1)


def _seeds(scene: _Scene, strong: Mask, ringing: Ringing) -> Mask:
    """Return the cells that show the foreground's own colour: none that mix, none that an edge nearby explains."""
    distance = scene.distance
    peak = distance >= 0.75 * maximum(distance, 2)
    level = maximum(distance, 1) - minimum(distance, 1) < 0.2 * distance + scene.slack
    edges = ringing.share * maximum(distance, ringing.radius)
    # Deep inside, nothing mixes; but a deep shadow is still the background's.
    deep = eroded(strong & ~_shaded(scene), max(2, ringing.radius // 4))
    return deep | (strong & (distance >= edges) & (peak | level))


def _shaded(scene: _Scene) -> Mask:
    """Return the cells of which the colour is the backdrop's, only darker."""
    light = (scene.difference * scene.backdrop).sum(axis=0)
    squares = (scene.backdrop * scene.backdrop).sum(axis=0) * (scene.difference * scene.difference).sum(axis=0)
    shaded: Mask = (light < 0) & (light * light > _DARKER**2 * squares)
    return shaded


def _contrast(scene: _Scene, seeds: Mask, metric: npt.NDArray[np.float32]) -> Contrast:
    """Return how foreground and backdrop differ at every cell, by the seeds nearby."""
    known = np.concatenate([scene.difference, scene.distance[None], np.ones_like(scene.distance)[None]]) * seeds
    spread_out = _spread(known, dilated(scene.distance > scene.threshold, 1))
    least = np.float32(0.8 * scene.threshold)
    reach = np.maximum(spread_out[3], least)
    lowest = minimum(np.where(seeds, reach, np.float32(1e9)), 2)
    mixed = lowest < 0.7 * reach
    return Contrast.of(scene.backdrop, spread_out[:3], np.where(mixed, lowest, reach), mixed, metric)


def _spread(known: Planes, wanted: Mask) -> Planes:
    """Return *known* (values, and last their weight) averaged nearby, and carried outwards where it is *wanted*."""
    total = known.sum(axis=(1, 2))
    values = _mean(window_sum(known, 1))
    for radius in _SPREADING:
        open_ = values[-1] == 0
        if not (open_ & wanted).any():
            break
        values = np.where(open_, _mean(window_sum(values, radius)), values)
    carried: Planes = np.where(values[-1] == 0, (total / total[-1])[:, None, None], values).astype(
        np.float32, copy=False
    )
    return carried


def _mean(sums: Planes) -> Planes:
    """Return the means of *sums*, whose last plane is the weight; where that is zero, nothing."""
    weight: Field = np.where(sums[-1] > 0, sums[-1], np.float32(1))
    means: Planes = sums / weight
    return means


def _without_specks(mask: Mask, scene: _Scene, seeds: Mask) -> Mask:
    """Return *mask* without areas that are too small or too faint beside the others."""
    labels, count = _labelled(mask)
    area = np.bincount(labels, minlength=count)
    inside = np.zeros(count, np.bool_)
    inside[labels[mask.ravel()]] = True
    mass = np.bincount(labels, scene.distance.ravel(), count)
    height = mass / np.maximum(area, 1)
    total = float(mass[inside].sum())
    usual = float((height * mass)[inside].sum()) / max(total, 1e-9)
    seeded = np.bincount(labels, seeds.ravel(), count) > 0
    weighty = (mass >= 0.03 * total) | ((mass >= 0.002 * total) & (height > 0.35 * usual))
    kept = inside & seeded & weighty & ((area >= 4) | (height > 2 * scene.threshold))
    return kept[labels].reshape(mask.shape)


def _without_pinholes(mask: Mask, scene: _Scene, opacity: Field) -> Mask:
    """Return *mask* with its holes closed, but for large ones through which the background shows."""
    labels, count = _labelled(mask)
    area = np.bincount(labels, minlength=count)
    alike = (scene.distance < 3 * scene.spread) | (opacity < 0.05)
    clear = np.bincount(labels, alike.ravel(), count) > 0.5 * area
    large = area >= max(4.0, 0.008 * float(np.count_nonzero(mask)))
    open_ = (clear & large) | _at_edge(mask.shape, labels, count)
    return mask | ~open_[labels].reshape(mask.shape)


def _labelled(mask: Mask) -> tuple[Index, int]:
    """Return the number of the region of each cell, one after the other, and one more than the greatest."""
    labels = regions(mask).ravel().astype(np.intp)
    return labels, int(labels.max()) + 1


def _outside(mask: Mask) -> Mask:
    """Return what of *mask* is connected with the picture's edge."""
    labels, count = _labelled(mask)
    return mask & _at_edge(mask.shape, labels, count)[labels].reshape(mask.shape)


def _at_edge(shape: tuple[int, ...], labels: Index, count: int) -> npt.NDArray[np.bool_]:
    """Tell which of *count* regions touch the picture's edge."""
    grid = labels.reshape(shape)
    touching = np.zeros(count, np.bool_)
    for line in (grid[0], grid[-1], grid[:, 0], grid[:, -1]):
        touching[line] = True
    return touching


def _length(difference: Planes) -> Field:
    """Return the lengths of the colours *difference*."""
    red, green, blue = difference
    length: Field = np.sqrt(red * red + green * green + blue * blue)
    return length
