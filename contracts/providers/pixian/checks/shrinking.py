"""What ``max_pixels`` makes of large pictures, and what it leaves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import demand, equal
from contracts.providers.pixian.checks.acceptance import accepted
from contracts.providers.pixian.checks.layout import is_plain_size
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

_WHERE = "size of the result"
_ABOUT = 0.9
"""Share of the default that a shrunken picture fills at least if it is the default that it was shrunk to."""


@CHECKS.each("max-pixels.range")
def max_pixels_range(call: Call) -> Finding | None:
    """A value within the range is not said to be wrong."""
    if "max_pixels" not in call.form.given or not call.form.uses_only("max_pixels") or not call.is_right:
        return None
    return accepted(call, "The value of max_pixels is within the range of the documents.")


@CHECKS.each("max-pixels.default")
def max_pixels_default(call: Call) -> Finding | None:
    """Without ``max_pixels`` a picture of at most the default keeps its size, a larger one is shrunk to about that."""
    if "max_pixels" in call.form.given or not is_plain_size(call) or call.input is None or call.result is None:
        return None
    if not call.is_shrunken:
        return equal(_WHERE, call.result.size, call.input.size, "The picture has fewer pixels than the default allows.")
    most = call.form.value("max_pixels")
    kept = _ABOUT * most <= _pixels(call.result.size) <= most
    return demand(kept, _WHERE, f"about {most} pixels and no more", _said(call.result.size))


@CHECKS.each("max-pixels.shrink")
def max_pixels_shrink(call: Call) -> Finding | None:
    """The result of a larger picture, where nothing else changes its size, has at most that many pixels."""
    if not call.is_shrunken or not is_plain_size(call) or call.result is None:
        return None
    most = call.form.value("max_pixels")
    return demand(_pixels(call.result.size) <= most, _WHERE, f"at most {most} pixels", _said(call.result.size))


@CHECKS.each("max-pixels.keep")
def max_pixels_keep(call: Call) -> Finding | None:
    """The result of a picture of at most that many pixels has its size, where nothing else changes that."""
    if "max_pixels" not in call.form.given or not is_plain_size(call) or call.is_shrunken:
        return None
    if call.input is None or call.result is None:
        return None
    return equal(_WHERE, call.result.size, call.input.size, "Only pictures of more than max_pixels are scaled down.")


@CHECKS.each("max-pixels.aspect")
def max_pixels_aspect(call: Call) -> Finding | None:
    """One side is that which the ratio of the input makes of the other, rounded in whichever way."""
    if not call.is_shrunken or not is_plain_size(call) or call.input is None or call.result is None:
        return None
    (width, height), (new_width, new_height) = call.input.size, call.result.size
    close = abs(new_width - new_height * width / height) <= 1 or abs(new_height - new_width * height / width) <= 1
    return demand(close, _WHERE, f"the ratio of {width} x {height}", f"{new_width} x {new_height}")


def _pixels(size: tuple[int, int]) -> int:
    return size[0] * size[1]


def _said(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}, {_pixels(size)} pixels"
