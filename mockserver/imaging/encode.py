"""From pixels to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.imaging.compose import image_of

if TYPE_CHECKING:
    from contracts.behaviour import Recipe
    from mockserver.imaging.matting.arrays import Pixels

_WHITE = (255, 255, 255)
_QUICK = 1
"""Of zlib's nine levels of effort; the next ones take twice the time for a few percent."""


def encode(pixels: Pixels, recipe: Recipe) -> tuple[bytes, str]:
    """Return *pixels* as the file that *recipe* asks for, and its media type."""
    image = image_of(pixels)
    if recipe.encoding == "jpeg":
        flat = image.flatten(background=list(recipe.background or _WHITE))
        return bytes(flat.jpegsave_buffer(Q=recipe.jpeg_quality, keep="none")), "image/jpeg"
    if recipe.background and recipe.encoding == "png":
        image = image.flatten(background=list(recipe.background))
    return bytes(image.pngsave_buffer(compression=_QUICK, keep="none")), "image/png"
