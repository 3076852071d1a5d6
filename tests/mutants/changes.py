"""Small changes to requests and answers, of which mutants are made."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from contracts.model import Headers
from contracts.multipart import Field, FormError, read_form

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from contracts.model import Request, Response

_BOUNDARY = "mutant"


def without_field(request: Request, *names: str) -> Request:
    """Return *request* without the fields *names* of its form; what is no form stays as it is."""
    return with_fields(request, lambda field: None if field.name in names else field)


def with_text(request: Request, name: str, change: Callable[[str], str]) -> Request:
    """Return *request* with the text of the field *name* changed."""

    def changed(field: Field) -> Field:
        return replace(field, data=change(field.data.decode()).encode()) if field.name == name else field

    return with_fields(request, changed)


def with_fields(request: Request, change: Callable[[Field], Field | None], *more: Field) -> Request:
    """Return *request* with every field of its form changed, and *more* behind them."""
    try:
        fields = read_form(request)
    except FormError:
        return request
    kept = [one for field in fields if (one := change(field)) is not None]
    parts = [_part(field) for field in (*kept, *more)]
    headers = Headers(
        (
            *((name, value) for name, value in request.headers if name.lower() != "content-type"),
            ("Content-Type", f"multipart/form-data; boundary={_BOUNDARY}"),
        )
    )
    return replace(request, headers=headers, body=b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode())


def field(request: Request, name: str) -> str | None:
    """Return the text of the field *name* of the form in *request*, if it has one."""
    try:
        return next((one.data.decode(errors="replace") for one in read_form(request) if one.name == name), None)
    except FormError:
        return None


def with_header(response: Response, name: str, value: str | None) -> Response:
    """Return *response* with the field *name* set to *value*, or without it."""
    kept = [pair for pair in response.headers if pair[0].lower() != name.lower()]
    return replace(response, headers=Headers((*kept, *([] if value is None else [(name, value)]))))


def with_body(response: Response, body: bytes) -> Response:
    """Return *response* with another body, and the length of that."""
    return with_header(replace(response, body=body), "Content-Length", str(len(body)))


def with_json(response: Response, change: Callable[[Any], Any]) -> Response:
    """Return *response* with the JSON of its body changed; what is no JSON stays."""
    try:
        value = json.loads(response.body)
    except ValueError:
        return response
    return with_body(response, json.dumps(change(value), ensure_ascii=False).encode())


def with_pixels(
    response: Response, change: Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.uint8]], kind: str = ""
) -> Response:
    """Return *response* with its picture's pixels (RGBA) changed; what is no picture stays. *kind* is a new format."""
    if response.status != 200 or not response.media_type.startswith("image/"):
        return response
    with Image.open(io.BytesIO(response.body)) as image:
        pixels, kept = np.array(image.convert("RGBA")), image.format
    changed = Image.fromarray(change(pixels))
    buffer = io.BytesIO()
    new = kind or str(kept)
    (changed.convert("RGB") if new == "JPEG" else changed).save(buffer, new)
    return with_header(with_body(response, buffer.getvalue()), "Content-Type", f"image/{new.lower()}")


def _part(field: Field) -> bytes:
    name = f'; filename="{field.filename}"' if field.filename is not None else ""
    kind = f"\r\nContent-Type: {field.content_type}" if field.content_type else ""
    return (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{field.name}"{name}{kind}\r\n\r\n'.encode()
        + field.data
        + b"\r\n"
    )
