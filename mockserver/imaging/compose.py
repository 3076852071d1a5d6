"""Laying a cut-out into the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from contracts.behaviour import Box
from mockserver.imaging.libvips import Image
from mockserver.imaging.matting.arrays import WORD

if TYPE_CHECKING:
    from mockserver.imaging.geometry import Placement
    from mockserver.imaging.matting.arrays import Pixels


def foreground_box(pixels: Pixels) -> Box:
    """Return the smallest box that holds every pixel that is not fully transparent; there must be one."""
    rows = np.flatnonzero(pixels.any(axis=1))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(pixels[top:bottom].any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    return Box(top, left, right - left, bottom - top)


def laid_out(pixels: Pixels, placement: Placement) -> Pixels:
    """Return the result's pixels: the content of *pixels* at its place, nothing around it."""
    content = placement.content
    part = pixels[content.top : content.top + content.height, content.left : content.left + content.width]
    if not placement.keeps_scale:
        part = _scaled(part, *placement.scaled)
    width, height = placement.result
    if part.shape == (height, width):
        return part
    result = np.zeros((height, width), WORD)
    result[placement.top : placement.top + part.shape[0], placement.left : placement.left + part.shape[1]] = part
    return result


def image_of(pixels: Pixels) -> Image:
    """Return *pixels* as an image of libvips that shares their memory where it can."""
    height, width = pixels.shape
    image = Image.new_from_memory(np.ascontiguousarray(pixels), width, height, 4, "uchar")
    return image.copy(interpretation="srgb")


def _scaled(pixels: Pixels, width: int, height: int) -> Pixels:
    """Return *pixels* at another size; colours are weighed by their opacity, so that nothing bleeds in."""
    image = image_of(pixels).premultiply()
    image = image.resize(width / image.width, vscale=height / image.height).unpremultiply().cast("uchar")
    found = np.frombuffer(image.write_to_memory(), WORD).reshape(image.height, image.width).copy()
    found[found < np.uint32(1 << 24)] = 0
    return found
