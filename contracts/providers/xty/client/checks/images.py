"""The picture in a request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from contracts.checks.finding import KEPT, Broken, demand, shown
from contracts.checks.raster import RasterError, decode
from contracts.providers.xty.client.checks.messages import types_are_known
from contracts.providers.xty.client.checks.registry import CLIENT_CHECKS
from contracts.providers.xty.client.checks.spelling import misspelt

if TYPE_CHECKING:
    from contracts.checks.finding import Finding
    from contracts.checks.raster import Raster
    from contracts.providers.xty.client.checks.call import ClientCall

_MOST_BYTES = 10 * 1024 * 1024
"""The documents say 10 MB; who counts in powers of two is right as well."""
_WEB = re.compile(r"https?://", re.IGNORECASE)
_BASE64 = re.compile(r"data:[^,]*;base64,", re.IGNORECASE)
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/=\s%]")
_THUMBNAIL = (16, 16)
_SAME = 24.0
"""Mean difference, in levels of 255, of small versions of a picture and of the same one converted on purpose."""
_SHORTENED = 60


@CLIENT_CHECKS.each("request.image")
def request_has_a_picture(call: ClientCall) -> Finding | None:
    """One part at least is a picture, where it is known what all parts are."""
    if not types_are_known(call):
        return None
    hint = "Without a picture the request is refused."
    return demand(call.image_parts, "content", "a part of the type image_url", "none", hint)


@CLIENT_CHECKS.each("request.one-image")
def request_has_one_picture(call: ClientCall) -> Finding | None:
    """There is no second picture: only one would be worked on."""
    number = len(call.image_parts)
    if not call.is_try or not number:
        return None
    return demand(number == 1, "content", "one picture", f"{number} of them", "Send a request for each picture.")


@CLIENT_CHECKS.each("request.image-url")
def picture_is_an_object_with_a_url(call: ClientCall) -> Finding | None:
    """``image_url`` is an object with a string ``url`` in every part that is a picture."""
    if not call.is_try:
        return None
    for part in call.image_parts:
        image = part.get("image_url")
        if not isinstance(image, dict):
            hint = (
                'Write {"url": …} around it.'
                if isinstance(image, str)
                else misspelt(part.keys() - {"type"}, "image_url")
            )
            return Broken("image_url", "an object with url", _short(image), hint)
        if not isinstance(image.get("url"), str):
            return Broken("image_url.url", "a string", _short(image.get("url")), misspelt(image, "url"))
    return KEPT if call.image_parts else None


@CLIENT_CHECKS.each("request.image-url.unchanged")
def url_is_the_users(call: ClientCall) -> Finding | None:
    """A URL of HTTP is that of one of the job's inputs; to fetch the picture and send its bytes is a way as well."""
    urls = {one.url for one in call.inputs if one.url}
    sent = [url for url in call.question.urls if _WEB.match(url)] if call.is_try and urls else []
    if not sent:
        return None
    wrong = [url for url in sent if url not in urls]
    return demand(not wrong, "url", " or ".join(sorted(urls)), shown(wrong[0] if wrong else ""))


@CLIENT_CHECKS.each("request.data-url")
def file_is_a_data_url(call: ClientCall) -> Finding | None:
    """What is no URL of HTTP is ``data:``, the media type of the picture's format, ``;base64,`` and base64."""
    urls = [url for url in call.question.urls if not _WEB.match(url)] if call.is_try else []
    if len(urls) != 1:
        return None
    if not _BASE64.match(urls[0]):
        hint = "Put data:, the media type and ;base64, before the base64."
        return Broken("url", "data:, a media type, ;base64, and base64", _short(urls[0]), hint)
    said = urls[0][len("data:") :].partition(",")[0].partition(";")[0].strip().lower()
    kind = f"image/{call.input.kind}" if call.input is not None else None
    if kind is None:
        return demand(said, "media type in url", "that of the picture", "none")
    return demand(said == kind, "media type in url", kind, said or "none", "It is that of the format of the bytes.")


@CLIENT_CHECKS.each("request.data-url.whole")
def base64_is_the_users_picture(call: ClientCall) -> Finding | None:
    """The base64 can be decoded, and gives the bytes of an input, or a picture that looks the same."""
    urls = call.question.urls if call.is_try else ()
    match = _BASE64.match(urls[0]) if len(urls) == 1 else None
    if match is None:
        return None
    if call.question.data_url is None:
        return Broken("url", "base64", _short(urls[0]), _flaw(urls[0][match.end() :]))
    data = call.question.data_url.data
    if not call.inputs or any(data == one.data for one in call.inputs):
        return KEPT
    if call.input is None:
        return Broken("url", "the bytes of the picture", shown(data), call.input_trouble)
    same = any(_look_alike(call.input, one.data) for one in call.inputs)
    return demand(same, "url", "the user's picture", "another picture")


@CLIENT_CHECKS.each("image.ten-megabytes")
def picture_has_ten_megabytes_at_most(call: ClientCall) -> Finding | None:
    """A picture whose bytes are known has no more than 10 MB of them."""
    data = call.sent_picture if call.is_try else None
    if data is None:
        return None
    return demand(len(data) <= _MOST_BYTES, "picture", "10 MB at most", f"{len(data)} bytes", "Scale it down first.")


def _look_alike(sent: Raster, data: bytes) -> bool:
    """Tell whether *sent* shows what the picture in *data* does, perhaps scaled or in another format."""
    try:
        own = decode(data)
    except RasterError:
        return True  # it is not known what the user's picture shows
    small = [np.asarray(one.image.convert("RGB").resize(_THUMBNAIL), np.float32) for one in (sent, own)]
    return float(np.abs(small[0] - small[1]).mean()) <= _SAME


def _flaw(text: str) -> str:
    """Return what is wrong with *text*, which is no base64."""
    if text[:2] in {"b'", 'b"'}:
        return "These are bytes in Python's spelling; decode them to text first."
    if "-" in text or "_" in text:
        return "The alphabet is that for URLs and file names; use the standard one, with + and /."
    if _NO_BASE64.search(text):
        return "There are characters in it that base64 does not have."
    return "Its length is not that of base64 with its padding."


def _short(value: object) -> str:
    """Return the beginning of *value*, which may be very long."""
    return shown(value[:_SHORTENED] if isinstance(value, str) else value)
