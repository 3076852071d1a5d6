"""JavaScript, for browsers and Node.js alike: what ``fetch`` is told."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.snippets.literals import Notation, braced, quoted, utf16, written
from mockserver.snippets.model import Base64, File, Json, Multipart, Raw, Urlencoded, all_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.snippets.model import Body, Piece, Sketch, Text

_LONE_BREAK = re.compile(r"\r(?!\n)|(?<!\r)\n")
_WITHOUT_BODY = frozenset({"GET", "HEAD"})


def literal(text: str) -> str:
    """Return *text* as an expression; within HTML it does not end the script either."""
    found = quoted(text, lambda one: utf16(one) if ord(one) <= 0xFFFF else braced(one))  # noqa: PLR2004
    return found.replace("</", "<\\/").replace("<!--", "<\\!--")


@dataclass(frozen=True, slots=True)
class Platform:
    """How files are read: as a ``Blob``, as what a ``Blob`` can be made of, or as base64; and base64 in the code."""

    blob: Callable[[File], str]
    content: Callable[[File], str]
    base64: Callable[[File], str]
    decoded: Callable[[str], str]


def call(sketch: Sketch, authorization: str, platform: Platform) -> str:
    """Return the statements that send *sketch*; *authorization* is an expression for that field, or empty."""
    body, remark = sendable(sketch.body), ""
    if body is not None and sketch.method in _WITHOUT_BODY:
        body, remark = None, f"// fetch sends no body with {sketch.method}, so that of the request is left out.\n"
    before, content = _Content(platform).of(body)
    fields = [f"{literal(name)}: {literal(value)}" for name, value in all_fields(sketch, body)]
    if isinstance(body, Json):
        fields.append('"Content-Type": "application/json"')
    if authorization:
        fields.insert(0, f'"Authorization": {authorization}')
    options = [f"method: {literal(sketch.method)}"]
    if fields:
        options.append("headers: {\n" + "".join(f"    {field},\n" for field in fields) + "  }")
    if content:
        options.append(f"body: {content}")
    lines = "".join(f"  {option},\n" for option in options)
    return f"{before}{remark}const response = await fetch({literal(sketch.url)}, {{\n{lines}}});\n"


def sendable(body: Body | None) -> Body | None:
    """Return *body* in a form that ``FormData`` sends as it is: it writes every line break in its own way."""
    if isinstance(body, Multipart):
        texts = [piece for _, value in body.parts if isinstance(value, tuple) for piece in value]
        return body.raw if any(isinstance(text, str) and _LONE_BREAK.search(text) for text in texts) else body
    return body


class _Content:
    """Writes bodies, with the means of a ``platform``."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def of(self, body: Body | None) -> tuple[str, str]:
        """Return statements that come before, and an expression for *body*."""
        if isinstance(body, Multipart):
            appended = [f"form.append({literal(name)}, {self._part(value)});\n" for name, value in body.parts]
            return "".join(["const form = new FormData();\n", *appended, "\n"]), "form"
        if isinstance(body, Urlencoded):
            pairs = [f"    [{literal(name)}, {self._text(value)}],\n" for name, value in body.pairs]
            return "", f"new URLSearchParams([\n{''.join(pairs)}  ])"
        if isinstance(body, Json):
            return "", f"JSON.stringify({written(body.value, Notation(literal, self._text), '  ')})"
        return "", self._raw(body) if body is not None else ""

    def _part(self, value: Text | File) -> str:
        if isinstance(value, File):
            return f"{self._platform.blob(value)}, {literal(value.name)}"
        return self._text(value)

    def _text(self, text: Text) -> str:
        pieces = [literal(one) if isinstance(one, str) else self._platform.base64(one.file) for one in text]
        return " + ".join(pieces)

    def _raw(self, body: Raw) -> str:
        pieces = [self._piece(piece) for piece in body.pieces]
        return f"new Blob([{', '.join(pieces)}])" if len(pieces) == 1 else _blob(pieces)

    def _piece(self, piece: Piece) -> str:
        if isinstance(piece, str):
            return literal(piece)
        if isinstance(piece, bytes):
            return self._platform.decoded(f'"{base64.b64encode(piece).decode()}"')
        if isinstance(piece, Base64):
            return self._platform.base64(piece.file)
        return self._platform.content(piece)


def _blob(pieces: list[str]) -> str:
    lines = "".join(f"    {piece},\n" for piece in pieces)
    return f"new Blob([\n{lines}  ])"
