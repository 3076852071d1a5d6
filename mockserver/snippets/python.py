"""Python, with requests."""

from __future__ import annotations

import base64
from textwrap import indent
from typing import TYPE_CHECKING

from mockserver.snippets.literals import Notation, quoted, written
from mockserver.snippets.model import Base64, Basic, Bearer, File, Json, Multipart, Raw, Urlencoded, all_fields, remarks

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.snippets.model import Body, Piece, Sketch, Text

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_STEP = "    "
_ANSWER = """\
if not 200 <= response.status_code < 300:
    raise SystemExit(f"{response.status_code}: {response.text}")
picture = re.match("image/([a-z0-9]+)", response.headers.get("Content-Type", ""))
if picture:
    Path(f"result.{picture[1]}").write_bytes(response.content)
else:
    print(response.text)
"""


def literal(text: str) -> str:
    """Return *text* as an expression."""
    return quoted(text, lambda one: f"\\u{ord(one):04x}" if ord(one) <= 0xFFFF else f"\\U{ord(one):08x}")  # noqa: PLR2004


def write(sketch: Sketch) -> str:
    """Return the program that sends *sketch*."""
    user, fields = None, [(name, literal(value)) for name, value in all_fields(sketch, sketch.body)]
    if isinstance(sketch.auth, Basic):
        user = _basic(sketch.auth.user)
    if isinstance(sketch.auth, Bearer):
        fields = [("Authorization", '"Bearer " + os.environ["MATTEPROOF_API_KEY"]'), *fields]
    call = request_call(sketch, literal(sketch.url), user, fields, lambda file: f"Path({literal(file.name)})")
    code = f"response = {call}\n{_ANSWER}"
    return imports(code) + "".join(f"# {remark}\n" for remark in remarks(sketch.body)) + code


def imports(code: str) -> str:
    """Return the lines that import what *code* uses."""
    used = (("base64", "base64.b64"), ("os", "os.environ["), ("re", "re.match("))
    own = [f"import {name}\n" for name, use in used if use in code]
    paths = "from pathlib import Path\n" if "Path(" in code else ""
    return "".join([*own, paths, "\n" if own or paths else "", "import requests\n\n"])


def request_call(
    sketch: Sketch, url: str, user: str | None, fields: list[tuple[str, str]], path: Callable[[File], str]
) -> str:
    """Return the call of requests that sends *sketch* to *url*.

    *user* is who asks, *fields* are those of the header; both are expressions, as is what *path* makes of a file.
    """
    named = sketch.method in _METHODS
    arguments = [url] if named else [literal(sketch.method), url]
    if user is not None:
        arguments.append(f"auth={user}")
    if fields:
        arguments.append(f"headers={_braced('{', [f'{literal(name)}: {value}' for name, value in fields], '}')}")
    if sketch.body is not None:
        arguments.append(_Content(path).argument(sketch.body))
    lines = indent("".join(f"{one},\n" for one in [*arguments, "timeout=200"]), _STEP)
    return f"requests.{sketch.method.lower() if named else 'request'}(\n{lines})"


class _Content:
    """Writes bodies with files, each of which is read by a ``path``."""

    def __init__(self, path: Callable[[File], str]) -> None:
        self._path = path

    def argument(self, body: Body) -> str:
        """Return the argument that has *body*."""
        if isinstance(body, Multipart):
            parts = [f"({literal(name)}, {self._part(value)})" for name, value in body.parts]
            return f"files={_braced('[', parts, ']')}"
        if isinstance(body, Urlencoded):
            pairs = [f"({literal(name)}, {self._text(value)})" for name, value in body.pairs]
            return f"data={_braced('[', pairs, ']')}"
        if isinstance(body, Json):
            notation = Notation(literal, self._text, "None", "True", "False", step=_STEP)
            return f"json={written(body.value, notation)}"
        return f"data={self._bytes(body)}"

    def _part(self, value: Text | File) -> str:
        if isinstance(value, File):
            kind = f", {literal(value.media_type)}" if value.media_type else ""
            return f"({literal(value.name)}, {self._path(value)}.read_bytes(){kind})"
        return f"(None, {self._text(value)})"

    def _text(self, text: Text) -> str:
        return " + ".join(literal(piece) if isinstance(piece, str) else self._base64(piece) for piece in text)

    def _base64(self, piece: Base64) -> str:
        return f"base64.b64encode({self._path(piece.file)}.read_bytes()).decode()"

    def _bytes(self, body: Raw) -> str:
        pieces = [self._piece(piece) for piece in body.pieces]
        return pieces[0] if len(pieces) == 1 else f'b"".join({_braced("[", pieces, "]")})'

    def _piece(self, piece: Piece) -> str:
        if isinstance(piece, str):
            return f"{literal(piece)}.encode()"
        if isinstance(piece, bytes):
            return f'base64.b64decode("{base64.b64encode(piece).decode()}")'
        return f"{self._path(piece)}.read_bytes()" if isinstance(piece, File) else f"{self._base64(piece)}.encode()"


def _basic(user: str) -> str:
    """Return the pair of *user* and secret; requests sends texts as Latin-1, which not every name is."""
    if user.isascii():
        return f'({literal(user)}, os.environ["MATTEPROOF_API_SECRET"])'
    return f'({literal(user)}.encode(), os.environ["MATTEPROOF_API_SECRET"].encode())'


def _braced(start: str, items: list[str], end: str) -> str:
    return start + "\n" + indent("".join(f"{item},\n" for item in items), _STEP) + end
