"""How opaque a pixel is that lies between the colours of backdrop and foreground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from mockserver.imaging.matting.arrays import Field, Index, Mask, Planes

PLAIN = np.eye(3, dtype=np.float32)
"""Red, green and blue weigh the same."""

_ASIDE = np.float32(0.35)
"""Colours further from the way between backdrop and foreground than this share of its length are no mixtures."""

_LUMA = np.array([[0.299, 0.587, 0.114], [-0.169, -0.331, 0.5], [0.5, -0.419, -0.081]])
_SHARPER = np.diag([3.0, 1.0, 1.0]) @ _LUMA
SUBSAMPLED = (_SHARPER.T @ _SHARPER).astype(np.float32)
"""Brightness weighs more: JPEG files mostly keep colour at half the resolution."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """For every cell, what tells the foreground from the backdrop there.

    ``backdrop`` is the colour behind, ``reach`` how far from it the foreground's colour lies. ``gradient`` is the
    vector whose product with a difference from the backdrop is the share of foreground in it; where the foreground
    is a medley of colours it is ``mixed``, has no one direction, and only the distance counts.
    """

    backdrop: Planes
    gradient: Planes
    reach: Field
    mixed: Mask

    @classmethod
    def of(
        cls, backdrop: Planes, foreground: Planes, reach: Field, mixed: Mask, metric: npt.NDArray[np.float32]
    ) -> Self:
        """Derive the gradient from the *foreground*'s difference from the backdrop, channels weighed by *metric*."""
        weighed = np.tensordot(metric, foreground, axes=1)
        mixed = mixed | ((foreground * foreground).sum(axis=0) < (0.85 * reach) ** 2)
        length = (weighed * foreground).sum(axis=0)
        gradient = np.where(mixed, np.float32(0), weighed / np.maximum(length, np.float32(1)))
        return cls(backdrop, gradient, reach, mixed)

    def at(self, rows: Index, columns: Index) -> Contrast:
        """Return the contrast of some cells, one after the other."""
        return Contrast(
            self.backdrop[:, rows, columns],
            self.gradient[:, rows, columns],
            self.reach[rows, columns],
            self.mixed[rows, columns],
        )

    def part(self, cells: slice) -> Contrast:
        """Return the contrast of some *cells* of those picked with :meth:`at`."""
        return Contrast(self.backdrop[:, cells], self.gradient[:, cells], self.reach[cells], self.mixed[cells])

    def for_blocks(self) -> Contrast:
        """Return the contrast of cells, one after the other, shaped to be combined with a block of pixels for each."""
        wide = (..., None, None)
        return Contrast(self.backdrop[wide], self.gradient[wide], self.reach[wide], self.mixed[wide])

    def opacity(self, difference: Planes, floor: np.float32) -> Field:
        """Return the share of foreground in colours that differ from the backdrop by *difference*; not clipped.

        *floor* is the mean square that noise adds to a difference.
        """
        share = np.zeros(difference.shape[1:], np.float32)
        square = np.zeros(difference.shape[1:], np.float32)
        for plane, slope in zip(difference, self.gradient, strict=True):
            share += plane * slope
            square += plane * plane
        other = np.flatnonzero(self.mixed | (square > (share * share + _ASIDE**2) * (self.reach * self.reach)))
        if other.size:
            part = share.ravel()[other]
            share.reshape(-1)[other] = self._by_distance(
                part, square.ravel()[other], other // (share.size // self.reach.size), floor
            )
        return share

    def _by_distance(self, share: Field, square: Field, cells: Index, floor: np.float32) -> Field:
        """Return the share of foreground in colours that do not lie on the way from backdrop to foreground.

        *cells* tells for each colour to which cell it belongs, counted row by row.
        """
        reach, mixed = self.reach.ravel()[cells], self.mixed.ravel()[cells]
        aside = np.sqrt(np.maximum(square / (reach * reach) - share * share, 0))
        other = np.where(mixed, np.float32(1), np.clip((aside - _ASIDE) * 5, 0, 1))
        found: Field = share + other * (np.sqrt(np.maximum(square - floor, 0)) / reach - share)
        return found
