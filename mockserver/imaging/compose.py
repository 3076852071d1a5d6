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


_AT_ONCE = 256
"""Lines looked at together."""


def foreground_box(pixels: Pixels) -> Box:
    """Return the smallest box that holds every pixel that is not fully transparent; there must be one."""
    height, width = pixels.shape
    top = _margin(pixels)
    bottom = height - _margin(pixels[::-1])
    left = _margin(pixels[top:bottom].T)
    right = width - _margin(pixels[top:bottom, ::-1].T)
    return Box(top, left, right - left, bottom - top)


def _margin(lines: Pixels) -> int:
    """Return how many of the first *lines* are empty; reads no further than the first that is not, or little."""
    for start in range(0, lines.shape[0], _AT_ONCE):
        found = np.flatnonzero(lines[start : start + _AT_ONCE].max(axis=1))
        if found.size:
            return start + int(found[0])
    return len(lines)


def laid_out(pixels: Pixels, placement: Placement) -> Pixels:
    """Return the result's pixels: the content of *pixels* at its place, nothing around it."""
    content = placement.content
    if placement.result == placement.scaled == (pixels.shape[1], pixels.shape[0]) == (content.width, content.height):
        return pixels
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
    """Return *pixels* at another size; colours are weighed by their opacity, so that nothing bleeds in.

    The kernel has no negative lobes: those of sharper ones leave ghosts outside of the foreground and holes within.
    """
    image = image_of(pixels).premultiply()
    image = image.resize(width / image.width, vscale=height / image.height, kernel="linear")
    image = image.unpremultiply().rint().cast("uchar")
    found = np.frombuffer(image.write_to_memory(), WORD).reshape(image.height, image.width).copy()
    found[found < np.uint32(1 << 24)] = 0
    return found
