"""Results that have far more pixels than can be right: they break the rule about their size, and are not decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import Broken, shown
from contracts.providers.pixian.checks.layout import has_margin, is_cropped, target
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

_WHERE = "size of the result"


@CHECKS.each("target-size.exact")
def target_size_outsize(call: Call) -> Finding | None:
    """A result too large to look at has not the size that was asked for."""
    size = target(call) if _is_outsize(call) else None
    return _too_large(call, f"{size[0]} x {size[1]}") if size is not None else None


@CHECKS.each("max-pixels.default")
def default_outsize(call: Call) -> Finding | None:
    """Without ``max_pixels`` it is no more than the default allows."""
    if not _is_plain_outsize(call) or "max_pixels" in call.form.given:
        return None
    return _too_large(call, f"at most {call.form.value('max_pixels')} pixels, and no more than the input has")


@CHECKS.each("max-pixels.shrink")
def shrunken_outsize(call: Call) -> Finding | None:
    """Of a larger picture it is no more than ``max_pixels``."""
    if not _is_plain_outsize(call) or not call.is_shrunken:
        return None
    return _too_large(call, f"at most {call.form.value('max_pixels')} pixels")


@CHECKS.each("max-pixels.keep")
def kept_outsize(call: Call) -> Finding | None:
    """Of a picture of at most ``max_pixels`` it has not its size."""
    if not _is_plain_outsize(call) or call.is_shrunken or "max_pixels" not in call.form.given or call.input is None:
        return None
    return _too_large(call, "{} x {}".format(*call.input.size))


@CHECKS.each("header.result-size")
def header_outsize(call: Call) -> Finding | None:
    """The numbers are those in the header of the picture, where they can be told."""
    stated = call.numbers("X-Result-Size", 2)
    if not call.is_served or call.outsize is None or stated == call.outsize:
        return None
    size = "{} {}".format(*call.outsize)
    return Broken("X-Result-Size", size, shown(call.header("X-Result-Size")), "The picture is too large to look at.")


def _is_outsize(call: Call) -> bool:
    """Tell whether an upright picture was to be worked on, and the result cannot be right."""
    upright = call.input is not None and call.input.orientation == 1
    return call.is_served and upright and call.form.format != "delta_png" and call.outsize is not None


def _is_plain_outsize(call: Call) -> bool:
    """Tell the same of a request in which nothing but ``max_pixels`` has a say about the size."""
    return _is_outsize(call) and not is_cropped(call) and not has_margin(call) and target(call) is None


def _too_large(call: Call, expected: str) -> Finding:
    width, height = call.outsize or (0, 0)
    return Broken(_WHERE, expected, f"{width} x {height}, too large to look at")
