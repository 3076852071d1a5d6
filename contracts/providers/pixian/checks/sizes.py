"""Sizes, orientation and foreground boxes in the header fields of a result, beside the pictures themselves."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand, equal, shown
from contracts.checks.raster import Box, box_of
from contracts.providers.pixian.checks.foreground import box, is_about, is_within, scene
from contracts.providers.pixian.checks.layout import is_cropped, is_plain_size
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.checks.raster import Raster
    from contracts.providers.pixian.checks.call import Call

_ORIENTATION = 0x0112
"""The EXIF tag."""
_VANISHING = 8
"""Pixels of the shorter side of a result below which nothing of the foreground need be left."""
_SAME = 1
"""Pixels by which two ways to round may differ."""
_SWAPPED = 5
"""From this orientation on the upright picture has the stored one's sides swapped."""
_VISIBLE = 128
"""Alpha from which everybody would call a pixel visible."""
_ORDER = "The order is top, left, width, height."


@CHECKS.each("header.orientation")
def orientation(call: Call) -> Finding | None:
    """The number is that of the EXIF tag where the picture has one, and from 1 to 8 in any case."""
    if not call.is_served or call.input is None:
        return None
    stated, tag = call.numbers("X-Input-Orientation", 1), _tag(call)
    if isinstance(tag, int) and 1 <= tag <= 8:
        return equal("X-Input-Orientation", stated, (tag,), "It is the EXIF tag of the input as it was sent.")
    kept = stated is not None and 1 <= stated[0] <= 8
    return demand(kept, "X-Input-Orientation", "a number from 1 to 8", shown(call.header("X-Input-Orientation")))


@CHECKS.each("header.orientation-none")
def orientation_none(call: Call) -> Finding | None:
    """For a picture without the EXIF tag the number is 1."""
    stated = call.numbers("X-Input-Orientation", 1)
    if not call.is_served or call.input is None or stated is None or _tag(call) is not None:
        return None
    return equal("X-Input-Orientation", stated, (1,), "The input has no EXIF orientation.")


@CHECKS.each("header.input-size")
def input_size(call: Call) -> Finding | None:
    """The numbers are width and height of the picture that was sent, as stored or upright, whatever was made of it."""
    if not call.is_served or call.input is None:
        return None
    width, height = call.input.size
    known = {(width, height), call.input.stored}
    return demand(
        call.numbers("X-Input-Size", 2) in known,
        "X-Input-Size",
        f"{width} {height}",
        shown(call.header("X-Input-Size")),
        "It is the size before max_pixels: width, height.",
    )


@CHECKS.each("header.input-size-upright")
def input_size_upright(call: Call) -> Finding | None:
    """For a picture whose orientation swaps the sides, the numbers are those of the upright picture."""
    stated = call.numbers("X-Input-Size", 2)
    if not call.is_served or call.input is None or call.input.orientation < _SWAPPED or stated is None:
        return None
    if call.input.size[0] == call.input.size[1] or stated not in {call.input.size, call.input.stored}:
        return None
    return equal("X-Input-Size", stated, call.input.size, "It may be the size before the orientation was applied.")


@CHECKS.each("header.result-size")
def result_size(call: Call) -> Finding | None:
    """The numbers are width and height of the picture in the body."""
    if not call.is_served or call.result is None:
        return None
    return demand(
        call.numbers("X-Result-Size", 2) == call.result.size,
        "X-Result-Size",
        f"{call.result.size[0]} {call.result.size[1]}",
        shown(call.header("X-Result-Size")),
        "The order is width, height; that of the picture in the body counts.",
    )


@CHECKS.each("header.input-foreground")
def input_foreground(call: Call) -> Finding | None:
    """The box is there, lies within the input, and is about that of the known foreground.

    Matting is free, so each edge may be off by a tenth of the side, and reach out to whatever stands out from the
    background there. Whether a turned picture's box is that of the upright or of the stored picture is open; both are
    taken.
    """
    if not call.is_served or call.input is None:
        return None
    name, size, known = "X-Input-Foreground", call.input.size, scene(call)
    stated = box(call, name)
    if stated is None:
        return _nothing(call, name)
    if not (is_within(stated, size) or is_within(stated, call.input.stored)):
        return Broken(name, f"a box within {size[0]} x {size[1]} pixels", shown(call.header(name)), _ORDER)
    if known is None:
        return KEPT
    core, reach = (stored_box(one, call.input) for one in (known.box, known.reach))
    kept = is_about(stated, known.box, known.reach, size) or is_about(stated, core, reach, call.input.stored)
    return demand(kept, name, f"about {_words(known.box)}", shown(call.header(name)), _ORDER)


@CHECKS.each("header.result-foreground")
def result_foreground(call: Call) -> Finding | None:
    """The box is there and lies within the result; in a result of the input's size it is about the known one.

    In a result that is cropped without a margin it is about all of it.
    """
    if not call.is_served or call.result is None:
        return None
    name, size = "X-Result-Foreground", call.result.size
    stated = box(call, name)
    if stated is None:
        nothing = call.numbers(name, 4) is not None and min(size) < _VANISHING
        return KEPT if nothing else _nothing(call, name)
    if not is_within(stated, size):
        return Broken(name, f"a box within {size[0]} x {size[1]} pixels", shown(call.header(name)), _ORDER)
    expected = _expected(call)
    if expected is None:
        return KEPT
    core, reach = expected
    kept = is_about(stated, core, reach, size)
    return demand(kept, name, f"about {_words(core)}", shown(call.header(name)), _ORDER)


@CHECKS.each("header.result-foreground-bounds")
def result_foreground_bounds(call: Call) -> Finding | None:
    """The box holds the visible pixels of a transparent PNG without watermark, and no more, within a pixel.

    How faint a pixel may be to count is open: each edge is between that of all pixels that are not fully transparent
    and that of those that are at least half opaque.
    """
    stated = box(call, "X-Result-Foreground")
    form = call.form
    if not call.is_pristine or call.result is None or form.format != "png" or "background.color" in form.given:
        return None
    outer, core = call.result.visible, box_of(call.result.alpha >= _VISIBLE)
    if outer is None or core is None or stated is None:
        return None
    edges = zip(_edges(stated), _edges(outer), _edges(core), strict=True)
    close = all(min(two, three) - _SAME <= one <= max(two, three) + _SAME for one, two, three in edges)
    expected = f"{_words(outer)}, the box of the visible pixels"
    return demand(close, "X-Result-Foreground", expected, _words(stated), _ORDER)


def stored_box(upright: Box, picture: Raster) -> Box:
    """Return the box in *picture* as it is stored, of the box *upright* in it as it is shown."""
    turn = picture.orientation
    top, left, width, height = upright.top, upright.left, upright.width, upright.height
    if turn >= _SWAPPED:
        top, left, width, height = left, top, height, width
    if turn in {2, 3, 7, 8}:
        left = picture.stored[0] - left - width
    if turn in {3, 4, 6, 7}:
        top = picture.stored[1] - top - height
    return Box(top, left, width, height)


def _nothing(call: Call, name: str) -> Finding:
    """Find that the field *name* has no box; an empty one is right for a picture in which nothing is known to be."""
    empty = call.numbers(name, 4) is not None and scene(call) is None
    return demand(empty, name, "four numbers: top, left, width, height", shown(call.header(name)))


def _expected(call: Call) -> tuple[Box, Box] | None:
    """Return the box of the foreground in a result whose layout is plain, if it is known, and how far it may reach."""
    if call.result is None or call.input is None or not call.is_served:
        return None
    width, height = call.result.size
    known = scene(call)
    if call.form.given & {"result.target_size", "result.margin"}:
        return None
    if is_cropped(call) and call.form.format != "delta_png":
        return Box(0, 0, width, height), Box(0, 0, width, height)
    same_size = is_plain_size(call) or call.form.format == "delta_png"
    if known is None or not same_size or call.result.size != call.input.size:
        return None
    return known.box, known.reach


def _tag(call: Call) -> object:
    """Return the EXIF orientation of the picture that was sent, ``None`` if it has none, 0 if that cannot be read."""
    from PIL import Image  # noqa: PLC0415  only judging pictures needs it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which breaks no rule
            with Image.open(io.BytesIO(call.sent_picture or b"")) as image:
                return image.getexif().get(_ORIENTATION)
    except Exception:  # noqa: BLE001  Pillow's readers raise whatever they stumble over; nothing is known then
        return 0


def _edges(one: Box) -> tuple[int, int, int, int]:
    return one.top, one.left, one.right, one.bottom


def _words(one: Box) -> str:
    return f"{one.top} {one.left} {one.width} {one.height}"
