"""Version 1, which is obsolete and still there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand, equal, shown
from contracts.providers.pixian.checks.acceptance import is_plain, said
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

_GONE = frozenset({404, 405, 410, 501})
"""Statuses that say that there is no such operation."""
_SNAKE = "max_pixels"
"""A parameter of which the two versions spell the name in different ways."""
_FIELDS = (
    "X-Credits-Charged",
    "X-Credits-Calculated",
    "X-Input-Orientation",
    "X-Input-Size",
    "X-Result-Size",
    "X-Input-Foreground",
    "X-Result-Foreground",
)


@CHECKS.each("v1.available")
def available(call: Call) -> Finding | None:
    """A plain request to version 1 is served, or at least not told that there is no such thing."""
    if not call.is_v1 or not is_plain(call) or not (call.is_served or call.status in _GONE):
        return None
    return demand(call.is_served, "answer", "version 1 to be available still", said(call), "It is obsolete, not gone.")


@CHECKS.each("v1.image")
def image(call: Call) -> Finding | None:
    """A plain file or URL is served by version 1, which does not say that anything in the form is wrong."""
    if not call.is_v1 or not {"image", "image.url"} & set(call.form.sources) or call.status in _GONE:
        return None
    if call.form.url is not None and call.is_well_put and call.code == 1005:
        return Broken("answer", "the picture to be fetched from image.url", said(call), "Is the field known?")
    if not is_plain(call) or not (call.is_served or call.is_refused):
        return None
    hint = f"It came as {call.form.sources[0]}."
    return demand(call.is_served, "answer", "status 200 with a picture", said(call), hint)


@CHECKS.together("v1.camel-case")
def camel_case(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """Of two requests that are to scale the picture down, the one with maxPixels works, if either does."""
    snakes = [call for call in calls if call.is_v1 and call.status == 200 and _limit(call, _SNAKE)]
    for call in calls:
        if not call.is_v1 or not call.is_served or not _limit(call, "maxPixels"):
            continue
        twins = [snake for snake in snakes if snake.sent_picture == call.sent_picture]
        if _is_scaled(call, _limit(call, "maxPixels")):
            yield call, KEPT
        elif any(_is_scaled(twin, _limit(twin, _SNAKE)) for twin in twins):
            hint = f"With {_SNAKE}, as version 2 spells it, the same picture was scaled down."
            yield call, Broken("maxPixels", "the picture to be scaled down", "a result of full size", hint)


@CHECKS.each("v1.names")
def names(call: Call) -> Finding | None:
    """A parameter of version 1 that changes the size of the result does so: maxPixels, targetSize, cropToForeground."""
    if not call.is_v1 or not call.is_served or not call.form.uses_only(*_SIZES):
        return None
    if call.result is None or call.input is None:
        return None
    changed = call.form.given & set(_SIZES)
    if len(changed) != 1:
        return None
    (name,) = changed
    return _sized(call, name, call.result.size, call.input.size)


@CHECKS.together("v1.answers")
def answers(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """Of two requests that ask the same of both versions, the answers have the same status, type, fields and size."""
    newer = [call for call in calls if call.is_removal and call.is_served]
    for call in calls:
        twin = next((other for other in newer if call.asks_the_same_as(other)), None) if call.is_v1 else None
        if twin is not None and call.is_right and 200 <= call.status < 500 and call.status not in {401, 402, 403, 429}:
            hint = "This is what version 2 answers to the same."
            yield call, equal("answer", _gist(call), _gist(twin), hint)


_SIZES = ("max_pixels", "result.target_size", "result.crop_to_foreground")


def _sized(call: Call, name: str, result: tuple[int, int], given: tuple[int, int]) -> Finding | None:
    """Judge the size of the *result* for the parameter *name*, by version 2's spelling, which alone was given."""
    if name == "result.target_size":
        width, height = (int(side) for side in call.form.texts[name].split())
        return equal("size of the result", result, (width, height), "targetSize asks for it.")
    if name == "max_pixels":
        if not call.is_shrunken:
            return None
        smaller = result[0] * result[1] < given[0] * given[1]
        return demand(smaller, "size of the result", f"at most {call.form.texts[name]} pixels", shown(result))
    box = call.input.scene.box if call.input and call.input.scene else None
    if call.form.texts[name] != "true" or box is None or 2 * box.width * box.height > given[0] * given[1]:
        return None
    smaller = result[0] * result[1] < given[0] * given[1]
    return demand(smaller, "size of the result", "less than that of the input, cut to the foreground", shown(result))


def _limit(call: Call, name: str) -> int:
    """Return the number in the field *name* of the form, 0 if there is none."""
    text = next((field.data for field in call.form.fields or () if field.name == name), b"")
    return int(text) if text.isdigit() and len(text) < 9 else 0


def _is_scaled(call: Call, limit: int) -> bool:
    """Tell whether the result has no more than *limit* pixels, and some way fewer than the input."""
    if call.result is None or call.input is None:
        return False
    pixels, given = (one.size[0] * one.size[1] for one in (call.result, call.input))
    return pixels <= limit * 1.1 + 10 and 2 * pixels < given


def _gist(call: Call) -> str:
    """Return what two answers to the same request have in common, as a line."""
    kind = call.response.media_type if call.response else ""
    fields = ", ".join(name for name in _FIELDS if call.header(name) is not None)
    size = f"{call.result.size[0]} x {call.result.size[1]}" if call.result else "no picture"
    return f"status {call.status}, {kind}, {size}, {fields or 'no fields about the picture'}"
