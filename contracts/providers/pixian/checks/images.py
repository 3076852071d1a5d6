"""Pictures: the ways to send them, the files that are read, and the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import KEPT, demand, equal
from contracts.checks.raster import Raster, RasterError, decode
from contracts.providers.pixian.checks.acceptance import (
    accepted,
    is_enormous,
    is_plainly,
    is_telling,
    refused,
    said,
    turned_down,
)
from contracts.providers.pixian.checks.call import KINDS
from contracts.providers.pixian.checks.form import SOURCES
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

_MEGABYTE, _KIBI_MEGABYTE, _NEARLY = 1_000_000, 1_048_576, 900_000
_DEFAULT_MAX_PIXELS, _MOST_PIXELS, _MOST_BYTES = 25_000_000, 32_000_000, 31_457_280
_MESSAGE = "Failed to read the supplied image. "
_OTHER_FORMATS = (b"<", b"%PDF", b"8BPS", b"RIFF", b"\x00\x00\x00", b"\xff\x0a", b"\x00\x00\x01\x00", b"P", b"\xef\xbb")
"""How files may begin that are pictures of formats nobody promised to read, or to refuse."""


@CHECKS.each("image.file")
def file(call: Call) -> Finding | None:
    """A plain request with a file is not refused."""
    return accepted(call, "The picture is a file in the field image.") if is_plainly(call, "image") else None


@CHECKS.together("image.base64")
def base64(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """A plain request with base64 text is not refused, unless another with base64 text is taken in another form."""
    plain = [call for call in calls if is_plainly(call, "image.base64")]
    for call in plain:
        finding = accepted(call, "The picture is base64 text in the field image.base64.")
        if finding is KEPT or (finding is not None and not any(other.is_served for other in plain)):
            yield call, finding


@CHECKS.together("image.base64-limit")
def base64_limit(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """Base64 text of nearly a million characters is not refused where shorter text is taken."""
    short = any(is_plainly(call, "image.base64") and call.is_served for call in calls)
    for call in calls:
        length = _base64_length(call)
        if _NEARLY <= length <= _MEGABYTE and call.is_right:
            finding = accepted(call, f"The text has {length:,} characters; shorter ones were accepted.")
            if finding is KEPT or (finding is not None and short):
                yield call, finding


@CHECKS.each("image.base64-megabyte")
def base64_megabyte(call: Call) -> Finding | None:
    """Base64 text of more than 1,048,576 characters gets 400; a little less than that, but over a million, is taken."""
    length = _base64_length(call)
    if length <= _MEGABYTE or not call.is_well_put or call.input is None or call.response is None:
        return None
    if length <= _KIBI_MEGABYTE:
        served = call.status == 200
        return demand(served, "answer", "status 200 with a picture", said(call)) if is_telling(call) else None
    telling = is_telling(call) or call.status == 413
    return equal("status", call.status, 400, f"The text has {length:,} characters.") if telling else None


@CHECKS.each("image.missing")
def missing(call: Call) -> Finding | None:
    """A form with right parameters and no image is answered with 400 and code 1005."""
    if not call.is_removal or not call.is_well_put or call.form.sources:
        return None
    return refused(call, 400, 1005, "The form has none of image, image.base64 and image.url.")


@CHECKS.each("image.as-string")
def as_string(call: Call) -> Finding | None:
    """A field image without a file name that holds text, and no picture, is answered with 400 and code 1016."""
    if not call.is_removal or not call.is_well_put or call.form.sources != ("image",):
        return None
    (field,) = (field for field in call.form.fields or () if field.name == "image")
    declared = (field.content_type or "text/plain").lower()
    if field.filename is not None or not declared.startswith("text/") or not field.data or not _is_text(field.data):
        return None
    return refused(call, 400, 1016, "The field image holds text and has no file name.")


@CHECKS.each("image.several")
def several(call: Call) -> Finding | None:
    """Of several pictures of different sizes the result has the size of the first in the order of the documents."""
    if not call.is_removal or not call.is_well_put or len(call.form.sources) < 2:
        return None
    if call.form.given - {"test", "output.format"}:
        return None
    pictures = [_picture_in(call, name) for name in SOURCES if name in call.form.sources]
    if "image.url" in call.form.sources or not is_telling(call):
        return None
    if None in pictures:
        return turned_down(call, "One of several pictures is none; each must be right in itself.")
    sizes = [picture.size for picture in pictures if picture is not None]
    if len(set(sizes)) == 1:
        return None
    result = call.result.size if call.result else None
    return equal("size of the result", result, sizes[0], "The first of image, image.base64, image.url is to be used.")


def _accepts(kind: str) -> None:
    @CHECKS.each(f"image.format-{kind}")
    def check(call: Call) -> Finding | None:
        plain = call.is_removal and call.form.uses_only() and call.input is not None and call.input.kind == kind
        small = len(call.sent_picture or b"") < 1_000_000
        return accepted(call, f"The picture is a file of type {kind}.") if plain and small else None

    check.__doc__ = f"A small {kind.upper()} file that is sent with no parameters of consequence is not refused."


for _kind in sorted(KINDS):
    _accepts(_kind)


@CHECKS.each("image.format-webp")
def format_webp(call: Call) -> Finding | None:
    """A WebP file in a form that is right else is answered with 400 and code 1006."""
    if not call.is_removal or not call.is_well_put or call.input is None or call.input.kind != "webp":
        return None
    return refused(call, 400, 1006, "WebP is not among the five documented formats.")


@CHECKS.each("image.unreadable")
def unreadable(call: Call) -> Finding | None:
    """Bytes that are no picture of any format are answered with 400 and 1006; a damaged one is, if it is refused.

    What a URL leads to may be told by its media type first, so that only what was sent counts.
    """
    data = call.sent_picture if call.form.url is None else None
    if not call.is_removal or not call.is_well_put or not data or call.input is not None or _is_enormous(data):
        return None
    begins_like_one = data.startswith(_OTHER_FORMATS) or data[4:8] == b"ftyp"
    if call.status == 200 and (begins_like_one or _has_known_start(data)):
        return None
    return refused(call, 400, 1006, "The documents name this error: Failed to read the supplied image.")


@CHECKS.each("image.unreadable-message")
def unreadable_message(call: Call) -> Finding | None:
    """The message of every error 1006 begins with the documented words and the blank behind them."""
    if call.code != 1006 or call.error is None:
        return None
    message = call.error.get("message")
    kept = isinstance(message, str) and message.startswith(_MESSAGE)
    return demand(kept, "error.message", f"a text that begins with {_MESSAGE!r}", message)


@CHECKS.each("image.pixels")
def pixels(call: Call) -> Finding | None:
    """A file of 25,000,000 to 32,000,000 pixels is not refused, whatever max_pixels is."""
    if not call.is_removal or not call.form.uses_only("max_pixels") or call.input is None:
        return None
    count = _pixels_of(call.input)
    return accepted(call, f"The picture has {count:,} pixels.") if count > _DEFAULT_MAX_PIXELS else None


@CHECKS.each("image.pixels-status")
def pixels_status(call: Call) -> Finding | None:
    """A picture of more than 32,000,000 pixels is answered with 413 and code 1013."""
    if not call.is_removal or not call.is_well_put or call.input is None or _pixels_of(call.input) <= _MOST_PIXELS:
        return None
    return refused(call, 413, 1013, f"The picture has {_pixels_of(call.input):,} pixels.")


@CHECKS.each("image.bytes")
def size_in_bytes(call: Call) -> Finding | None:
    """A picture of more than 31,457,280 bytes is answered with 413 and code 1012."""
    if not call.is_removal or not call.is_well_put or len(call.sent_picture or b"") <= _MOST_BYTES:
        return None
    return refused(call, 413, 1012, f"The picture has {len(call.sent_picture or b''):,} bytes.")


def _base64_length(call: Call) -> int:
    if not call.is_removal or call.form.sources != ("image.base64",) or call.form.given - {"test", "output.format"}:
        return 0
    return next((len(field.data) for field in call.form.fields or () if field.name == "image.base64"), 0)


def _is_text(data: bytes) -> bool:
    try:
        return data.decode().isprintable()
    except UnicodeDecodeError:
        return False


def _picture_in(call: Call, name: str) -> Raster | None:
    """Return the picture in the field *name*, if it is one."""
    return call.without({other for other in SOURCES if other != name}).input


def _pixels_of(picture: Raster) -> int:
    return picture.size[0] * picture.size[1]


def _has_known_start(data: bytes) -> bool:
    return data.startswith((b"\x89PNG", b"\xff\xd8", b"BM", b"GIF8", b"II", b"MM"))


def _is_enormous(data: bytes) -> bool:
    try:
        decode(data)
    except RasterError as error:
        return is_enormous(str(error))
    return False
