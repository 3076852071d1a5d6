"""Requests to remove a background, as forms."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from contracts.cases import Case, Sign, Step
from contracts.model import Headers, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.strategies import Picture

V2, V1, ACCOUNT = "/api/v2/remove-background", "/api/v1/remove-background", "/api/v2/account"
_BOUNDARY = "matteproof-7f1c6a0d5e"
_MOST_CREDITS = 32.0
"""What one picture can cost at most: a credit a megapixel is what the mock assumes, and no picture has more of them."""


def upload(picture: Picture | bytes, *, path: str = V2, field: str = "image", **parameters: object) -> Request:
    """Return a request that sends *picture* as a file; ``__`` in the names of *parameters* stands for a dot."""
    data, filename, media_type = _file(picture)
    return multipart({field: (filename, media_type, data), **_named(parameters)}, path=path)


def multipart(fields: Mapping[str, object], *, path: str = V2) -> Request:
    """Return a multipart form: a value is the text of a field, or file name, media type and bytes of a file."""
    parts = []
    for name, value in fields.items():
        if isinstance(value, tuple):
            filename, media_type, data = value
            head = f'name="{name}"; filename="{filename}"\r\nContent-Type: {media_type}'
        else:
            head, data = f'name="{name}"', _text(value).encode()
        parts.append(f"--{_BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data + b"\r\n")
    body = b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode()
    return Request("POST", path, "", Headers.of([("Content-Type", f"multipart/form-data; boundary={_BOUNDARY}")]), body)


def urlencoded(fields: Mapping[str, object], *, path: str = V2) -> Request:
    """Return an urlencoded form."""
    body = urlencode({name: _text(value) for name, value in fields.items()}).encode()
    return Request("POST", path, "", Headers.of([("Content-Type", "application/x-www-form-urlencoded")]), body)


def account() -> Step:
    """Return the question about the account, which is free."""
    return Step(Request("GET", ACCOUNT))


def step(request: Request, *, sign: Sign = Sign.OWN) -> Step:
    """Return *request* as a step that costs something unless it is a test."""
    free = sign is not Sign.OWN or b'name="test"\r\n\r\ntrue' in request.body or b"test=true" in request.body
    return Step(request, sign, 0.0 if free else _MOST_CREDITS)


def case(name: str, *requests: Request | Step, anywhere: bool = True, **pictures: bytes) -> Case:
    """Return *requests* as a case; *pictures* are those at URLs, ``/NAME`` each."""
    steps = tuple(one if isinstance(one, Step) else step(one) for one in requests)
    return Case(name, steps, {f"/{path}": data for path, data in pictures.items()}, anywhere)


def _named(parameters: Mapping[str, object]) -> dict[str, object]:
    return {name.replace("__", "."): value for name, value in parameters.items()}


def _file(picture: Picture | bytes) -> tuple[bytes, str, str]:
    if isinstance(picture, bytes):
        return picture, "picture", "application/octet-stream"
    return picture.data, picture.filename, picture.media_type


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
