"""Results: how long they can be fetched, what they are, and what they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from contracts.checks import KEPT, Broken, demand, equal, shown
from contracts.model import Ending
from contracts.providers.xty.checks.call import HOUR
from contracts.providers.xty.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.checks.raster import Raster, Scene
    from contracts.providers.xty.checks.call import Call

_SLACK = 60.0
"""Seconds before and after the end of the hour in which a result may be there or not."""
_TYPES = {
    "jpeg": ("image/jpeg", "image/jpg", "image/pjpeg"),
    "png": ("image/png", "image/x-png", "image/apng"),
}
"""The media types of a format where it has several."""
_EXOTIC = frozenset({"image/avif", "image/heic", "image/heif", "image/jxl", "image/svg+xml"})
"""Formats of which one cannot be sure that they can be decoded here."""
_CLEAR, _SOLID = 32, 200
"""Alpha up to which a pixel counts as transparent, and from which as opaque."""
_MOST = 0.9
"""The share of an area of which something is to be true; another way to cut may differ in the rest."""
_FOR_WANT_OF_A_KEY = frozenset({401, 403})


@CHECKS.each("result.lifetime")
def lifetime(call: Call) -> Finding | None:
    """Every GET of the URL within the hour gets a picture, and neither a refusal, nor nothing, nor a page.

    Redirects, failures of the server, and refusals that may be about a key say nothing.
    """
    if call.completion is None or call.answer is None or call.age[1] > HOUR - _SLACK:
        return None
    if call.status == 429 or not (200 <= call.status < 300 or 400 <= call.status < 500):
        return None
    keyless = "Authorization" not in call.request.headers
    if (call.status in _FOR_WANT_OF_A_KEY and keyless) or _is_lost(call):
        return None
    received = f"{call.status}, {shown(call.answer.response.body)}"
    hint = f"The completion is {call.age[1]:.0f} s old."
    fit = 200 <= call.status < 300 and call.answer.response.body and not call.is_page
    return demand(fit, "result", "200 with a picture, for one hour", received, hint)


@CHECKS.each("result.expiry")
def expiry(call: Call) -> Finding | None:
    """A GET more than an hour after the last completion that names the URL gets no picture."""
    if call.completion is None or call.answer is None or call.age[0] < HOUR + _SLACK:
        return None
    if call.result_bytes is not None and not call.is_page:
        return Broken("result", "no picture after one hour", f"a picture after {call.age[0]:.0f} s")
    return KEPT if 400 <= call.status < 500 and call.status != 429 else None


@CHECKS.each("result.expired-status")
def expired_status(call: Call) -> Finding | None:
    """A refused GET gets 404 if the hour is over, or if no completion names the URL, beside those of results."""
    over = call.completion is not None and call.age[0] >= HOUR + _SLACK
    if call.answer is None or not 400 <= call.status < 500 or call.status in {401, 429}:
        return None
    never = call.request.method == "GET" and call.company.is_neighbour(call)
    return equal("status", call.status, 404) if over or never else None


@CHECKS.each("result.without-key")
def without_key(call: Call) -> Finding | None:
    """A GET without any credentials within the hour is not refused for the want of them."""
    fields = call.request.headers
    if call.completion is None or call.age[1] > HOUR - _SLACK or "Authorization" in fields or "Cookie" in fields:
        return None
    if not call.company.keys_are_shown:
        return None
    if call.status in _FOR_WANT_OF_A_KEY:
        return Broken("status", "the picture, without the key", str(call.status))
    return KEPT if 200 <= call.status < 300 else None


@CHECKS.each("result.media-type")
def media_type(call: Call) -> Finding | None:
    """The media type is that of the format that the bytes of a whole picture are in."""
    if call.result is None:
        return None
    kind, said = call.result.kind, call.response.media_type if call.response else ""
    fit = said in _TYPES.get(kind, (f"image/{kind}",))
    return demand(fit, "Content-Type", f"image/{kind}, as the bytes are", said or None)


@CHECKS.each("result.complete")
def complete(call: Call) -> Finding | None:
    """The picture decodes to its end, the answer was not broken off, and its length is the one it states."""
    if call.result_bytes is None or call.is_page or call.response is None:
        return None
    if call.exchange.ending in {Ending.RESET, Ending.CLOSE} and call.result is None:
        return Broken("result", "a whole picture", f"{len(call.result_bytes)} bytes, then the connection broke")
    if call.result is None and (call.response.media_type in _EXOTIC or not _can_be_judged(call.result_trouble)):
        return None
    if call.result is None:
        return Broken("result", "a whole picture", f"{shown(call.result_bytes)}: {call.result_trouble}")
    stated = call.header("Content-Length")
    if stated is None or call.header("Content-Encoding") is not None or not stated.isascii() or not stated.isdigit():
        return KEPT
    return equal("Content-Length", stated.lstrip("0"), str(len(call.result_bytes)))


@CHECKS.each("result.png")
def png(call: Call) -> Finding | None:
    """The picture is a PNG."""
    return None if call.result is None else equal("format of the result", call.result.kind, "png")


@CHECKS.each("result.transparent")
def transparent(call: Call) -> Finding | None:
    """The picture has an alpha channel; where the input is clearly background, nearly all of it is transparent.

    The place is only known if the picture is as large as the input, and the text names nothing that may not be there.
    """
    if call.result is None:
        return None
    if not call.result.has_alpha:
        return Broken("result", "an alpha channel", f"a {call.result.kind.upper()} without one")
    scene = _scene(call)
    if scene is None or not scene.background.any():
        return KEPT
    share = float(np.mean(call.result.alpha[scene.background] <= _CLEAR))
    received = f"{share:.0%} of it transparent"
    return demand(share >= _MOST, "what is surely background", "transparent", received)


@CHECKS.each("result.subject")
def subject(call: Call) -> Finding | None:
    """Nearly all of what is clearly foreground is opaque, where place and text leave no doubt."""
    scene = _scene(call)
    if call.result is None or scene is None or not scene.foreground.any():
        return None
    share = float(np.mean(call.result.alpha[scene.foreground] >= _SOLID))
    return demand(share >= _MOST, "what is surely the subject", "opaque", f"{share:.0%} of it opaque")


@CHECKS.each("result.size")
def size(call: Call) -> Finding | None:
    """Width and height are those of the input, turned upright as its EXIF orientation says."""
    given = _input(call)
    if given is not None and call.outsize is not None:
        received = f"{call.outsize[0]} x {call.outsize[1]}, too large to look at"
        return Broken("width and height of the result", f"{given.size[0]} x {given.size[1]}", received)
    if call.result is None or given is None or given.scene is None:
        return None
    hint = f"The input has the EXIF orientation {given.orientation}." if given.orientation > 1 else ""
    return equal("width and height of the result", call.result.size, given.size, hint)


def _input(call: Call) -> Raster | None:
    """Return the picture that the result was made of, if it is known."""
    return call.completion.input if call.completion is not None else None


def _scene(call: Call) -> Scene | None:
    """Return what the input shows, if that can be compared with the result pixel by pixel.

    Whether a picture is turned as its EXIF orientation says, nobody has documented, so that such inputs tell nothing.
    """
    given = _input(call)
    if call.result is None or given is None or given.size != call.result.size or given.orientation > 1:
        return None
    return given.scene if call.completion is not None and call.completion.asks_for_background else None


def _is_lost(call: Call) -> bool:
    """Tell whether the answer had a body that was not kept."""
    stated = (call.header("Content-Length") or "").strip()
    return bool(call.response and not call.response.body and stated.isdigit() and stated.strip("0"))


def _can_be_judged(trouble: str) -> bool:
    """Tell whether a picture that cannot be decoded is at fault, and not only enormous."""
    return "too many to look at" not in trouble
