"""Results with and without a crop to the foreground."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand, equal, shown
from contracts.providers.pixian.checks.foreground import foregrounds, scene, working_scale
from contracts.providers.pixian.checks.layout import Sides, has_margin, is_cropped, is_laid_out, is_plain_size, target
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

_WHERE = "size of the result"
_SAME = 3
"""Pixels between the foreground and the edges of a crop: boxes of faint and of firm edges differ by so many."""


@CHECKS.each("crop.on")
def crop_on(call: Call) -> Finding | None:
    """The size is about that of the known foreground, and what is seen of the foreground reaches all four edges.

    Requests with a target size or a margin are left to the rules about those.
    """
    if not is_cropped(call) or not is_laid_out(call) or has_margin(call) or target(call) is not None:
        return None
    finding, boxes = _about_the_foreground(call), foregrounds(call)
    if isinstance(finding, Broken) or boxes is None or call.result is None:
        return finding
    (width, height), after = call.result.size, boxes[1]
    free = Sides(after.top, width - after.right, height - after.bottom, after.left)
    return demand(max(free) <= _SAME, "space around the foreground", "none", f"in pixels: {free}")


@CHECKS.each("crop.off")
def crop_off(call: Call) -> Finding | None:
    """Where nothing else changes the size it is that of the input, or that which ``max_pixels`` leaves of it."""
    if not is_plain_size(call) or call.input is None or call.result is None:
        return None
    if not call.is_shrunken:
        return equal(_WHERE, call.result.size, call.input.size, "Nothing was asked for that changes the size.")
    width, height = call.input.size
    scale = sqrt(call.form.value("max_pixels") / (width * height))
    expected = f"about {width * scale:.0f} x {height * scale:.0f}, which max_pixels leaves"
    close = all(
        abs(one - other * scale) <= max(2, 0.1 * other * scale)
        for one, other in zip(call.result.size, call.input.size, strict=True)
    )
    return demand(close, _WHERE, expected, call.result.size)


def _about_the_foreground(call: Call) -> Finding | None:
    """Find that the size is about that of the known foreground, or not; ``None`` if that is not known or is scaled."""
    known = scene(call)
    if known is None or call.input is None or call.result is None:
        return None
    scale = working_scale(call)
    expected = (known.box.width * scale, known.box.height * scale)
    most = (known.reach.width * scale, known.reach.height * scale)
    slacks = [max(4.0, side * scale / 10) for side in call.input.size]
    sides = zip(call.result.size, expected, most, slacks, strict=True)
    if all(least - slack <= one <= greatest + slack for one, least, greatest, slack in sides):
        return KEPT
    return Broken(_WHERE, f"about {expected[0]:.0f} x {expected[1]:.0f}, the foreground", shown(call.result.size))
