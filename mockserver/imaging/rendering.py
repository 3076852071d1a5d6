"""The way from an encoded picture to an encoded result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from contracts.behaviour import Rendering
from mockserver.imaging.compose import foreground_box, laid_out
from mockserver.imaging.decode import decode
from mockserver.imaging.delta import mark_untouched
from mockserver.imaging.encode import encode
from mockserver.imaging.geometry import in_input, place
from mockserver.imaging.matting.arrays import OPAQUE
from mockserver.imaging.matting.cutout import cut, judge
from mockserver.imaging.watermark import print_text

if TYPE_CHECKING:
    from contracts.behaviour import Recipe
    from mockserver.imaging.decode import Picture
    from mockserver.imaging.matting.arrays import Pixels
    from mockserver.imaging.matting.trimap import Trimap


_A_MASK = 0.01
"""Share of pixels that must be less than opaque for an input's own transparency to be taken for a mask."""


def make(source: bytes, recipe: Recipe) -> Rendering:
    """Follow *recipe* with the picture in *source*.

    Raises:
        ImageError: no picture can be made of it.
    """
    picture = decode(source, recipe)
    pixels = _without_background(picture)
    foreground = foreground_box(pixels)
    placement = place(picture.size, foreground, recipe)
    result = laid_out(pixels, placement)
    result_foreground = foreground if result is pixels else foreground_box(result)
    _finish(result, recipe)
    data, media_type = encode(result, recipe, picture.profile)
    return Rendering(
        data=data,
        media_type=media_type,
        orientation=picture.orientation,
        input_size=picture.input_size,
        working_size=picture.size,
        result_size=placement.result,
        input_foreground=in_input(foreground, picture.size, picture.input_size),
        result_foreground=result_foreground,
    )


def _finish(result: Pixels, recipe: Recipe) -> None:
    """Print the watermark and mark what a delta leaves out, in place."""
    delta = recipe.encoding == "delta_png"
    original = result.copy() if delta and recipe.watermark is not None else result
    if recipe.watermark is not None:
        print_text(result, recipe.watermark)
    if delta:
        mark_untouched(result, original)


def _without_background(picture: Picture) -> Pixels:
    """Return the picture's pixels with its background made 0.

    The input's own transparency decides, unless it is but a few pixels, such as rounded corners; those keep theirs.
    """
    trimap = _judged_ahead(picture)
    pixels = picture.pixels()
    if not picture.translucent:
        cut(pixels, trimap, subsampled=picture.subsampled)
        return pixels
    own = pixels & np.uint32(OPAQUE)
    visible = own != 0
    if visible.any() and np.count_nonzero(own != np.uint32(OPAQUE)) >= _A_MASK * pixels.size:
        np.putmask(pixels, ~visible, np.uint32(0))
        return pixels
    np.bitwise_or(pixels, np.uint32(OPAQUE), out=pixels)
    cut(pixels, trimap, subsampled=picture.subsampled)
    if visible.any():
        alpha = np.minimum(pixels & np.uint32(OPAQUE), own)
        np.copyto(pixels, np.where(alpha == 0, np.uint32(0), (pixels & np.uint32(0x00FFFFFF)) | alpha))
    return pixels


def _judged_ahead(picture: Picture) -> Trimap | None:
    """Return what can be told of a picture before its pixels are there."""
    small = picture.small() if picture.small else None
    return judge(small, picture.size, subsampled=picture.subsampled) if small else None
