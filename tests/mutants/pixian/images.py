"""Mutants that do not take every picture, or take too much."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from typing import TYPE_CHECKING

from PIL import Image

from contracts.checks.raster import RasterError, decode
from contracts.multipart import Field, FormError, read_form
from tests.mutants.changes import field, with_fields, with_json, without_field
from tests.mutants.mutant import Mutant
from tests.mutants.pixian.access import error, recoded

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.model import Request, Response
    from tests.mutants.mutant import Ask

KINDS = ("bmp", "gif", "jpeg", "png", "tiff")


def _sent(request: Request) -> bytes | None:
    """Return the file that was sent."""
    try:
        return next((one.data for one in read_form(request) if one.filename is not None), None)
    except FormError:
        return None


def _refusing(matches: Callable[[Request], object]) -> Callable[[Request, Ask], Response]:
    """Return a server that cannot read what *matches*."""
    return lambda request, ask: error(400, 1006) if matches(request) else ask(request)


def _ignoring(name: str) -> Callable[[Request, Ask], Response]:
    """Return a server that does not know the field *name*."""
    return lambda request, ask: ask(without_field(request, name) if field(request, name) is not None else request)


def _is_kind(kind: str) -> Callable[[Request], bool]:
    def matches(request: Request) -> bool:
        data = _sent(request)
        try:
            return data is not None and decode(data).kind == kind
        except RasterError:
            return False

    return matches


def _is_long(request: Request) -> bool:
    return len(field(request, "image.base64") or "") > 900_000


def _changed(request: Request, change: Callable[[Image.Image], Image.Image]) -> Request:
    """Return *request* with the picture in its file changed, and saved as a PNG without any orientation."""

    def with_picture(one: Field) -> Field:
        if one.filename is None:
            return one
        try:
            with Image.open(io.BytesIO(one.data)) as image:
                buffer = io.BytesIO()
                changed = change(image).convert("RGBA")
                changed.info.clear()
                changed.save(buffer, "PNG")
        except OSError:
            return one
        return replace(one, data=buffer.getvalue())

    return with_fields(request, with_picture)


def _as_stored(request: Request, ask: Ask) -> Response:
    """Do not look at the orientation."""

    def bare(image: Image.Image) -> Image.Image:
        return Image.frombytes("RGB", image.size, image.convert("RGB").tobytes())

    return ask(_changed(request, bare) if _is_kind("jpeg")(request) else request)


def _opaque(request: Request, ask: Ask) -> Response:
    """Take what is transparent for what can be seen."""
    return ask(_changed(request, lambda image: image.convert("RGB")) if _is_kind("png")(request) else request)


def _last_frame(request: Request, ask: Ask) -> Response:
    """Take the last of several frames."""

    def last(image: Image.Image) -> Image.Image:
        image.seek(getattr(image, "n_frames", 1) - 1)
        return image

    return ask(_changed(request, last) if _is_kind("gif")(request) or _is_kind("tiff")(request) else request)


def _reading_webp(request: Request, ask: Ask) -> Response:
    return ask(_changed(request, lambda image: image) if _is_kind("webp")(request) else request)


def _last_of_several(request: Request, ask: Ask) -> Response:
    """Prefer base64 to a file."""
    both = field(request, "image.base64") is not None and _sent(request) is not None
    return ask(without_field(request, "image") if both else request)


def _cut_base64(request: Request, ask: Ask) -> Response:
    """Take base64 text of any length."""
    text = field(request, "image.base64") or ""
    if len(text) <= 1_048_576:
        return ask(request)
    data = base64.b64decode(text)
    return ask(with_fields(without_field(request, "image.base64"), lambda one: one, Field("image", data, "picture")))


def _any_scheme(request: Request, ask: Ask) -> Response:
    """Read data: URLs."""
    url = field(request, "image.url") or ""
    if not url.startswith("data:"):
        return ask(request)
    data = base64.b64decode(url.partition(",")[2])
    return ask(with_fields(without_field(request, "image.url"), lambda one: one, Field("image", data, "picture")))


def _short_message(request: Request, ask: Ask) -> Response:
    response = ask(request)
    if b"1006" not in response.body:
        return response
    return with_json(response, lambda value: {"error": {**value["error"], "message": "Failed to read the image."}})


def _not_found(request: Request, ask: Ask) -> Response:
    """Answer 404 where there is no picture in the file."""
    response = ask(request)
    return error(404, 1006) if b"1006" in response.body and response.status == 400 else response


MUTANTS = (
    Mutant("pixian.server.image.file", "no files", _refusing(lambda request: _sent(request) is not None)),
    Mutant("pixian.server.image.base64", "no base64", _ignoring("image.base64")),
    Mutant("pixian.server.image.base64-limit", "half as much base64", _refusing(_is_long)),
    Mutant("pixian.server.image.base64-megabyte", "base64 of any length", _cut_base64),
    Mutant("pixian.server.image.url", "no URLs", _ignoring("image.url")),
    Mutant("pixian.server.image.url-schemes", "data: URLs", _any_scheme),
    Mutant("pixian.server.image.url-status", "another code", recoded(1020, 1022)),
    Mutant("pixian.server.image.url-not-image", "taken for a damaged picture", recoded(1021, 1006)),
    Mutant("pixian.server.image.url-fetch-failed", "another code", recoded(1022, 1020)),
    Mutant("pixian.server.image.url-invalid", "another code", recoded(1024, 1022)),
    Mutant("pixian.server.image.missing", "another code", recoded(1005, 1019)),
    Mutant("pixian.server.image.as-string", "another code", recoded(1016, 1006)),
    Mutant("pixian.server.image.several", "base64 before the file", _last_of_several),
    *(Mutant(f"pixian.server.image.format-{kind}", f"no {kind}", _refusing(_is_kind(kind))) for kind in KINDS),
    Mutant("pixian.server.image.format-webp", "read as well", _reading_webp),
    Mutant("pixian.server.image.unreadable", "another code", recoded(1006, 1005)),
    Mutant("pixian.server.image.unreadable", "another status", _not_found),
    Mutant("pixian.server.image.unreadable-message", "another message", _short_message),
    Mutant(
        "pixian.server.image.pixels",
        "16,000,000 pixels",
        _refusing(
            lambda request: (_sent(request) or b"")[16:24] == (8000).to_bytes(4, "big") + (4000).to_bytes(4, "big")
        ),
    ),
    Mutant("pixian.server.image.pixels-status", "another code", recoded(1013, 1023)),
    Mutant("pixian.server.image.bytes", "another code", recoded(1012, 1013)),
    Mutant("pixian.server.image.orientation", "as stored", _as_stored),
    Mutant("pixian.server.image.alpha", "transparency ignored", _opaque),
    Mutant("pixian.server.image.frames", "the last frame", _last_frame),
)
