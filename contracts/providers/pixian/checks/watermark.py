"""Watermarks: there in the results of tests, and there only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from contracts.checks import KEPT, demand
from contracts.providers.pixian.checks.appearance import difference
from contracts.providers.pixian.checks.foreground import scene
from contracts.providers.pixian.checks.layout import keeps_pixels
from contracts.providers.pixian.checks.pairs import alike
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from contracts.checks import Finding
    from contracts.checks.raster import Mask, Pixels
    from contracts.providers.pixian.checks.call import Call

_VISIBLE = 8
"""Levels of 255 by which a faint watermark changes a pixel."""
_FEW = 8
"""Pixels of which a watermark changes more."""
_ROOM = 100
"""Pixels of the longer side from which a result has room for a watermark that can be told from chance."""
_FOREIGN = 40
"""Levels by which a pixel of the foreground differs from the input only if something is printed over it."""
_SPECKS = 0.01
"""Share of pixels that matting may get wrong far from the foreground's edge."""
_PROFILES = (b"iCCP", b"ICC_PROFILE")
"""What files have that carry a colour profile, by which a server may change every colour."""
_WHERE = "pixels of the result"


@CHECKS.each("test.watermark")
def watermark(call: Call) -> Finding | None:
    """A test's PNG differs from the input's foreground, or from nothing in its background, far from edges.

    A watermark that reaches no such place cannot be told from another matting.
    """
    changed = _changed(call, _VISIBLE) if call.form.is_test and _has_room(call) else None
    if changed is None:
        return None
    return demand(changed[0] > _FEW, _WHERE, "a watermark", "the foreground as it was, and nothing around it")


@CHECKS.together("test.watermark")
def watermark_beside_production(calls: Sequence[Call]) -> Iterator[tuple[Call, Finding]]:
    """The result of a test differs, to the eye, from the result of the same request for production."""
    for group in alike(calls, "test"):
        finished = [call for call in group if not call.form.is_test]
        for call in group:
            if not call.form.is_test or not finished or not _has_room(call):
                continue
            if call.result is not None and finished[0].result is not None:
                one, other = call.result.pixels, finished[0].result.pixels
                if one.shape == other.shape:
                    count = np.count_nonzero(difference(one, other) > _VISIBLE)
                    told = f"the pixels of the production result, but for {count}"
                    yield call, demand(count > _FEW, _WHERE, "a watermark", told)


@CHECKS.each("test.watermark-production")
def watermark_of_production(call: Call) -> Finding | None:
    """A production PNG has the input's pixels in the foreground, and a plain background, but for specks of matting."""
    changed = _changed(call, _FOREIGN) if not call.form.is_test else None
    if changed is None:
        return None
    count, total = changed
    told = f"something printed over {count} of {total} pixels"
    return KEPT if count <= _SPECKS * total else demand(False, _WHERE, "no watermark", told)  # noqa: FBT003


def _changed(call: Call, levels: int) -> tuple[int, int] | None:
    """Return how many pixels are surely not as cutting out leaves them, and how many were looked at."""
    known = scene(call)
    if not call.is_served or call.result is None or call.input is None or known is None or not keeps_pixels(call):
        return None
    if call.result.kind != "png" or not known.foreground.any() or any(one in _file(call) for one in _PROFILES):
        return None
    inside = difference(call.result.pixels, call.input.pixels)[known.foreground] > levels
    outside = _unplain(call.result.pixels, known.background, levels)
    return int(np.count_nonzero(inside) + np.count_nonzero(outside)), inside.size + outside.size


def _unplain(seen: Pixels, background: Mask, levels: int) -> npt.NDArray[np.bool_]:
    """Tell which pixels of the *background* are not as most of them are."""
    found = seen[background]
    if not found.size:
        return np.zeros(0, np.bool_)
    plain = np.median(found, axis=0).astype(np.uint8)
    return np.asarray(difference(found[None], np.broadcast_to(plain, found[None].shape))[0] > levels)


def _has_room(call: Call) -> bool:
    return call.result is not None and max(call.result.size) >= _ROOM


def _file(call: Call) -> bytes:
    return call.sent_picture or b""
