"""From the body of a request to a draft of what it was meant to be."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from contracts.multipart import Field, FormError, read_form, read_multipart, read_urlencoded
from mockserver.imaging.kinds import kind_of
from mockserver.mending.draft import URLENCODED
from mockserver.mending.form import MULTIPART, Form
from mockserver.mending.originals import Originals
from mockserver.mending.own import own_of
from mockserver.mending.tree import JSON, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from contracts.model import Request
    from mockserver.mending.content import Content
    from mockserver.mending.draft import Draft
    from mockserver.mending.own import Own

_MOST_BYTES = 1_000_000
"""Of a body that will be read again and again; pictures in it are small by then."""
_FIRST_BOUNDARY = re.compile(rb"\s*--([^\r\n]{1,70})\r?\n[Cc]ontent-")
_VISIBLE = re.compile(rb"[!-~]*")


def draft_of(request: Request, contents: Sequence[Content]) -> Draft | None:
    """Return what *request* was meant to send, where *contents* can be sent; ``None`` if none can, or it is too large.

    Of a body that cannot be read in any way, nothing is left but a picture, or the URL of one, that is found in it.
    """
    kinds, originals = {content.media_type: content for content in contents}, Originals()
    own = own_of(request)
    own = replace(own, data=originals.shortened(own.data))
    if MULTIPART in kinds:
        fields, kind = _fields(request, kinds[MULTIPART])
        small = tuple(replace(one, data=originals.shortened(one.data)) for one in fields)
        if sum(len(one.name) + len(one.data) for one in small) > _MOST_BYTES:
            return None
        content = kinds.get(kind, kinds[MULTIPART])
        strayed = _strayed(request, {field.name for field in fields}, content)
        sent = replace(request, query="") if strayed else request
        return Form(sent, content, own, originals, (*small, *strayed))
    if JSON in kinds:
        own = own if own.data else replace(own, data=originals.shortened(_picture(request)))
        return _tree(request, kinds[JSON], own, originals)
    return None


def _tree(request: Request, content: Content, own: Own, originals: Originals) -> Tree | None:
    """Return the JSON in *request*; ``None`` if it is too large, or too deep."""
    try:
        tree = Tree(request, content, own, originals, originals.shortened_tree(_value(request.body)))
        return tree if len(tree.request.body) <= _MOST_BYTES else None
    except RecursionError:
        return None


def _fields(request: Request, content: Content) -> tuple[tuple[Field, ...], str]:
    """Return the fields of the form that *request* was meant to send, and the media type of such a form."""
    body = request.body
    if kind := kind_of(body):
        return tuple(Field(one, body, f"picture.{kind}", f"image/{kind}") for one in content.pictures[:1]), MULTIPART
    if body[:1] == b"{" and (flat := _read(_flattened, body)):
        return flat, MULTIPART
    try:
        return read_form(request), (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    except FormError:
        pass
    if fields := _read(_multipart, body):
        return fields, MULTIPART
    fields = _read(_urlencoded, body)
    return fields, URLENCODED if fields else MULTIPART


def _read(way: Callable[[bytes], tuple[Field, ...]], body: bytes) -> tuple[Field, ...]:
    """Return the fields that *body* has if it is read in that *way*; none if it cannot be."""
    try:
        return way(body)
    except (ValueError, RecursionError):
        return ()


def _strayed(request: Request, names: set[str], content: Content) -> tuple[Field, ...]:
    """Return the documented fields that stand in the query of *request* and are none of *names*, those of its form."""
    try:
        found = read_urlencoded(request.query.encode(errors="replace"))
    except FormError:
        return ()
    return tuple(field for field in found if field.name in content.names(()) and field.name not in names)


def _picture(request: Request) -> bytes:
    """Return the picture that *request* is, or that is a file in the form that it is."""
    if kind_of(request.body):
        return request.body
    try:
        return next((field.data for field in read_form(request) if kind_of(field.data)), b"")
    except FormError:
        return b""


def _multipart(body: bytes) -> tuple[Field, ...]:
    """Return the fields of a form whose boundary nobody has told, as it is when libraries are not let do it."""
    match = _FIRST_BOUNDARY.match(body[:200])
    plain = body.replace(b"Content-Disposition: attachment;", b"Content-Disposition: form-data;")  # as curl has it then
    return read_multipart(plain, match[1].decode("latin-1")) if match else ()


def _urlencoded(body: bytes) -> tuple[Field, ...]:
    return read_urlencoded(body) if b"=" in body and _VISIBLE.fullmatch(body) else ()


def _flattened(body: bytes) -> tuple[Field, ...]:
    """Return the fields of a JSON object, which have dots between the names that lead to them."""
    value = json.loads(body)
    return tuple(_leaves(value, "")) if isinstance(value, dict) else ()


def _leaves(value: Mapping[str, object], above: str) -> Iterator[Field]:
    for name, one in value.items():
        place = f"{above}{name}"
        if isinstance(one, dict):
            yield from _leaves(one, f"{place}.")
        elif isinstance(one, str | bool | int | float):
            text = str(one).lower() if isinstance(one, bool) else str(one)
            yield Field(place, text.encode(errors="replace"))


def _value(body: bytes) -> object:
    """Return the JSON object in *body*, or in the text or the list in it; an empty one if there is none."""
    try:
        value = json.loads(body.decode())
        if isinstance(value, str):
            value = json.loads(value)
        if isinstance(value, list) and value:
            value = value[0]
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
