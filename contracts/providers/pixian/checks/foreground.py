"""Where the foreground is, in the input and in the result: as far as it is seen there, or else as it is stated."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from contracts.checks.raster import Box, firm_box_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from contracts.checks.raster import Mask, Scene
    from contracts.providers.pixian.checks.call import Call

    Size = tuple[int, int]

_MOST_PIXELS = 4_000_000
"""Pixels of an input whose foreground is looked for: larger ones take long and tell no more."""
_SMALLEST = 20
"""Pixels of the shortest side, after ``max_pixels``, from which a foreground has to be found."""
_OPAQUE = 128
"""Alpha from which a pixel counts for the foreground's box: half, where the edge itself is."""
_VAGUE = 3
"""Pixels by which the foreground's edges may fade; where it is more, nobody knows where it ends."""
_RINGS = 3
"""Pixels of the input to which the best ways to scale, such as that of Lanczos, look for those of the result; so far
from the foreground there may be faint ones, and whether they count is open."""
_ALIKE = 60
"""Levels of red, green or blue within which a pixel has the colour of the foreground."""
_MOST = 0.9
"""Share of the foreground that has one of its two colours, where it is told by those."""
_STRAY = 0.03
"""Share of the foreground that may be seen outside the box that is stated for it."""
_FEW = 30
"""Pixels of the foreground's colours that are too few to tell where it is."""


class Foregrounds(NamedTuple):
    """The box of the foreground in the upright input and in the result, and the pixels by which its edges are vague.

    Those are pixels of the picture that was worked on.
    """

    before: Box
    after: Box
    vague: float


def scene(call: Call) -> Scene | None:
    """Return what of the input is surely foreground and background.

    There is no answer if it is not clear, too large to look at, or scaled down so far that nobody could tell.
    """
    picture = call.input
    if picture is None or picture.size[0] * picture.size[1] > _MOST_PIXELS:
        return None
    return picture.scene if min(picture.size) * working_scale(call) >= _SMALLEST else None


def box(call: Call, name: str) -> Box | None:
    """Return the box in the header field *name*, if it holds one that is not empty."""
    numbers = call.numbers(name, 4)
    return Box(*numbers) if numbers is not None and numbers[2] > 0 and numbers[3] > 0 else None


def is_about(one: Box, core: Box, reach: Box, size: Size) -> bool:
    """Tell whether each edge is about between those of *core* and of *reach*, which holds it.

    Two ways of matting a picture of *size* may differ by a tenth of that.
    """
    across, down = max(4, size[0] / 10), max(4, size[1] / 10)
    return (
        reach.top - down <= one.top <= core.top + down
        and core.bottom - down <= one.bottom <= reach.bottom + down
        and reach.left - across <= one.left <= core.left + across
        and core.right - across <= one.right <= reach.right + across
    )


def is_within(one: Box, size: Size) -> bool:
    """Tell whether the box lies within a picture of *size*."""
    return one.right <= size[0] and one.bottom <= size[1]


def is_vague(known: Scene) -> bool:
    """Tell whether it is open where the foreground ends, because of shadows, soft edges or odd pixels."""
    core, reach = known.box, known.reach
    gaps = core.top - reach.top, core.left - reach.left, reach.right - core.right, reach.bottom - core.bottom
    return max(gaps) > _VAGUE


def foregrounds(call: Call) -> Foregrounds | None:
    """Return the box of the foreground in the upright input, and in the result.

    Both are seen in the pixels where those can be looked at; else they are those of the header fields, unless those
    cannot be right: who states a wrong box breaks that rule, and not those about crops and margins.
    """
    known = scene(call)
    if call.is_pristine and call.result is not None and known is not None and is_cut_out(call) and not is_vague(known):
        after = firm_box_of(call.result.alpha >= _OPAQUE)
        return Foregrounds(known.box, after, 1.0) if after is not None else None
    before, stated = box(call, "X-Input-Foreground"), box(call, "X-Result-Foreground")
    if before is None or stated is None or call.input is None or call.result is None:
        return None
    if not is_within(stated, call.result.size) or call.numbers("X-Input-Orientation", 1) != (call.input.orientation,):
        return None
    scaled = call.is_shrunken or bool(call.form.value("result.target_size"))
    found = Foregrounds(before, stated, float(_RINGS) if scaled else 1.0)
    if known is None:
        return found if call.input.orientation == 1 else None
    trusted = is_about(before, known.box, known.reach, call.input.size) and not _contradicts(call, known, found)
    return found if trusted else None


def is_cut_out(call: Call) -> bool:
    """Tell whether the result is to be a PNG with a transparent background."""
    return call.form.format == "png" and "background.color" not in call.form.given


def working_scale(call: Call) -> float:
    """Return by how much ``max_pixels`` scales the input down; 1 if it does not."""
    if not call.is_shrunken or call.input is None:
        return 1.0
    return sqrt(call.form.value("max_pixels") / (call.input.size[0] * call.input.size[1]))


def _contradicts(call: Call, known: Scene, found: Foregrounds) -> bool:
    """Tell whether the foreground is seen elsewhere than it is stated to be in the result.

    It is known by its colours, if those are two at most, under a watermark, too. It has to reach all four edges of the
    box that is stated, and to go beyond none of them.
    """
    seen = _seen(call, known)
    if seen is None or np.count_nonzero(seen) < _FEW:
        return False
    stated = found.after
    scale = max(stated.width / found.before.width, stated.height / found.before.height, 1.0)
    deep = round(2 + found.vague * scale / working_scale(call))
    inside = seen[stated.top : stated.bottom, stated.left : stated.right]
    edges = inside[:deep], inside[-deep:], inside[:, :deep], inside[:, -deep:]
    around = seen[max(0, stated.top - 1) : stated.bottom + 1, max(0, stated.left - 1) : stated.right + 1]
    stray = np.count_nonzero(seen) - np.count_nonzero(around)
    return bool(stray > _STRAY * np.count_nonzero(seen)) or not all(bool(edge.any()) for edge in edges)


def _seen(call: Call, known: Scene) -> Mask | None:
    """Return which pixels of the result have a colour of the foreground; ``None`` if that has more than two."""
    if call.input is None or call.result is None:
        return None
    colours = _colours(call.input.pixels[:, :, :3][known.foreground].astype(np.int16))
    if not colours:
        return None
    pixels = call.result.pixels[:, :, :3].astype(np.int16)
    alike = [np.abs(pixels - colour).max(axis=2) <= _ALIKE for colour in colours]
    return np.asarray(np.logical_or.reduce(alike) & (call.result.alpha >= _OPAQUE))


def _colours(pixels: npt.NDArray[np.int16]) -> list[npt.NDArray[np.int16]]:
    """Return the one colour of *pixels*, shape (count, 3), or the two; nothing if there are more."""
    found: list[npt.NDArray[np.int16]] = []
    left = pixels
    while len(found) < 2 and len(left) > (1 - _MOST) * len(pixels):
        colour = np.asarray(np.median(left, axis=0), np.int16)
        found.append(colour)
        left = left[np.abs(left - colour).max(axis=1) > _ALIKE / 2]
    return found if len(left) <= (1 - _MOST) * len(pixels) else []
