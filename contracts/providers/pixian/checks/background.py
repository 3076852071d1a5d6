"""What is behind the foreground: a colour, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from contracts.checks import demand, equal
from contracts.checks.raster import box_of
from contracts.providers.pixian.checks.acceptance import is_telling, said
from contracts.providers.pixian.checks.foreground import scene
from contracts.providers.pixian.checks.layout import is_laid_out, keeps_pixels
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.checks.raster import Mask
    from contracts.providers.pixian.checks.call import Call

_MOST = 0.97
"""Share of the surely-background pixels that must be as demanded: matting may leave specks."""
_LOSSLESS, _LOSSY = 8, 40
"""Levels of 255 by which a colour may be off: by faint remains in a PNG, by ringing near edges in a JPEG."""
_COARSE = 50
"""Quality of a JPEG below which its colours tell nothing."""
_FAINT = 8
"""Alpha that nobody sees."""


@CHECKS.each("background.color")
def background_color(call: Call) -> Finding | None:
    """Of the pixels that are surely background nearly all have the colour, as exactly as the format allows."""
    outside = _outside(call)
    if outside is None or "background.color" not in call.form.given or not _is_fine(call):
        return None
    asked = call.form.value("background.color")
    return filled(call, outside, _levels(asked), asked)


@CHECKS.each("background.opaque")
def background_opaque(call: Call) -> Finding | None:
    """No pixel of a result with a colour is transparent; a watermark makes no difference to that."""
    if "background.color" not in call.form.given or not is_laid_out(call) or call.result is None:
        return None
    least = int(call.result.alpha.min())
    return demand(least == 255, "pixels of the result", "alpha 255 everywhere", f"alpha {least} at some pixel")


@CHECKS.each("background.transparent")
def background_transparent(call: Call) -> Finding | None:
    """Of the pixels of a PNG that are surely background nearly all are transparent.

    A watermark may lie over all of them, so that a test's PNG only must not be opaque altogether.
    """
    if "background.color" in call.form.given or call.form.format != "png" or not keeps_pixels(call):
        return None
    known = scene(call)
    if known is None or call.result is None or not known.background.any():
        return None
    where = "background of the result"
    if call.form.is_test:
        return demand(call.result.alpha.min() < 255, where, "transparent pixels", "alpha 255 everywhere")
    share = float((call.result.alpha[known.background] <= _FAINT).mean())
    return demand(share >= _MOST, where, "transparent pixels", f"{1 - share:.0%} of it is not transparent")


@CHECKS.each("background.form")
def background_form(call: Call) -> Finding | None:
    """A colour in a wrong form, in a request that is right but for that, is answered with 400."""
    if not call.is_wrong_only_in("background.color") or not is_telling(call):
        return None
    return demand(call.status == 400, "answer", "status 400", said(call), "The form is #RRGGBB.")


@CHECKS.each("output.jpeg-white")
def jpeg_white(call: Call) -> Finding | None:
    """Of the pixels of a JPEG that are surely background nearly all are white when no colour was asked for."""
    outside = _outside(call)
    if outside is None or "background.color" in call.form.given or call.form.format != "jpeg" or not _is_fine(call):
        return None
    return filled(call, outside, (255, 255, 255), "white")


def filled(call: Call, outside: Mask, colour: tuple[int, int, int], name: str) -> Finding:
    """Find that the pixels *outside* of the foreground have the *colour* called *name*, or not."""
    if call.result is None:
        return equal("result", None, name)
    found = call.result.pixels[:, :, :3][outside].astype(np.int16)
    slack = _LOSSLESS if call.result.kind == "png" else _LOSSY
    share = float((np.abs(found - np.array(colour, np.int16)).max(axis=1) <= slack).mean())
    typical = "#" + "".join(f"{int(level):02X}" for level in np.median(found, axis=0))
    return demand(share >= _MOST, "background of the result", name, f"mostly {typical}; {1 - share:.0%} is not {name}")


def _outside(call: Call) -> Mask | None:
    """Return where the result is surely background and can be looked at; none of it is near the foreground."""
    if not call.is_pristine or not keeps_pixels(call):
        return None
    known = scene(call)
    return known.background if known is not None and box_of(known.background) is not None else None


def _is_fine(call: Call) -> bool:
    """Tell whether colours survive the encoding."""
    return call.result is not None and (call.result.kind == "png" or call.form.value("output.jpeg_quality") >= _COARSE)


def _levels(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
