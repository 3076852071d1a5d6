"""From pixels to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mockserver.imaging.compose import image_of
from mockserver.imaging.libvips import GValue
from mockserver.imaging.png import png

if TYPE_CHECKING:
    from contracts.behaviour import Recipe
    from mockserver.imaging.libvips import Image
    from mockserver.imaging.matting.arrays import Pixels

_WHITE = (255, 255, 255)


def encode(pixels: Pixels, recipe: Recipe, profile: bytes | None) -> tuple[bytes, str]:
    """Return *pixels* as the file that *recipe* asks for, with the ICC *profile*, and its media type."""
    if recipe.encoding == "jpeg":
        flat = _flat(pixels, recipe.background or _WHITE)
        if profile:
            flat.set_type(GValue.blob_type, "icc-profile-data", profile)
        return bytes(flat.jpegsave_buffer(Q=recipe.jpeg_quality, keep="icc")), "image/jpeg"
    height, width = pixels.shape
    if recipe.background and recipe.encoding == "png":
        flat = _flat(pixels, recipe.background)
        samples = np.frombuffer(flat.write_to_memory(), np.uint8).reshape(height, width, 3)
    else:
        samples = np.ascontiguousarray(pixels).view(np.uint8).reshape(height, width, 4)
    return png(samples, profile, sparse=recipe.encoding == "delta_png"), "image/png"


def _flat(pixels: Pixels, background: tuple[int, int, int]) -> Image:
    """Return *pixels* laid over the *background*, in red, green and blue."""
    return image_of(pixels).flatten(background=list(background))
