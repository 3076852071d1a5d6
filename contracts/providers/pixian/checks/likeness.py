"""Whether the foreground in a result is that of the input: in its place, the same way up, and in its own colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from contracts.checks import demand
from contracts.checks.raster import Box
from contracts.providers.pixian.checks.foreground import foregrounds, scene
from contracts.providers.pixian.checks.layout import is_laid_out, keeps_pixels
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

_FOREIGN = 50
"""Levels by which a colour is another one, and not the same after scaling and encoding."""
_SEEN = 128
"""Alpha from which a pixel is there."""
_MOST_FOREIGN = 0.3
"""Share of the foreground in another colour up to which scaling, textures and rounded places can be the reason."""
_FEWEST = 100
"""Pixels of the foreground from which it can be compared."""
_SMALLEST = 0.5
"""Scale of the foreground in the result from which its colours are not mixed."""
_COARSE = 50
"""Quality of a JPEG below which its colours tell nothing."""
_PLAIN = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})
"""Modes of pictures whose colours mean the same to everybody."""
_PROFILES = (b"iCCP", b"ICC_PROFILE", b"gAMA", b"cHRM")
"""What files have that tell other meanings of their colours."""


@CHECKS.each("success.foreground")
def foreground(call: Call) -> Finding | None:
    """Most of what is surely foreground has, at its place in a result for production, the input's colour.

    Where it is in a result whose layout is not plain, follows from the boxes of the foreground.
    """
    if not call.is_pristine or not is_laid_out(call) or not _shows_colours(call):
        return None
    share = _foreign(call)
    if share is None:
        return None
    where, expected = "foreground of the result", "that of the input, the same way up, in its own colours"
    return demand(share <= _MOST_FOREIGN, where, expected, f"{share:.0%} of it has other colours, or is not there")


def _shows_colours(call: Call) -> bool:
    """Tell whether the colours of input and result can be compared."""
    if call.input is None or call.result is None or call.input.image.mode not in _PLAIN:
        return False
    coarse = call.result.kind == "jpeg" and call.form.value("output.jpeg_quality") < _COARSE
    files = call.sent_picture or b"", call.response.body if call.response is not None else b""
    return not coarse and not any(mark in file for mark in _PROFILES for file in files)


def _foreign(call: Call) -> float | None:
    """Return the share of the foreground that has another colour in the result, if it can be looked at."""
    known, boxes = scene(call), _boxes(call)
    if known is None or boxes is None or call.input is None or call.result is None:
        return None
    rows, columns = np.nonzero(known.foreground)
    (before, after), (width, height) = boxes, call.result.size
    across, down = after.width / before.width, after.height / before.height
    if rows.size < _FEWEST or min(across, down) < _SMALLEST:
        return None
    there = (
        (after.top + (rows + 0.5 - before.top) * down).astype(int).clip(0, height - 1),
        (after.left + (columns + 0.5 - before.left) * across).astype(int).clip(0, width - 1),
    )
    one, other = call.input.pixels[rows, columns, :3], call.result.pixels[there]
    others = (np.abs(one.astype(np.int16) - other[:, :3]).max(axis=1) > _FOREIGN) | (other[:, 3] < _SEEN)
    return float(others.mean())


def _boxes(call: Call) -> tuple[Box, Box] | None:
    """Return a box in the input, and that in the result which shows the same."""
    if keeps_pixels(call) and call.input is not None:
        whole = Box(0, 0, *call.input.size)
        return whole, whole
    found = foregrounds(call)
    return (found.before, found.after) if found is not None else None
