"""Sizes, orientation and foreground boxes in the header fields of a result, beside the pictures themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import demand, equal
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

_SAME = 1
"""Pixels by which two ways to round may differ."""


@CHECKS.each("header.orientation")
def orientation(call: Call) -> Finding | None:
    """The number is that of the EXIF tag, for pictures that have one."""
    if not call.is_served or call.input is None:
        return None
    expected = (call.input.orientation,)
    if call.input.orientation == 1:
        return demand(call.header("X-Input-Orientation"), "X-Input-Orientation", "a number from 1 to 8", None)
    return equal("X-Input-Orientation", call.numbers("X-Input-Orientation", 1), expected)


@CHECKS.each("header.result-size")
def result_size(call: Call) -> Finding | None:
    """The numbers are width and height of the picture in the body."""
    if not call.is_served or call.result is None:
        return None
    return equal(
        "X-Result-Size",
        call.header("X-Result-Size"),
        f"{call.result.size[0]} {call.result.size[1]}",
        "The order is width, height; that of the picture in the body counts.",
    )


@CHECKS.each("header.result-foreground-bounds")
def result_foreground_bounds(call: Call) -> Finding | None:
    """The box holds the visible pixels of a transparent PNG without watermark, and no more, within a pixel."""
    stated = call.numbers("X-Result-Foreground", 4)
    if not call.is_pristine or call.result is None or call.format != "png" or "background.color" in call.given:
        return None
    seen = call.result.visible
    if seen is None or stated is None:
        return None
    bounds = (seen.top, seen.left, seen.width, seen.height)
    close = all(abs(one - other) <= _SAME for one, other in zip(stated, bounds, strict=True))
    return demand(close, "X-Result-Foreground", f"{bounds}, the box of the visible pixels", stated)
