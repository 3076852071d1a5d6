"""Where the picture stands in a result: the lengths that were asked for, and what is seen of the foreground.

Matting is free to differ by a pixel or two at the foreground's edges, and sizes and places are rounded. So every place
that is worked out from the foreground comes with its slack: the pixels by which it may be off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from contracts.providers.pixian.checks.foreground import foregrounds, working_scale

if TYPE_CHECKING:
    from contracts.providers.pixian.checks.call import Call

    Size = tuple[int, int]

_LENGTH = re.compile(r"([0-9]*\.?[0-9]+)(px|%)")
_ROUNDING = 2.0
"""Pixels by which a place may be off because sizes, places and scales are rounded, each by up to one."""
_SHORTEST = 6
"""Pixels of a foreground, below which no scale can be told from it."""


@dataclass(frozen=True, slots=True)
class Length:
    """A length as it was asked for, in ``px`` or ``%``."""

    value: float
    unit: str

    def pixels(self, whole: float) -> float:
        """Return the length in pixels, where percentages refer to *whole*."""
        return self.value * whole / 100 if self.unit == "%" else self.value


class Sides(NamedTuple):
    """Distances from the four edges, in pixels."""

    top: float
    right: float
    bottom: float
    left: float

    def __str__(self) -> str:
        """Name them in the order of CSS."""
        return ", ".join(f"{value:.4g} {name}" for name, value in zip(self._fields, self, strict=True))


class Place(NamedTuple):
    """Where something is seen in a result, in pixels, and by how much that may be off."""

    top: float
    right: float
    bottom: float
    left: float
    slack: float

    def distances(self, size: Size) -> Sides:
        """Return how far it is from the edges of a result of *size*."""
        return Sides(self.top, size[0] - self.right, size[1] - self.bottom, self.left)


def lengths(call: Call) -> tuple[Length, ...]:
    """Return the lengths of the margin that was asked for, one to four."""
    return tuple(Length(float(value), unit) for value, unit in _LENGTH.findall(call.form.value("result.margin")))


def margin(call: Call, size: tuple[float, float] | None = None) -> Sides | None:
    """Return the margin that was asked for, spread over the sides as CSS has it.

    Percentages refer to *size*, width and height; without it there is no answer for them.
    """
    asked = lengths(call)
    if size is None and any(one.unit == "%" and one.value for one in asked):
        return None
    top, right, bottom, left = (asked[index] for index in _CSS[len(asked) - 1])
    width, height = size or (0, 0)
    return Sides(top.pixels(height), right.pixels(width), bottom.pixels(height), left.pixels(width))


_CSS = ((0, 0, 0, 0), (0, 1, 0, 1), (0, 1, 2, 1), (0, 1, 2, 3))
"""Which of one, two, three and four lengths holds for the top, the right, the bottom and the left."""


def has_margin(call: Call) -> bool:
    """Tell whether a margin was asked for that is not nothing."""
    return any(one.value for one in lengths(call))


def target(call: Call) -> Size | None:
    """Return the target size that was asked for, width and height."""
    text = call.form.value("result.target_size")
    if not text:
        return None
    width, height = text.split()
    return int(width), int(height)


def is_cropped(call: Call) -> bool:
    """Tell whether the result is to be cropped to the foreground."""
    return call.form.value("result.crop_to_foreground") is True


def is_laid_out(call: Call) -> bool:
    """Tell whether a right request was answered with a picture on whose layout the parameters have a say.

    Pictures that have to be turned are left to the rules about that, so that nothing else is blamed for it.
    """
    upright = call.input is not None and call.input.orientation == 1
    return call.is_served and call.result is not None and call.form.format != "delta_png" and upright


def is_plain_size(call: Call) -> bool:
    """Tell whether nothing but ``max_pixels`` was asked for that changes the size of the result."""
    return is_laid_out(call) and not is_cropped(call) and not has_margin(call) and target(call) is None


def keeps_pixels(call: Call) -> bool:
    """Tell whether every pixel of the result belongs to that of the upright input at the same place."""
    same = call.input is not None and call.result is not None and call.input.size == call.result.size
    return same and is_plain_size(call) and not call.is_shrunken


def place(call: Call) -> Place | None:
    """Return where the picture, or of a cropped one the foreground, stands in the result, from what is seen of that."""
    boxes = foregrounds(call)
    if boxes is None or call.input is None or min(boxes.before.width, boxes.before.height) < _SHORTEST:
        return None
    before, after, vague = boxes
    across, down = after.width / before.width, after.height / before.height
    pixel = max(across, down) / working_scale(call)
    if is_cropped(call):
        return Place(after.top, after.right, after.bottom, after.left, _ROUNDING + max(0.0, 2 * pixel - 1))
    width, height = call.input.size
    reach = max(
        max(before.left, width - before.right) / before.width, max(before.top, height - before.bottom) / before.height
    )
    return Place(
        top=after.top - before.top * down,
        right=after.right + (width - before.right) * across,
        bottom=after.bottom + (height - before.bottom) * down,
        left=after.left - before.left * across,
        slack=_ROUNDING + vague * max(1.0, pixel) * (1 + 2 * reach),
    )


def inner(call: Call) -> Sides | None:
    """Return the edges of what a margin in px leaves of the target; ``None`` without a target, or if nothing is left.

    ``right`` and ``bottom`` are counted from the upper left corner, too.
    """
    size, around = target(call), margin(call)
    if size is None or around is None:
        return None
    edges = Sides(around.top, size[0] - around.right, size[1] - around.bottom, around.left)
    return edges if edges.right - edges.left >= 1 and edges.bottom - edges.top >= 1 else None


def fitted(call: Call) -> tuple[Place, Sides] | None:
    """Return where the picture stands in a result of exactly the target's size, and what of that the margin leaves."""
    if not is_laid_out(call) or call.result is None or call.result.size != target(call):
        return None
    edges, seen = inner(call), place(call)
    return (seen, edges) if seen is not None and edges is not None else None


def words(edges: Place | Sides) -> str:
    """Return *edges*, counted from the upper left corner, as a reader wants to see them."""
    return f"{edges.left:.0f} to {edges.right:.0f} across, {edges.top:.0f} to {edges.bottom:.0f} down"
