"""The bytes of the picture that a client sends, its kind, and its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand, shown
from contracts.checks.raster import RasterError, decode
from contracts.providers.pixian.checks.call import KINDS
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS
from contracts.providers.pixian.client.checks.resemblance import shows

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.checks.raster import Raster
    from contracts.providers.pixian.client.checks.call import ClientCall

_MOST_PIXELS = 32_000_000


@CLIENT_CHECKS.each("image.bytes")
def same(call: ClientCall) -> Finding | None:
    """What is sent is an input, byte for byte, or a whole picture that shows the same; a URL stands for itself."""
    data = call.sent_picture
    if not call.inputs or data is None or not call.is_try or call.form.url is not None:
        return None
    if any(data == one.data for one in call.inputs):
        return KEPT
    expected = f"the {_length(call)} of the input, or a picture that shows the same"
    if call.input is None:
        hint = "Send the bytes as they are, without reading them as text."
        return Broken("picture", expected, f"{len(data)} bytes: {call.input_trouble}", hint)
    kept = any(shows(call.input, one.data) for one in call.inputs)
    return demand(kept, "picture", expected, "a picture of something else")


@CLIENT_CHECKS.each("image.format")
def kind(call: ClientCall) -> Finding | None:
    """The picture is of one of the five kinds, unless the client was given another and has not touched it."""
    if not call.is_try or call.form.url is not None or call.input is None:
        return None
    if call.input.kind not in KINDS and _is_as_given(call):
        return None
    return demand(call.input.kind in KINDS, "picture", f"one of {', '.join(sorted(KINDS))}", call.input.kind)


@CLIENT_CHECKS.each("image.pixels")
def pixels(call: ClientCall) -> Finding | None:
    """The picture has at most 32,000,000 pixels, unless the client was given more and has not touched it."""
    if not call.is_try or call.form.url is not None or call.input is None:
        return None
    count = _count(call.input)
    if count > _MOST_PIXELS and _is_as_given(call):
        return None
    return demand(count <= _MOST_PIXELS, "picture", f"at most {_MOST_PIXELS:,} pixels", f"{count:,} pixels")


@CLIENT_CHECKS.each("image.pre-shrink")
def shrunken(call: ClientCall) -> Finding | None:
    """Where the input has more pixels than max_pixels, what is sent has no more; a URL cannot be scaled."""
    if not (call.is_removal or call.is_v1) or call.form.url is not None or call.input is None:
        return None
    most = call.form.value("max_pixels")
    if not isinstance(most, int) or (call.inputs and _input_pixels(call) <= most):
        return None
    count = _count(call.input)
    if not call.inputs and count <= most:
        return None  # whether it was scaled down for that cannot be told
    return demand(count <= most, "picture", f"at most the {most:,} pixels of max_pixels", f"{count:,} pixels")


@CLIENT_CHECKS.each("parameter.delta-size")
def delta(call: ClientCall) -> Finding | None:
    """A delta PNG is asked for of a picture that has no more pixels than max_pixels.

    A job that asks for both a delta PNG and too small a size cannot be done, and is nobody's fault.
    """
    if not (call.is_removal or call.is_v1) or call.form.format != "delta_png" or call.input is None:
        return None
    most, count = call.form.value("max_pixels"), _count(call.input)
    if not isinstance(most, int) or (count > most and _is_impossible(call, count)):
        return None
    hint = "The decoded result would not fit the picture."
    return demand(count <= most, "max_pixels", f"at least {count:,}, the pixels of the picture", f"{most:,}", hint)


def _count(picture: Raster) -> int:
    return picture.size[0] * picture.size[1]


def _is_as_given(call: ClientCall) -> bool:
    """Tell whether what was sent is one of the job's inputs, byte for byte."""
    return any(call.sent_picture == one.data for one in call.inputs)


def _input_pixels(call: ClientCall) -> int:
    """Return how many pixels the input has, 0 where it is not known, or no picture."""
    if call.given_input is None:
        return 0
    try:
        return _count(decode(call.given_input.data))
    except RasterError:
        return 0


def _is_impossible(call: ClientCall, count: int) -> bool:
    """Tell whether the job itself asks for a delta PNG of a picture of *count* pixels, and for fewer pixels."""
    most = call.asked.get("max_pixels")
    return isinstance(most, int) and most < count and call.asked.get("output.format") == "delta_png"


def _length(call: ClientCall) -> str:
    given = call.given_input
    return "bytes" if given is None else f"{shown(len(given.data))} bytes"
