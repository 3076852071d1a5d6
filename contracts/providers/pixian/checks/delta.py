"""Delta PNGs: marks for background and foreground, real pixels between, and the way back to the whole result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from contracts.checks import KEPT, Broken, demand, equal, shown
from contracts.checks.raster import box_of
from contracts.providers.pixian.checks.acceptance import accepted, is_telling, said
from contracts.providers.pixian.checks.appearance import is_photo, over_grey
from contracts.providers.pixian.checks.foreground import box, is_about, scene
from contracts.providers.pixian.checks.layout import keeps_pixels
from contracts.providers.pixian.checks.pairs import alike
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.checks import Finding
    from contracts.checks.raster import Mask, Pixels
    from contracts.providers.pixian.checks.call import Call

_MOST = 0.97
"""Share of pixels that must be as demanded: matting may leave specks."""
_ALIKE = 16
"""Levels by which an input may be decoded in different ways: decoders of JPEG round and smooth on their own."""
_SMALL = 4_000
"""Bytes of a PNG below which the way it is written decides about its size, and not what is in it."""
_ROUNDED = 2
"""Levels by which rounding may move a partly transparent pixel."""
_NO_EFFECT = frozenset(
    {
        "background.color",
        "result.crop_to_foreground",
        "result.margin",
        "result.target_size",
        "result.vertical_alignment",
    }
)
_IGNORED = "A delta PNG ignores this parameter."
_SIZE, _PIXELS = "size of the delta PNG", "pixels of the delta PNG"


@CHECKS.each("delta.png")
def delta_png(call: Call) -> Finding | None:
    """The body of a delta PNG can be decoded to its end, and is a PNG."""
    if call.form.format != "delta_png" or not call.is_served:
        return None
    if call.result is None:
        return Broken("delta PNG", "a PNG", call.result_trouble)
    return equal("delta PNG", call.result.kind, "png")


@CHECKS.each("delta.background")
def delta_background(call: Call) -> Finding | None:
    """Pixels with alpha 0 are black or white, and nearly all that are surely background are transparent black."""
    if not _is_delta(call) or call.result is None:
        return None
    pixels = call.result.pixels
    odd = (pixels[:, :, 3] == 0) & ~_is(pixels, 0) & ~_is(pixels, 255)
    if odd.any():
        example = tuple(int(level) for level in pixels[odd][0][:3])
        return Broken(_PIXELS, "black or white where alpha is 0", f"colour {shown(example)} with alpha 0")
    known = scene(call)
    if known is None or call.form.is_test or not _has_size(call) or not known.background.any():
        return None
    share = float(_is(pixels, 0)[known.background].mean())
    return demand(share >= _MOST, _PIXELS, "0x00000000 in the background", f"{1 - share:.0%} of it is something else")


@CHECKS.each("delta.foreground")
def delta_foreground(call: Call) -> Finding | None:
    """Nearly all pixels that are surely foreground are transparent white."""
    known = scene(call)
    if known is None or not _is_delta(call) or call.form.is_test or call.result is None or not known.foreground.any():
        return None
    if not _has_size(call):
        return None
    share = float(_is(call.result.pixels, 255)[known.foreground].mean())
    hint = "PNG optimisers turn transparent white into transparent black."
    return demand(
        share >= _MOST, _PIXELS, "0x00FFFFFF in the foreground", f"{1 - share:.0%} of it is something else", hint
    )


@CHECKS.together("delta.edge")
def delta_edge(calls: Sequence[Call]) -> Iterator[tuple[Call, Finding]]:
    """Where the PNG of the same request is partly transparent, the delta PNG has the same colour and alpha."""
    for call, whole in _pairs(calls):
        delta, png = _pixels(call), _pixels(whole)
        partly = (png[:, :, 3] > 0) & (png[:, :, 3] < 255)
        if partly.any():
            share = float((np.abs(delta[partly].astype(np.int16) - png[partly]).max(axis=1) > _ROUNDED).mean())
            where, told = "partly transparent pixels of the delta PNG", f"{share:.0%} of them differ"
            yield call, demand(share <= 1 - _MOST, where, "colour and alpha of the PNG", told)


@CHECKS.together("delta.rebuild")
def delta_rebuild(calls: Sequence[Call]) -> Iterator[tuple[Call, Finding]]:
    """Decoded as documented, with the upright input, a delta PNG gives what is seen in the PNG of the same request."""
    for call, whole in _pairs(calls):
        delta, png = _pixels(call), _pixels(whole)
        taken = (delta[:, :, 3] == 0) & (delta[:, :, 0] == 255)
        rebuilt = np.where(taken[:, :, None], call.input.pixels if call.input is not None else 0, delta)
        differ = np.abs(over_grey(rebuilt) - over_grey(png)).max(axis=2) > _ALIKE
        share = float(differ.mean())
        told = f"{np.count_nonzero(differ)} of {differ.size} pixels differ"
        where = "result rebuilt from the delta PNG"
        yield call, demand(share <= 1 - _MOST, where, "the pixels of the PNG", told)


@CHECKS.each("delta.size")
def delta_size(call: Call) -> Finding | None:
    """Width and height are those of the upright input."""
    if not _is_delta(call) or call.result is None or call.input is None:
        return None
    return equal(_SIZE, call.result.size, call.input.size, "Otherwise it cannot be decoded.")


@CHECKS.each("delta.ignores-background")
def delta_ignores_background(call: Call) -> Finding | None:
    """With a colour a delta PNG is made, and nearly all that is surely background is transparent.

    A watermark may lie over it, so that of a test's delta PNG only some pixels must be.
    """
    if not _ignores(call, "background.color"):
        return None
    known = scene(call)
    if call.result is None or not call.is_served or known is None or not _has_size(call) or not known.background.any():
        return accepted(call, _IGNORED)
    clear = call.result.alpha[known.background] == 0
    kept = clear.any() if call.form.is_test else clear.mean() >= _MOST
    return demand(kept, _PIXELS, "a transparent background", f"{1 - clear.mean():.0%} of it is filled", _IGNORED)


@CHECKS.each("delta.ignores-crop")
def delta_ignores_crop(call: Call) -> Finding | None:
    """With a crop a delta PNG has the size of the upright input."""
    return _keeps_size(call) if _ignores(call, "result.crop_to_foreground") else None


@CHECKS.each("delta.ignores-margin")
def delta_ignores_margin(call: Call) -> Finding | None:
    """With a margin a delta PNG has the size of the upright input."""
    return _keeps_size(call) if _ignores(call, "result.margin") else None


@CHECKS.each("delta.ignores-target-size")
def delta_ignores_target_size(call: Call) -> Finding | None:
    """With a target size a delta PNG has the size of the upright input."""
    return _keeps_size(call) if _ignores(call, "result.target_size") else None


@CHECKS.each("delta.ignores-vertical-alignment")
def delta_ignores_vertical_alignment(call: Call) -> Finding | None:
    """With an alignment a delta PNG has the size of the upright input, and the foreground is about where it was."""
    if not _ignores(call, "result.vertical_alignment", "result.target_size"):
        return None
    finding, known = _keeps_size(call), scene(call)
    if finding is not KEPT or known is None or call.input is None or call.result is None:
        return finding
    seen = box_of(~_is(call.result.pixels, 0)) if call.is_pristine else box(call, "X-Result-Foreground")
    if seen is None:
        return finding
    kept = is_about(seen, known.box, known.reach, call.input.size)
    return demand(
        kept, "foreground of the delta PNG", "at its place", f"at {seen.left} across, {seen.top} down", _IGNORED
    )


@CHECKS.each("delta.shrunk")
def delta_shrunk(call: Call) -> Finding | None:
    """A delta PNG of a picture of more than ``max_pixels``, which nobody could decode, is refused with status 400."""
    if not call.is_delta_of_shrunken or call.form.sources != ("image",) or not is_telling(call):
        return None
    return demand(call.status == 400, "answer", "status 400", said(call), "A shrunken delta PNG cannot be decoded.")


@CHECKS.together("delta.smaller")
def delta_smaller(calls: Sequence[Call]) -> Iterator[tuple[Call, Finding]]:
    """Of a picture whose foreground has a texture the delta PNG has fewer bytes than the PNG of the same request."""
    for call, whole in _pairs(calls):
        if is_photo(call) and call.response is not None and whole.response is not None:
            delta, png = len(call.response.body), len(whole.response.body)
            if png < _SMALL:
                continue
            yield call, demand(delta < png, "bytes of the delta PNG", f"fewer than the PNG's {png}", f"{delta} bytes")


def _is_delta(call: Call) -> bool:
    """Tell whether a delta PNG was asked for, and a PNG came."""
    return call.is_served and call.form.format == "delta_png" and call.result is not None and call.result.kind == "png"


def _has_size(call: Call) -> bool:
    """Tell whether result and upright input have the same size."""
    return call.result is not None and call.input is not None and call.result.size == call.input.size


def _ignores(call: Call, name: str, *beside: str) -> bool:
    """Tell whether a delta PNG was rightly asked for with *name*, and of what it ignores with no more than *beside*."""
    without = _NO_EFFECT - {name, *beside}
    form = call.form
    return form.format == "delta_png" and call.is_right and name in form.given and not form.given & without


def _keeps_size(call: Call) -> Finding | None:
    """Find that a request was served with a picture of the size of the upright input, or not."""
    if not call.is_served or call.result is None or call.input is None:
        return accepted(call, _IGNORED)
    return equal(_SIZE, call.result.size, call.input.size, _IGNORED)


def _pairs(calls: Sequence[Call]) -> Iterator[tuple[Call, Call]]:
    """Yield delta PNGs, with the PNGs of the same requests, that can be compared pixel by pixel.

    A PNG with a palette has had its colours changed to fit into that.
    """
    for group in alike(calls, "output.format"):
        exact = [call for call in group if call.result is not None and call.result.image.mode != "P"]
        whole = [call for call in exact if call.is_pristine and call.form.format == "png" and keeps_pixels(call)]
        for call in group:
            if whole and call.is_pristine and _is_delta(call) and _has_size(call) and not call.form.given & _NO_EFFECT:
                yield call, whole[0]


def _pixels(call: Call) -> Pixels:
    """Return the pixels of the result, of which there must be one."""
    if call.result is None:
        raise ValueError("There is no result.")
    return call.result.pixels


def _is(pixels: Pixels, level: int) -> Mask:
    """Tell which pixels are transparent, with *level* for red, green and blue."""
    return np.asarray((pixels == np.array([level, level, level, 0], np.uint8)).all(axis=2))
