"""How pictures look: which have a texture, and what is seen of transparent pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from contracts.providers.pixian.checks.foreground import scene

if TYPE_CHECKING:
    import numpy.typing as npt

    from contracts.checks.raster import Pixels
    from contracts.providers.pixian.checks.call import Call

_TEXTURE = 1.5
"""Levels by which neighbouring pixels differ on average."""
_FEW = 500
"""Pixels of foreground that are too few to show in the bytes of a file."""


def is_photo(call: Call) -> bool:
    """Tell whether what is surely foreground in the picture that was sent has a texture, as photographs have."""
    known = scene(call)
    if known is None or call.input is None:
        return False
    inside = known.foreground[:, 1:] & known.foreground[:, :-1]
    if np.count_nonzero(inside) < _FEW:
        return False
    green = call.input.pixels[:, :, 1].astype(np.int16)
    return float(np.abs(np.diff(green, axis=1))[inside].mean()) >= _TEXTURE


def difference(one: Pixels, other: Pixels) -> npt.NDArray[np.int16]:
    """Return by how much each pixel differs to the eye, in levels: over black or over white, whichever shows more."""
    dark, light = (np.abs(_over(one, paper) - _over(other, paper)).max(axis=2) for paper in (0, 255))
    return np.asarray(np.maximum(dark, light), np.int16)


def over_grey(pixels: Pixels) -> npt.NDArray[np.int16]:
    """Return red, green and blue as they are seen over grey: the colour of what is transparent does not show."""
    return _over(pixels, 128)


def _over(pixels: Pixels, paper: int) -> npt.NDArray[np.int16]:
    alpha = pixels[:, :, 3:].astype(np.float32) / 255
    return (pixels[:, :, :3] * alpha + paper * (1 - alpha)).astype(np.int16)
