"""Where the picture stands in a result: the lengths that were asked for, and what is seen of the foreground.

Matting is free to differ by a pixel or two at the foreground's edges, and sizes and places are rounded. So every place
that is worked out from the foreground comes with its slack: the pixels by which it may be off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from contracts.checks.raster import Box, box_of

if TYPE_CHECKING:
    from contracts.checks.raster import Scene
    from contracts.providers.pixian.checks.call import Call

    Size = tuple[int, int]

_LENGTH = re.compile(r"([0-9]*\.?[0-9]+)(px|%)")
_MOST_PIXELS = 4_000_000
"""Pixels of an input whose foreground is looked for: larger ones take long and tell no more."""
_SMALLEST = 20
"""Pixels of the shortest side, after ``max_pixels``, from which a foreground has to be found."""
_ROUNDING = 2.0
"""Pixels by which a place may be off because sizes, places and scales are rounded, each by up to one."""
_SHORTEST = 6
"""Pixels of a foreground, below which no scale can be told from it."""
_OPAQUE = 128
"""Alpha from which a pixel counts for the foreground's box: half, where the edge itself is."""
_FILLED = 0.9
"""Share of the foreground that a box for it has to hold."""


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


def scene(call: Call) -> Scene | None:
    """Return what of the input is surely foreground and background.

    There is no answer if it is not clear, too large to look at, or scaled down so far that nobody could tell.
    """
    picture = call.input
    if picture is None or picture.size[0] * picture.size[1] > _MOST_PIXELS:
        return None
    return picture.scene if min(picture.size) * _working_scale(call) >= _SMALLEST else None


def box(call: Call, name: str) -> Box | None:
    """Return the box in the header field *name*, if it holds one that is not empty."""
    numbers = call.numbers(name, 4)
    return Box(*numbers) if numbers is not None and numbers[2] > 0 and numbers[3] > 0 else None


def is_near(one: Box, other: Box, size: Size) -> bool:
    """Tell whether each edge is about the same, as far as two ways of matting a picture of *size* may differ."""
    across, down = max(4, size[0] / 10), max(4, size[1] / 10)
    vertical = max(abs(one.top - other.top), abs(one.bottom - other.bottom))
    return vertical <= down and max(abs(one.left - other.left), abs(one.right - other.right)) <= across


def is_within(one: Box, size: Size) -> bool:
    """Tell whether the box lies within a picture of *size*."""
    return one.right <= size[0] and one.bottom <= size[1]


def foregrounds(call: Call) -> tuple[Box, Box] | None:
    """Return the box of the foreground in the upright input, and in the result.

    Both are seen in the pixels where those can be looked at; else they are those of the header fields, unless those
    cannot be right: who states a wrong box breaks that rule, and not those about crops and margins.
    """
    known = scene(call)
    if call.is_pristine and call.result is not None and known is not None and _is_cut_out(call):
        after = box_of(call.result.alpha >= _OPAQUE)
        return (known.box, after) if after is not None else None
    before, stated = box(call, "X-Input-Foreground"), box(call, "X-Result-Foreground")
    if before is None or stated is None or call.input is None or call.result is None:
        return None
    if not is_within(stated, call.result.size) or call.numbers("X-Input-Orientation", 1) != (call.input.orientation,):
        return None
    if known is None:
        return (before, stated) if call.input.orientation == 1 else None
    trusted = is_near(before, known.box, call.input.size) and _holds(stated, known, call)
    return (before, stated) if trusted else None


def _holds(stated: Box, known: Scene, call: Call) -> bool:
    """Tell whether the box *stated* for the result holds something, where its pixels show that under a watermark."""
    if call.result is None or not _is_cut_out(call):
        return True
    rows, columns = slice(known.box.top, known.box.bottom), slice(known.box.left, known.box.right)
    inside = call.result.alpha[stated.top : stated.bottom, stated.left : stated.right]
    # The rim between what surely is foreground and what surely is not counts by half.
    filled = (known.foreground[rows, columns].mean() + (~known.background[rows, columns]).mean()) / 2
    return float((inside >= _OPAQUE).mean()) >= _FILLED * float(filled)


def place(call: Call) -> Place | None:
    """Return where the picture, or of a cropped one the foreground, stands in the result, from what is seen of that."""
    boxes = foregrounds(call)
    if boxes is None or call.input is None or min(boxes[0].width, boxes[0].height) < _SHORTEST:
        return None
    before, after = boxes
    across, down = after.width / before.width, after.height / before.height
    pixel = max(across, down) / _working_scale(call)
    if is_cropped(call):
        return Place(after.top, after.right, after.bottom, after.left, _ROUNDING + max(0.0, pixel - 1))
    width, height = call.input.size
    reach = max(
        max(before.left, width - before.right) / before.width, max(before.top, height - before.bottom) / before.height
    )
    return Place(
        top=after.top - before.top * down,
        right=after.right + (width - before.right) * across,
        bottom=after.bottom + (height - before.bottom) * down,
        left=after.left - before.left * across,
        slack=_ROUNDING + max(1.0, pixel) * (1 + 2 * reach),
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


def _is_cut_out(call: Call) -> bool:
    """Tell whether the result is to be a PNG with a transparent background."""
    return call.form.format == "png" and "background.color" not in call.form.given


def _working_scale(call: Call) -> float:
    """Return by how much ``max_pixels`` scales the input down; 1 if it does not."""
    if not call.is_shrunken or call.input is None:
        return 1.0
    return sqrt(call.form.value("max_pixels") / (call.input.size[0] * call.input.size[1]))
