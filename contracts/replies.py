"""Making the plain kinds of response that every HTTP API gives."""

from __future__ import annotations

import json
from html import escape

from contracts.model import Headers, Response

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def json_reply(status: int, content: object, *headers: tuple[str, str]) -> Response:
    """Return a response with the JSON *content*, and *headers* besides the ``Content-Type``."""
    body = _ENCODER.encode(content).encode()
    return Response(status, Headers((("Content-Type", "application/json"), *headers)), body)


def described(data: bytes, filename: str | None = None) -> str:
    """Return a description of *data* that stands for it where only texts fit."""
    name = f"{filename!r}, " if filename else ""
    return f"({name}{len(data)} bytes)"


def html_reply(status: int, title: str, text: str) -> Response:
    """Return a small page with *title* and *text*, both of which may hold anything."""
    page = (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        f"<body><h1>{escape(title)}</h1><p>{escape(text)}</p></body></html>\n"
    )
    return Response(status, Headers((("Content-Type", "text/html; charset=utf-8"),)), page.encode())
