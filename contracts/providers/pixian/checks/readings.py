"""How a picture is read: turned upright, with its own transparency, the first of several."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from contracts.checks import KEPT, Broken, demand, equal, shown
from contracts.checks.raster import Raster
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.checks.raster import Scene
    from contracts.providers.pixian.checks.call import Call

_TOLD_APART = 40.0
"""Levels of opacity by which one reading of a picture must fit better than another for a sure verdict."""


@CHECKS.each("image.orientation")
def orientation(call: Call) -> Finding | None:
    """The result has the upright picture's shape, and its opacity fits the upright foreground, not the stored one."""
    picture, result = call.input, call.result
    if not call.is_served or not call.form.uses_only() or picture is None or result is None or picture.orientation == 1:
        return None
    hint = f"The EXIF orientation of the picture is {picture.orientation}."
    if picture.stored != picture.size and result.size == picture.stored:
        return Broken("size of the result", shown(picture.size), shown(result.size), hint)
    if not _shows_foreground(call):
        return KEPT if picture.stored != picture.size else None
    fits = _comparison(result, picture.scene, _as_stored(call.sent_picture or b"").scene)
    return None if fits is None else demand(fits, "foreground", "that of the upright picture", "that as stored", hint)


@CHECKS.each("image.alpha")
def alpha(call: Call) -> Finding | None:
    """What is wholly transparent in the input is so in a transparent result of the same size, in the mean."""
    picture, result = call.input, call.result
    if picture is None or result is None or not call.form.uses_only() or not _shows_foreground(call):
        return None
    hollow = picture.alpha == 0
    if result.size != picture.size or np.count_nonzero(hollow) < max(64, hollow.size // 50):
        return None
    mean = float(result.alpha[hollow].mean())
    return demand(mean < 32, "what is transparent in the input", "transparent in the result", f"alpha {mean:.0f}")


@CHECKS.each("image.frames")
def frames(call: Call) -> Finding | None:
    """The result has the size of the first frame, and its opacity fits that frame's foreground, not the next one's."""
    if call.input is None or not call.is_served or not call.form.uses_only() or call.result is None:
        return None
    following = _second_frame(call.sent_picture or b"")
    if following is None:
        return None
    if following.size != call.input.size:
        return equal("size of the result", call.result.size, call.input.size, "It is to be that of the first frame.")
    if not _shows_foreground(call):
        return None
    fits = _comparison(call.result, call.input.scene, following.scene)
    return None if fits is None else demand(fits, "foreground", "that of the first frame", "that of the next frame")


def _shows_foreground(call: Call) -> bool:
    """Tell whether the opacity of the result shows what was found: no watermark, no colour, no delta."""
    return call.is_pristine and call.form.format == "png"


def _comparison(result: Raster, first: Scene | None, second: Scene | None) -> bool | None:
    """Tell whether the opacity of *result* fits the scene *first* better than *second*, ``None`` if it is not sure."""
    if first is None or second is None:
        return None
    difference = _fit(result, first) - _fit(result, second)
    return difference > 0 if abs(difference) >= _TOLD_APART else None


def _fit(result: Raster, scene: Scene) -> float:
    """Return by how much what is foreground in *scene* is more opaque in *result* than what is background."""
    if scene.foreground.shape != result.alpha.shape or not scene.foreground.any() or not scene.background.any():
        return 0.0
    return float(result.alpha[scene.foreground].mean()) - float(result.alpha[scene.background].mean())


def _as_stored(data: bytes) -> Raster:
    """Return the picture in *data*, which is known to be one, with its pixels as they are stored."""
    from PIL import Image  # noqa: PLC0415  only pictures with an orientation need it

    with Image.open(io.BytesIO(data)) as image:
        return Raster((image.format or "").lower(), 1, image.size, has_alpha=False, image=image.convert("RGBA"))


def _second_frame(data: bytes) -> Raster | None:
    """Return the second frame of the picture in *data*, if it has one that can be read."""
    from PIL import Image  # noqa: PLC0415  see above

    try:
        with Image.open(io.BytesIO(data)) as image:
            several: Any = image
            if getattr(several, "n_frames", 1) < 2 or image.format not in {"GIF", "TIFF"}:
                return None
            several.seek(1)
            return Raster(image.format.lower(), 1, image.size, has_alpha=False, image=image.convert("RGBA"))
    except Exception:  # noqa: BLE001  Pillow's decoders raise whatever they stumble over; then there is no such frame
        return None
