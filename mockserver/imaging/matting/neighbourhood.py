"""What lies around each cell: extremes, sums, smoothing, connected regions. Edges are extended outwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt
import pyvips

from mockserver.imaging.libvips import fetched

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import EllipsisType

    from mockserver.imaging.matting.arrays import Mask

_Array = TypeVar("_Array", npt.NDArray[np.float32], npt.NDArray[np.uint8])


def maximum(field: _Array, radius: int) -> _Array:
    """Return the greatest value within *radius* cells, across and down."""
    return _extreme(field, radius, np.maximum)


def minimum(field: _Array, radius: int) -> _Array:
    """Return the smallest value within *radius* cells, across and down."""
    return _extreme(field, radius, np.minimum)


def dilated(mask: Mask, radius: int) -> Mask:
    """Return *mask* grown by *radius* cells."""
    return maximum(mask.view(np.uint8), radius).view(np.bool_)


def eroded(mask: Mask, radius: int) -> Mask:
    """Return *mask* shrunk by *radius* cells, but not from the picture's own edges."""
    return minimum(mask.view(np.uint8), radius).view(np.bool_)


def smoothed(planes: npt.NDArray[np.float32], passes: int) -> npt.NDArray[np.float32]:
    """Return *planes*, shape (..., height, width), weighted 1 2 1 across and down, *passes* times."""
    for _ in range(passes):
        for axis in (-1, -2):
            wide, size = _extended(planes, 1, axis), planes.shape[axis]
            planes = wide[_cut(0, size, axis)] + wide[_cut(2, size, axis)]
            planes += 2 * wide[_cut(1, size, axis)]
            planes *= np.float32(0.25)
    return planes


def window_sum(planes: npt.NDArray[np.float32], radius: int) -> npt.NDArray[np.float32]:
    """Return the sums of *planes*, shape (..., height, width), over squares of 2 * *radius* + 1; nothing outside."""
    for axis in (-1, -2):
        size = planes.shape[axis]
        total = planes.copy()
        for shift in range(1, min(radius, size - 1) + 1):
            total[_cut(shift, size - shift, axis)] += planes[_cut(0, size - shift, axis)]
            total[_cut(0, size - shift, axis)] += planes[_cut(shift, size - shift, axis)]
        planes = total
    return planes


def regions(mask: Mask) -> npt.NDArray[np.int32]:
    """Number the connected areas (by edges, not corners) of equal value, of both values, from 1."""
    height, width = mask.shape
    image = pyvips.Image.new_from_memory(np.ascontiguousarray(mask, np.uint8), width, height, 1, "uchar")
    return np.frombuffer(fetched(image.labelregions()), np.int32).reshape(height, width)


def _extreme(field: _Array, radius: int, choose: Callable[[_Array, _Array], _Array]) -> _Array:
    """Return the extreme within *radius*; windows of doubling size take as many steps as the radius has bits."""
    for axis in (-1, -2):
        wide, size, span = _extended(field, radius, axis), 2 * radius + 1, 1
        while span < size:
            step = min(span, size - span)
            rest = wide.shape[axis] - step
            wide = choose(wide[_cut(0, rest, axis)], wide[_cut(step, rest, axis)])
            span += step
        field = wide
    return field


def _extended(array: _Array, radius: int, axis: int) -> _Array:
    """Return *array* with its first and last line repeated *radius* times along *axis*."""
    size = array.shape[axis]
    shape = list(array.shape)
    shape[axis] += 2 * radius
    wide = np.empty(shape, array.dtype)
    wide[_cut(0, radius, axis)] = array[_cut(0, 1, axis)]
    wide[_cut(radius, size, axis)] = array
    wide[_cut(radius + size, radius, axis)] = array[_cut(size - 1, 1, axis)]
    return wide


def _cut(start: int, count: int, axis: int) -> tuple[EllipsisType | slice, ...]:
    """Return the index of *count* lines from *start* along the last (-1) or last but one (-2) axis."""
    lines = slice(start, start + count)
    return (..., lines) if axis == -1 else (..., lines, slice(None))
