"""What Pixian is sent: the fields of the form, and the file."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from job import Unable, is_url

if TYPE_CHECKING:
    from job import Job

PATH = "/api/v2/remove-background"
IDLE = 200.0
"""Seconds of silence to put up with; the documents ask for 180."""
CONNECT = 30.0
"""Seconds that a connection may take."""
_FORMATS = {"BMP": "bmp", "GIF": "gif", "JPEG": "jpeg", "MPO": "jpeg", "PNG": "png", "TIFF": "tiff"}
"""The formats that the API reads, in the words of Pillow, and their extensions."""
_MOST_PIXELS = 25_000_000
"""The API shrinks what is larger, by default."""

Image.MAX_IMAGE_PIXELS = None  # the pictures are the user's own


@dataclass(frozen=True, slots=True)
class File:
    """A picture to upload."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a request, and the file unless the picture is named by its URL."""

    fields: dict[str, str]
    file: File | None


def form(job: Job, source: str) -> Form:
    """Return what is sent for the picture at *source*.

    Raises:
        Unable: the API does not take such pictures.
    """
    fields = {name: text(value) for name, value in job.parameters.items()}
    if is_url(source):
        return Form({**fields, "image.url": source}, None)
    return Form(fields, _file(Path(source).read_bytes(), fields))


def text(value: object) -> str:
    """Return *value* as the API wants it in a form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _file(data: bytes, fields: dict[str, str]) -> File:
    try:
        picture = Image.open(io.BytesIO(data))
    except UnidentifiedImageError as error:
        raise Unable("files that are no pictures") from error
    with picture:
        if picture.format not in _FORMATS:
            raise Unable(f"{picture.format} files")
        limit = int(fields.get("max_pixels", _MOST_PIXELS))
        if picture.width * picture.height <= limit:
            return File(f"picture.{_FORMATS[picture.format]}", data)
        if fields.get("output.format") == "delta_png":
            raise Unable("deltas of a picture that has to be shrunk, which could not be applied to it")
        return _shrunk(picture, limit)


def _shrunk(picture: Image.Image, limit: int) -> File:
    """Return *picture*, upright and with at most *limit* pixels, as the API would make it after a longer upload."""
    upright = ImageOps.exif_transpose(picture)
    scale = math.sqrt(limit / (upright.width * upright.height))
    small = upright.resize((max(1, int(upright.width * scale)), max(1, int(upright.height * scale))))
    encoded = io.BytesIO()
    if picture.format in ("JPEG", "MPO"):
        small.save(encoded, "JPEG", quality=95)
        return File("picture.jpeg", encoded.getvalue())
    small.save(encoded, "PNG", compress_level=1)
    return File("picture.png", encoded.getvalue())
