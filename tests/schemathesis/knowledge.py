"""What Schemathesis has to be taught about pictures: how to make files, and that a PNG has to be one."""

from __future__ import annotations

import base64
import io
import warnings
from typing import TYPE_CHECKING

import schemathesis
from hypothesis import strategies as st
from PIL import Image

from contracts.providers import discover
from pictures import disc, encoded

if TYPE_CHECKING:
    from schemathesis.core.transport import Response as Received

_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF")
_PICTURES = [encoded(disc((24, 18), (6, 4, 18, 14)), form) for form in _FORMATS]
_SAMPLES = [url for provider in discover().values() for url, _ in provider.samples]
_DATA_URLS = [f"data:image/png;base64,{base64.b64encode(picture).decode()}" for picture in _PICTURES]


def teach() -> None:
    """Teach Schemathesis, in this process and for good. Stock Schemathesis knows none of it."""
    schemathesis.openapi.format("binary", st.sampled_from(_PICTURES))
    encoded_pictures = [base64.b64encode(picture).decode() for picture in _PICTURES]
    schemathesis.openapi.format("byte", st.sampled_from(encoded_pictures))
    schemathesis.openapi.format("uri", st.sampled_from(_SAMPLES + _DATA_URLS))
    schemathesis.deserializer("image/png", "image/jpeg")(_picture)
    schemathesis.deserializer("text/html")(_page)


def _picture(_: object, response: Received) -> str:
    """Prove that the body is a whole picture of the kind that its ``Content-Type`` says.

    Raises:
        ValueError: it is not. Any other error would end Schemathesis's thread, and its findings would be lost.
    """
    try:
        with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
            picture = Image.open(io.BytesIO(response.content))
            picture.load()
    except (OSError, SyntaxError) as error:
        raise ValueError(f"the body is no whole picture: {error}") from error
    declared = response.headers["content-type"][0]
    if Image.MIME[picture.format or ""] != declared:
        raise ValueError(f"the body is {picture.format}, not {declared}")
    return "a picture"


def _page(_: object, response: Received) -> str:
    """Prove that the body is text, and hand it on."""
    return response.content.decode()
