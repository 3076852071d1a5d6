"""A form that is being put right."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from contracts.fields import short
from contracts.multipart import Field, FormError
from contracts.replies import described
from mockserver.imaging.kinds import kind_of
from mockserver.mending.draft import URLENCODED, Draft, carrying
from mockserver.mending.encoded import encoded_in
from mockserver.mending.values import near

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contracts.model import Request

MULTIPART = "multipart/form-data"
_FILE_NAME = re.compile(rb"[\w ./-]{1,200}\.(?:bmp|gif|jpe?g|png|tiff?|webp)", re.IGNORECASE)
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Form(Draft):
    """A form with ``fields`` in order."""

    fields: tuple[Field, ...]

    @property
    def own(self) -> Mapping[str, object]:
        """The sender's own picture as a file."""
        data = self.belongings.data
        kind = kind_of(data)
        return {one: Field(one, data, f"picture.{kind}", f"image/{kind}") for one in self.content.pictures if kind}

    @property
    def request(self) -> Request:
        """The request, with a form of the same kind unless only the other can hold all fields."""
        is_plain = self.content.media_type == URLENCODED and all(one.filename is None for one in self.fields)
        kind, body = _urlencoded(self.fields) if is_plain else _multipart(self.fields)
        return carrying(self.sent, kind, body)

    @property
    def names(self) -> Sequence[str]:
        """The names of the fields."""
        return [field.name for field in self.fields]

    def steps(self, place: str) -> Sequence[str]:
        """Return *place*: dots in names of fields lead nowhere."""
        return [place]

    def shown(self, place: str) -> str | None:
        """Return what is in the field *place*, once for every time that it is there."""
        found = [self._shown(field) for field in self.fields if field.name == place]
        return ", ".join(found[:_MOST_SHOWN]) if found else None

    def _shown(self, field: Field) -> str:
        data = self.originals.restored(field.data)
        if field.filename is not None or kind_of(data):
            return described(data, field.filename and short(field.filename))
        return short(data.decode(errors="replace"))

    def meant(self, place: str, schemas: Sequence[Mapping[str, Any]]) -> Iterator[object]:
        """Yield the field *place* itself, once; its picture as a file; and texts that are near to its own."""
        field = next((one for one in self.fields if one.name == place), None)
        if field is None:
            return
        yield field
        if picture := _picture(field):
            kind = kind_of(picture)
            yield Field(place, picture, f"picture.{kind}", f"image/{kind}")
        if _FILE_NAME.fullmatch(field.data):
            yield Field(place, b"", field.data.decode().rpartition("/")[2])  # somebody has it, and has sent its name
        try:
            yield from near(field.text, schemas)
        except FormError:
            return

    def exemplary(self, place: str) -> Iterator[object]:
        """Yield what the examples have in the field *place*."""
        yield from (example[place] for example, _ in self.examples if place in example)

    def put(self, place: str, value: object) -> Self:
        """Return a form with *value*, a field or what a text can be made of, in the field *place*, once."""
        field = replace(value, name=place) if isinstance(value, Field) else Field(place, _text(value).encode())
        if place not in self.names:
            return replace(self, fields=(*self.fields, field))
        first = self.names.index(place)
        rest = [one for one in self.fields[first + 1 :] if one.name != place]
        return replace(self, fields=(*self.fields[:first], field, *rest))

    def without(self, place: str) -> Self:
        """Return a form without the field *place*."""
        if place not in self.names:
            raise LookupError(place)
        return replace(self, fields=tuple(one for one in self.fields if one.name != place))

    def beside(self, place: str) -> Mapping[str, str]:
        """Return the documented fields that are not in the form; their names are their places."""
        return {name: name for name in self.content.names(()) if name not in self.names and name != place}


def _text(value: object) -> str:
    """Return *value* as a form has it: what is no text, as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def _picture(field: Field) -> bytes:
    """Return the picture that *field* holds, plainly or in base64, if it does."""
    if kind_of(field.data):
        return field.data
    picture = encoded_in(field.data.decode("ascii", errors="replace").strip())
    return base64.b64decode(picture.digits) if picture is not None and picture.is_whole else b""


def _urlencoded(fields: Sequence[Field]) -> tuple[str, bytes]:
    return URLENCODED, urlencode([(field.name, field.data) for field in fields]).encode()


def _multipart(fields: Sequence[Field]) -> tuple[str, bytes]:
    """Return the media type and the body of a form, in which names are escaped as browsers do it."""
    boundary = hashlib.sha256(b"".join(field.data for field in fields)).hexdigest()[:32]
    pieces = []
    for field in fields:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_escaped(field.name)}"'
        if field.filename is not None:
            head += f'; filename="{_escaped(field.filename)}"'
        if field.content_type:
            head += f"\r\nContent-Type: {field.content_type}"
        pieces += [head.encode(errors="replace"), b"\r\n\r\n", field.data, b"\r\n"]
    return f"{MULTIPART}; boundary={boundary}", b"".join([*pieces, f"--{boundary}--\r\n".encode()])


def _escaped(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
