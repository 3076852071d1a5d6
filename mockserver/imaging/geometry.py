"""Where everything goes in the result: crop, margin, target size and alignment, as plain arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

from contracts.behaviour import Box, ImageError, Trouble

if TYPE_CHECKING:
    from contracts.behaviour import Length, Margin, Recipe, Size

_LONGEST_JPEG_SIDE = 65_500
"""In pixels; libjpeg writes no longer one."""


@dataclass(frozen=True, slots=True)
class Placement:
    """How the result is laid out.

    ``content`` is the part of the working picture that is shown, ``scaled`` the size at which it is shown, ``left``
    and ``top`` where, and ``result`` the size of the whole.
    """

    content: Box
    scaled: Size
    left: int
    top: int
    result: Size

    @property
    def keeps_scale(self) -> bool:
        """Whether the content is shown pixel for pixel."""
        return self.scaled == (self.content.width, self.content.height)


def place(working: Size, foreground: Box, recipe: Recipe) -> Placement:
    """Lay the result out for a picture of size *working* with its *foreground*.

    Raises:
        ImageError: the result would have too many pixels, or a side that its format cannot have.
    """
    if recipe.encoding == "delta_png":
        return Placement(Box(0, 0, *working), working, 0, 0, working)
    content = foreground if recipe.crop else Box(0, 0, *working)
    placement = _in_target(content, recipe.target, recipe) if recipe.target else _with_margin(content, recipe.margin)
    width, height = placement.result
    if width * height > recipe.max_result_pixels:
        detail = f"It would have {width} x {height} pixels; at most {recipe.max_result_pixels} are made."
        raise ImageError(Trouble.RESULT_TOO_LARGE, detail)
    if recipe.encoding == "jpeg" and max(placement.result) > _LONGEST_JPEG_SIDE:
        detail = f"It would have {width} x {height} pixels; a JPEG has at most {_LONGEST_JPEG_SIDE} a side."
        raise ImageError(Trouble.RESULT_TOO_LARGE, detail)
    return placement


def _with_margin(content: Box, margin: Margin) -> Placement:
    """Put the margin around the content."""
    top, right, bottom, left = _pixels(margin, (content.width, content.height))
    result = (left + content.width + right, top + content.height + bottom)
    return Placement(content, (content.width, content.height), left, top, result)


def _in_target(content: Box, target: Size, recipe: Recipe) -> Placement:
    """Fit the content into the target, with the margin inside; at least one pixel of it is shown."""
    top, right, bottom, left = _pixels(recipe.margin, target)
    inner_width, inner_height = max(1, target[0] - left - right), max(1, target[1] - top - bottom)
    scale = min(inner_width / content.width, inner_height / content.height)
    width = min(inner_width, max(1, round(content.width * scale)))
    height = min(inner_height, max(1, round(content.height * scale)))
    spare = inner_height - height
    drop = {"top": 0, "middle": spare // 2, "bottom": spare}[recipe.vertical_alignment]
    x = min(left + (inner_width - width) // 2, target[0] - width)
    y = min(top + drop, target[1] - height)
    return Placement(content, (width, height), x, y, target)


def _pixels(margin: Margin, size: Size) -> tuple[int, int, int, int]:
    """Return top, right, bottom and left in pixels; percentages refer to *size*."""
    width, height = size
    upright = width if margin.percent_of == "width" else height
    return (
        _length(margin.top, upright),
        _length(margin.right, width),
        _length(margin.bottom, upright),
        _length(margin.left, width),
    )


def _length(length: Length, whole: int) -> int:
    return round(length.value * whole / 100) if length.unit == "%" else round(length.value)


def in_input(box: Box, working: Size, input_size: Size) -> Box:
    """Return *box*, in coordinates of the working picture, in those of the input; never smaller than it was."""
    if working == input_size:
        return box
    across, down = input_size[0] / working[0], input_size[1] / working[1]
    left, top = floor(box.left * across), floor(box.top * down)
    right = min(input_size[0], ceil((box.left + box.width) * across))
    bottom = min(input_size[1], ceil((box.top + box.height) * down))
    return Box(top, left, right - left, bottom - top)
