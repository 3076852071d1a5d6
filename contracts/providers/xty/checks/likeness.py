"""Whether a result shows the picture that it was asked for, and not another one."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from contracts.checks import Broken, demand
from contracts.checks.raster import firm_box_of
from contracts.providers.xty.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.checks.raster import Box, Raster, Scene
    from contracts.providers.xty.checks.call import Call

_OPAQUE = 128
"""Alpha from which a pixel of the result counts as part of the subject."""
_FOREIGN = 50
"""Levels by which a colour is another one, and not the same after scaling and encoding."""
_MOST_FOREIGN = 0.3
"""Share of the subject in another colour up to which scaling, textures and another way to cut can be the reason."""
_FEWEST, _SMALLEST = 100, 12
"""Pixels of the subject in the input, and of its shorter side in the result, from which they can be compared."""
_VAGUE = 3
"""Pixels by which the subject's edges may fade in the input; where it is more, nobody knows where it ends."""
_PLAIN = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})
"""Modes of pictures whose colours mean the same to everybody."""
_PROFILES = (b"iCCP", b"ICC_PROFILE", b"ICCP", b"gAMA", b"cHRM")
"""What files have that tell other meanings of their colours."""


@CHECKS.each("result.subject")
def likeness(call: Call) -> Finding | None:
    """What is opaque in the result has the shape of the subject, be it scaled or cropped, and mostly its colours.

    How large a result is, nobody documents: the subject is found by its outline. Results in which all is opaque, or
    nothing, break other rules.
    """
    found = _subjects(call)
    if found is None or call.result is None:
        return None
    given, scene, seen = found
    scale = sqrt(seen.width * seen.height / (scene.box.width * scene.box.height))
    slack = [2 + scale * max(4, side / 10) for side in given.size]
    expected = scene.box.width * scale, scene.box.height * scale
    if abs(seen.width - expected[0]) > slack[0] or abs(seen.height - expected[1]) > slack[1]:
        ratio = f"the ratio of {scene.box.width} x {scene.box.height}"
        return Broken("subject of the result", ratio, f"{seen.width} x {seen.height}", _HINT)
    if min(seen.width, seen.height) < _SMALLEST or not _shows_colours(call, given):
        return None
    share = _foreign(given, scene, call.result, seen)
    return demand(share <= _MOST_FOREIGN, "subject of the result", _OWN, f"{share:.0%} of it in other colours", _HINT)


_OWN = "that of the input, the same way up, in its own colours"
_HINT = "Is it the result of another picture?"


def _subjects(call: Call) -> tuple[Raster, Scene, Box] | None:
    """Return the input, what it shows, and where the subject is seen in the result, if all that is clear.

    Whether a picture is turned as its EXIF orientation says, nobody has documented, so that such inputs tell nothing.
    """
    asked = call.completion
    given = asked.input if asked is not None else None
    if call.result is None or asked is None or given is None or given.orientation > 1 or not asked.asks_for_background:
        return None
    opaque = call.result.alpha >= _OPAQUE
    scene, seen = given.scene, firm_box_of(opaque)
    if scene is None or seen is None or opaque.all() or np.count_nonzero(scene.foreground) < _FEWEST:
        return None
    core, reach = scene.box, scene.reach
    gaps = core.top - reach.top, core.left - reach.left, reach.right - core.right, reach.bottom - core.bottom
    return (given, scene, seen) if max(gaps) <= _VAGUE else None


def _shows_colours(call: Call, given: Raster) -> bool:
    """Tell whether the colours of input and result mean the same."""
    files = (call.completion.sent_picture if call.completion is not None else b"") or b"", call.result_bytes or b""
    return given.image.mode in _PLAIN and not any(mark in file for mark in _PROFILES for file in files)


def _foreign(given: Raster, scene: Scene, result: Raster, seen: Box) -> float:
    """Return the share of the subject that has another colour in the result, where it is in the box *seen*."""
    rows, columns = np.nonzero(scene.foreground)
    down, across = seen.height / scene.box.height, seen.width / scene.box.width
    there = (
        (seen.top + (rows + 0.5 - scene.box.top) * down).astype(int).clip(0, result.size[1] - 1),
        (seen.left + (columns + 0.5 - scene.box.left) * across).astype(int).clip(0, result.size[0] - 1),
    )
    one, other = given.pixels[rows, columns, :3], result.pixels[*there, :3]
    return float((np.abs(one.astype(np.int16) - other).max(axis=1) > _FOREIGN).mean())
