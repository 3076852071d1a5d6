"""What the body of a request is made of."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from math import isfinite
from typing import TYPE_CHECKING

from contracts.multipart import read_form
from mockserver.snippets.files import Files
from mockserver.snippets.model import JSON, MULTIPART, URLENCODED, Base64, Json, Multipart, Raw, Urlencoded, compact

if TYPE_CHECKING:
    from contracts.model import Request
    from contracts.multipart import Field
    from mockserver.snippets.model import Body, File, Text

MOST_LITERAL = 30_000
"""Bytes of a body that stand in the code; compilers know limits not far from there, and readers nearer ones."""
_MOST_BINARY = 1_500
"""Bytes that are no text, likewise."""
_LONG_BASE64 = re.compile(r"(data:[^,]{0,200};base64,)?([A-Za-z0-9+/]{199,}[A-Za-z0-9+/=]{2})")
_LONG_RUN = re.compile(rb"[A-Za-z0-9+/=\\]{199,}")
_MOST_JSON = 8 * MOST_LITERAL
"""Bytes of JSON besides such runs that are parsed at all; much of them can be blanks and escapes."""
_OBJECT = re.compile(rb'\s*\{\s*["}]')
_DEEPEST = 20
_LARGEST = 2**53 - 1
"""The largest whole number that every language keeps."""
_ODD_KEY = re.compile(r"__proto__|-?[0-9]+|\x00.*", re.DOTALL)
"""Names that are more than names in some language."""
_TYPE = re.compile(r"[A-Za-z0-9.+-]{1,100}/[A-Za-z0-9.+-]{1,100}")
_NOT_IN_NAMES = frozenset('"\\%')
"""Clients write these in names of fields in different ways."""


def body_of(request: Request) -> Body | None:
    """Return the body of *request*: as form or JSON where all of it can be told as such, else as it was sent."""
    content_type = request.headers.get("Content-Type") or ""
    if not request.body and (request.method in {"GET", "HEAD", "DELETE", "OPTIONS"} or not content_type):
        return None
    raw = _raw(request)
    if "Content-Encoding" in request.headers:
        return raw
    media_type = content_type.partition(";")[0].strip().lower()
    try:
        if media_type == MULTIPART:
            return _multipart(request) or raw
        if media_type == URLENCODED and not _is_json(request.body):
            return _urlencoded(request, raw) or raw
        if media_type == JSON:
            return _json(request.body) or raw
    except (ValueError, RecursionError):
        pass
    return raw


def _raw(request: Request) -> Raw:
    named = ((name, request.headers.get(name) or "") for name in ("Content-Type", "Content-Encoding"))
    fields = tuple((name, value) for name, value in named if value and value.isascii() and value.isprintable())
    body = request.body
    if len(body) <= MOST_LITERAL:
        try:
            return Raw((body.decode(),), fields)
        except UnicodeDecodeError:
            pass
    return Raw((body if len(body) <= _MOST_BINARY else Files().raw(body),), fields)


def _multipart(request: Request) -> Multipart | None:
    """Return the form, or nothing if a field is no text, or has a name that clients would write differently.

    Raises:
        FormError: it is malformed, or a field is no text.
    """
    files = Files()
    parts = tuple((field.name, _value(field, files)) for field in read_form(request))
    tame = all(name and name.isprintable() and not _NOT_IN_NAMES & set(name) for name, _ in parts)
    if not (parts and tame and _fits([text for name, value in parts for text in (name, *_texts(value))])):
        return None
    return Multipart(parts, _digest(request.body))


def _value(field: Field, files: Files) -> Text | File:
    if field.filename is None:
        return _text(field.text, field.name, files)
    media_type = field.content_type or ""
    return files.of(field.filename or field.name, field.data, media_type if _TYPE.fullmatch(media_type) else "")


def _urlencoded(request: Request, raw: Raw) -> Urlencoded | None:
    """Return the form, or nothing if it is not UTF-8.

    Raises:
        FormError: a field is no text, or there are too many.
    """
    files = Files()
    pairs = tuple((field.name, _text(field.text, field.name, files)) for field in read_form(request))
    whole = pairs and not any("\ufffd" in name for name, _ in pairs)
    fits = _fits([text for name, value in pairs for text in (name, *_texts(value))])
    return Urlencoded(pairs, raw) if whole and fits else None


def _is_json(body: bytes) -> bool:
    """Tell whether *body* begins like an object of JSON: curl calls whatever it posts a form, unless told better."""
    return _OBJECT.match(body) is not None


def _json(body: bytes) -> Json | None:
    """Return the JSON, or nothing if not every language can tell it as it is.

    Raises:
        ValueError: it is none, says something twice, or has half a character.
        RecursionError: it is too deep.
    """
    if len(_LONG_RUN.sub(b"", body)) > _MOST_JSON:
        return None
    files = Files()
    value = _with_files(json.loads(body.decode(), object_pairs_hook=_pairs, parse_constant=_refuse), files, _DEEPEST)
    return Json(value, f"<{_digest(body)}>") if _fits([compact(value)]) else None


def _with_files(value: object, files: Files, depth: int) -> object:
    """Return *value* with files in place of long base64.

    Raises:
        ValueError: it is too deep, or something in it is not the same in every language.
    """
    if isinstance(value, dict) and depth and not any(map(_ODD_KEY.fullmatch, value)):
        return {name: _with_files(one, files, depth - 1) for name, one in value.items()}
    if isinstance(value, list) and depth:
        return [_with_files(one, files, depth - 1) for one in value]
    if isinstance(value, str):
        text = _text(value, "picture", files)
        return text if _has_files(text) else value
    small = isinstance(value, int) and abs(value) <= _LARGEST
    if value is None or small or (isinstance(value, float) and isfinite(value)):
        return value
    raise ValueError("This cannot be told in every language.")


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("A name stands twice in an object.")
    return found


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON.")


def _text(text: str, name: str, files: Files) -> Text:
    """Return *text*, with a file in place of its base64 if that is long."""
    match = _LONG_BASE64.fullmatch(text)
    if match is None:
        return (text,)
    head, encoded = match.groups()
    try:
        data = base64.b64decode(encoded, validate=True)
    except ValueError:
        return (text,)
    if base64.b64encode(data).decode() != encoded:
        return (text,)
    file = Base64(files.of(name.partition(".")[0], data))
    return (head, file) if head else (file,)


def _texts(value: Text | File) -> list[str]:
    return [piece for piece in value if isinstance(piece, str)] if isinstance(value, tuple) else []


def _has_files(text: Text) -> bool:
    return any(isinstance(piece, Base64) for piece in text)


def _fits(texts: list[str]) -> bool:
    """Tell whether *texts* are short enough to stand in code."""
    return sum(len(text.encode()) for text in texts) <= MOST_LITERAL


def _digest(body: bytes) -> str:
    """Return letters and digits that do not stand in *body*, since nobody can know them before."""
    return "matteproof" + hashlib.sha256(body).hexdigest()[:24]
