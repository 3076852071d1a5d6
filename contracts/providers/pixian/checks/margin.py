"""Margins: around the picture, or within a target size."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand, equal, shown
from contracts.providers.pixian.checks.acceptance import accepted, turned_down
from contracts.providers.pixian.checks.foreground import foregrounds
from contracts.providers.pixian.checks.layout import (
    Sides,
    has_margin,
    inner,
    is_cropped,
    is_laid_out,
    is_plain_size,
    lengths,
    margin,
    place,
    target,
)
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.checks import Finding
    from contracts.checks.raster import Box
    from contracts.providers.pixian.checks.call import Call

_SIZE, _SIDES = "size of the result", "margins of the result, in pixels"
_TELLING = 4.0
"""Pixels of margin on each side from which its lack cannot be an effect of rounding or of soft edges."""
_SAME = 3
"""Pixels by which the foreground of a cropped result may be off its edges without a margin."""
_NEGATIVE = re.compile(r"-?[0-9.]+(?:px|%)(?: +-?[0-9.]+(?:px|%)){0,3}")
_UNITLESS = re.compile(r"[0-9.]+(?:px|%)?(?: +[0-9.]+(?:px|%)?){0,3}")


@CHECKS.each("margin.uncropped")
def margin_uncropped(call: Call) -> Finding | None:
    """A result that is not cropped is wider and higher than the input when there is a margin on all sides."""
    if is_cropped(call) or not _is_margin_alone(call) or call.is_shrunken or call.input is None or call.result is None:
        return None
    return _is_added(call, call.input.size)


@CHECKS.each("margin.cropped")
def margin_cropped(call: Call) -> Finding | None:
    """A result that is cropped is wider and higher than the foreground in it when there is a margin on all sides."""
    boxes = foregrounds(call)
    if not is_cropped(call) or not _is_margin_alone(call) or boxes is None:
        return None
    return _is_added(call, (boxes[1].width, boxes[1].height))


@CHECKS.each("margin.default")
def margin_default(call: Call) -> Finding | None:
    """Without ``result.margin`` the result has the size of the input, or the foreground of a crop reaches its edges."""
    if "result.margin" in call.form.given or not is_laid_out(call) or target(call) is not None:
        return None
    if is_plain_size(call) and not call.is_shrunken and call.input is not None and call.result is not None:
        return equal(_SIZE, call.result.size, call.input.size, "There is no margin unless one is asked for.")
    boxes = foregrounds(call)
    if not is_cropped(call) or boxes is None or call.result is None:
        return None
    free = _distances(boxes[1], call.result.size)
    return demand(max(free) <= _SAME, _SIDES, "none", str(free), "There is no margin unless one is asked for.")


@CHECKS.each("margin.pixels")
def margin_pixels(call: Call) -> Finding | None:
    """The same length in px on all sides is added to the size twice, and is seen on every side."""
    around = margin(call) if _is_margin_alone(call) else None
    return _judged(call, around) if around is not None and len(set(around)) == 1 else None


@CHECKS.each("margin.percent")
def margin_percent(call: Call) -> Finding | None:
    """Lengths in % make the result wider and higher than what it shows, by however much."""
    if not _is_margin_alone(call) or any(one.unit != "%" for one in lengths(call)):
        return None
    shown_size = _content(call)
    return _is_added(call, shown_size) if shown_size is not None else None


@CHECKS.each("margin.percent-base")
def margin_percent_base(call: Call) -> Finding | None:
    """Lengths in % are seen as parts of the height above and below, of the width left and right.

    Those are height and width of what is shown, or of the target: there the picture touches what the margin leaves.
    """
    if not is_laid_out(call) or not any(one.unit == "%" and one.value for one in lengths(call)):
        return None
    size = target(call)
    if size is not None:
        return _fills(call, margin(call, size))
    shown_size = _content(call)
    return _judged(call, margin(call, shown_size)) if shown_size is not None else None


@CHECKS.each("margin.decimal")
def margin_decimal(call: Call) -> Finding | None:
    """Lengths with decimals are not said to be wrong, and such in px are kept within a pixel a side."""
    simple = call.is_right and call.form.uses_only("result.margin", "result.crop_to_foreground")
    if not simple or "." not in call.form.value("result.margin"):
        return None
    finding = accepted(call, "Lengths may have decimals.")
    around = margin(call) if _is_margin_alone(call) else None
    if finding is not KEPT or around is None or len(set(around)) != 1:
        return finding
    return _judged(call, around) or KEPT


@CHECKS.each("margin.one")
def margin_one(call: Call) -> Finding | None:
    """One length in px is seen on all four sides."""
    return _spread(call, 1)


@CHECKS.each("margin.two")
def margin_two(call: Call) -> Finding | None:
    """Of two lengths in px the first is seen above and below, the second left and right."""
    return _spread(call, 2)


@CHECKS.each("margin.three")
def margin_three(call: Call) -> Finding | None:
    """Of three lengths in px the first is seen above, the second left and right, the third below."""
    return _spread(call, 3)


@CHECKS.each("margin.four")
def margin_four(call: Call) -> Finding | None:
    """Four lengths in px are seen above, right, below and left."""
    return _spread(call, 4)


@CHECKS.each("margin.inset")
def margin_inset(call: Call) -> Finding | None:
    """A result with a target is no larger than that, and the foreground keeps the margin's distance from its edges."""
    if not is_laid_out(call) or not has_margin(call) or call.result is None:
        return None
    edges, size, boxes = inner(call), target(call), foregrounds(call)
    if size is None or edges is None:
        return None
    hint = "With a target size the margin lies within it."
    if call.result.size[0] > size[0] or call.result.size[1] > size[1]:
        return Broken(_SIZE, f"at most {shown(size)}", shown(call.result.size), hint)
    if boxes is None:
        return None
    asked, free = _around(edges, size), _distances(boxes[1], call.result.size)
    kept = all(one >= other - _SAME for one, other in zip(free, asked, strict=True))
    return demand(kept, _SIDES, f"at least {asked}", str(free), hint)


@CHECKS.each("margin.room")
def margin_room(call: Call) -> Finding | None:
    """A margin in px that leaves nothing of the target is no error, and the result has the target's size."""
    around, size = (margin(call), target(call)) if call.is_right else (None, None)
    if around is None or size is None or call.form.format == "delta_png":
        return None
    if around.left + around.right < size[0] and around.top + around.bottom < size[1]:
        return None
    if call.is_served and call.result is not None:
        return equal(_SIZE, call.result.size, size)
    return accepted(call, "The margin leaves nothing of the target; one pixel of the picture is shown.")


@CHECKS.each("margin.negative")
def margin_negative(call: Call) -> Finding | None:
    """A margin that is wrong for nothing but a minus sign is answered with a status from 400 to 499."""
    return _wrong(call, _NEGATIVE, lambda text: "-" in text, "Negative lengths are wrong.")


@CHECKS.each("margin.unit")
def margin_unit(call: Call) -> Finding | None:
    """A margin that is wrong for nothing but the lack of a unit is answered with a status from 400 to 499."""
    return _wrong(call, _UNITLESS, lambda _: True, "A length has a unit, px or %.")


def _wrong(call: Call, form: re.Pattern[str], has_it: Callable[[str], bool], hint: str) -> Finding | None:
    """Find that a margin of a wrong *form* is refused, or not."""
    if not call.is_wrong_only_in("result.margin"):
        return None
    text = call.form.texts["result.margin"]
    return turned_down(call, hint) if form.fullmatch(text) and has_it(text) else None


def _is_margin_alone(call: Call) -> bool:
    """Tell whether a margin was asked for, but no target."""
    return is_laid_out(call) and has_margin(call) and target(call) is None


def _spread(call: Call, count: int) -> Finding | None:
    """Find that *count* lengths in px are where CSS has them, or not."""
    around = margin(call) if _is_margin_alone(call) else None
    return _judged(call, around) if around is not None and len(lengths(call)) == count else None


def _content(call: Call) -> tuple[int, int] | None:
    """Return the size of what a margin is put around, if it is known: the input, or the foreground in the result."""
    if not is_laid_out(call) or target(call) is not None or call.input is None:
        return None
    if not is_cropped(call):
        return None if call.is_shrunken else call.input.size
    boxes = foregrounds(call)
    return (boxes[1].width, boxes[1].height) if boxes is not None else None


def _is_added(call: Call, content: tuple[int, int]) -> Finding | None:
    """Find that the result is wider and higher than *content*; ``None`` where the margin is too small to tell."""
    around = margin(call, content)
    if around is None or min(around) < _TELLING or call.result is None:
        return None
    width, height = call.result.size
    kept = width - content[0] >= _TELLING and height - content[1] >= _TELLING
    return demand(kept, _SIZE, f"more than {shown(content)}, which the margin surrounds", f"{width} {height}")


def _judged(call: Call, around: Sides | None) -> Finding | None:
    """Find that there is a margin of *around* pixels around what is shown, or not.

    The size of a result that is not cropped follows from the margin to the pixel, where no length is rounded.
    """
    if around is None or call.result is None or call.input is None:
        return None
    sized = _sized(call, around)
    seen = place(call)
    if isinstance(sized, Broken) or seen is None:
        return sized
    found = seen.distances(call.result.size)
    close = all(abs(one - other) <= seen.slack + 1 for one, other in zip(found, around, strict=True))
    return demand(close, _SIDES, str(around), f"about {found}", f"Seen from the foreground, within {seen.slack:.0f}.")


def _sized(call: Call, around: Sides) -> Finding | None:
    """Find that the size is that of the input and *around*; ``None`` where what is surrounded has no known size."""
    if is_cropped(call) or call.is_shrunken or call.input is None or call.result is None:
        return None
    width, height = call.input.size
    expected = (width + around.left + around.right, height + around.top + around.bottom)
    slack = 0.0 if all(side == int(side) for side in around) else 2.0
    close = all(abs(one - other) <= slack for one, other in zip(call.result.size, expected, strict=True))
    return demand(close, _SIZE, f"{expected[0]:.6g} {expected[1]:.6g}", shown(call.result.size))


def _fills(call: Call, around: Sides | None) -> Finding | None:
    """Find that what is shown keeps *around* within the target, and touches two opposite edges of what is left."""
    size, seen = target(call), place(call)
    if seen is None or around is None or size is None or call.result is None or call.result.size != size:
        return None
    if size[0] - around.left - around.right < 1 or size[1] - around.top - around.bottom < 1:
        return None
    slack = seen.slack + 1
    spare = [one - other for one, other in zip(seen.distances(size), around, strict=True)]
    kept = min(spare) >= -slack and (max(spare[0], spare[2]) <= slack or max(spare[1], spare[3]) <= slack)
    found = seen.distances(size)
    return demand(kept, _SIDES, f"{around} on two opposite sides, no less on the others", f"about {found}")


def _around(edges: Sides, size: tuple[int, int]) -> Sides:
    """Return *edges*, counted from the upper left corner, as distances from the edges of *size*."""
    return Sides(edges.top, size[0] - edges.right, size[1] - edges.bottom, edges.left)


def _distances(one: Box, size: tuple[int, int]) -> Sides:
    """Return how far the box is from the edges of *size*."""
    return Sides(one.top, size[0] - one.right, size[1] - one.bottom, one.left)
