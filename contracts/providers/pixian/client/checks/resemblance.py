"""Whether two pictures show the same, though one was converted or scaled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from contracts.checks.raster import RasterError, decode

if TYPE_CHECKING:
    import numpy.typing as npt

    from contracts.checks.raster import Raster

_SIDE = 24
"""Pixels of the sides of the small pictures that are compared."""
_DIFFERENT = 48.0
"""Levels of 255 by which the pixels of pictures of different things differ in the mean, or by more."""


def shows(picture: Raster, data: bytes) -> bool:
    """Tell whether *picture* may show what the picture in *data* shows, upright or not.

    What becomes of transparent pixels without transparency is open, so that pictures that have any are taken as alike.
    """
    try:
        other = decode(data)
    except RasterError:
        return True  # what the bytes show is not known
    if any(one.has_alpha and (one.alpha < 255).any() for one in (picture, other)):
        return True
    one, two = _small(picture), _small(other)
    turned = [np.rot90(two, turns) for turns in range(4)]
    return min(float(np.abs(one - each).mean()) for each in (*turned, *(each[:, ::-1] for each in turned))) < _DIFFERENT


def _small(picture: Raster) -> npt.NDArray[np.float32]:
    """Return the colours of *picture*, scaled to a small square."""
    return np.asarray(picture.image.convert("RGB").resize((_SIDE, _SIDE)), dtype=np.float32)
