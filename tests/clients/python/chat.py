"""What XTY is sent, and where its answer says that the result is."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answer import is_success, reason
from job import Failure, Unable, is_url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PATH = "/v1/chat/completions"
MODEL = "remove-bg"
IDLE = 200.0
"""Seconds of silence to put up with; most pictures take up to 10."""
CONNECT = 30.0
"""Seconds that a connection may take."""
PAUSES = (1.0, 2.0)
"""Seconds between the tries to fetch a result."""
_MOST_BYTES = 10_000_000
"""The documents advise against larger files."""
_SIGNATURES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
}


def messages(source: str, parameters: Mapping[str, object]) -> list[dict[str, Any]]:
    """Return the messages that ask for the picture at *source*.

    Raises:
        Unable: there is a parameter that the API does not have, or it does not take such pictures.
    """
    others = sorted(set(parameters) - {"text"})
    if others:
        raise Unable(f"the parameters {', '.join(others)}")
    image = {"type": "image_url", "image_url": {"url": source if is_url(source) else _data_url(Path(source))}}
    if "text" in parameters:
        return [{"role": "user", "content": [{"type": "text", "text": parameters["text"]}, image]}]
    return [{"role": "user", "content": [image]}]


def body(source: str, parameters: Mapping[str, object]) -> dict[str, Any]:
    """Return the body of the request for the picture at *source*."""
    return {"model": MODEL, "messages": messages(source, parameters)}


def result_url(status: int, answer: bytes) -> str:
    """Return the URL of the result that *answer* names.

    Raises:
        Failure: it names none.
    """
    if not is_success(status):
        raise Failure(reason(status, answer))
    try:
        url = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError) as error:
        raise Failure(f"the answer is no completion: {reason(status, answer)}") from error
    if not isinstance(url, str) or not is_url(url):
        raise Failure(f"the completion has no URL: {url!r}")
    return url


def patiently(fetch: Callable[[], bytes]) -> bytes:
    """Return what *fetch* returns: the result, which may take a moment to appear."""
    for pause in PAUSES:
        try:
            return fetch()
        except Failure:
            time.sleep(pause)
    return fetch()


def _data_url(path: Path) -> str:
    data = path.read_bytes()
    if len(data) > _MOST_BYTES:
        raise Unable("files of more than 10 MB")
    return f"data:{_media_type(data)};base64,{base64.b64encode(data).decode('ascii')}"


def _media_type(data: bytes) -> str:
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            return kind
    raise Unable("files that are no pictures")
