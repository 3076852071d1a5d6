"""A request as those see it who write code: what is sent, to where, by whom, and which files it is made of.

Nothing here belongs to a language. A body is a form, JSON, or, where it is neither or cannot be written as such, a row
of pieces one behind the other; every form and every JSON value can be had as such a row, too.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from mockserver.snippets.literals import Notation, json_text, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MULTIPART, URLENCODED, JSON = "multipart/form-data", "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True, slots=True)
class File:
    """A file that the code reads; ``name`` has no folder, and no characters but letters, digits, dots and dashes.

    ``data`` is what was sent for it. ``media_type`` is what a form says of it, or empty.
    """

    name: str
    data: bytes
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Base64:
    """What is in ``file``, in base64 without line breaks."""

    file: File


Text: TypeAlias = tuple[str | Base64, ...]
"""A text, perhaps with what is in files; it has at least one piece."""
Piece: TypeAlias = str | bytes | File | Base64
"""Some bytes of a body: a text in UTF-8, bytes as they are, or what is in a file."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A body as ``pieces``, of which there is at least one, and the header ``fields`` that say what it is."""

    pieces: tuple[Piece, ...]
    fields: tuple[tuple[str, str], ...]

    @property
    def raw(self) -> Raw:
        """This."""
        return self

    @property
    def media_type(self) -> str:
        """The field ``Content-Type``, or nothing."""
        return dict(self.fields).get("Content-Type", "")


@dataclass(frozen=True, slots=True)
class Multipart:
    """A form of ``parts`` in order; what has no file is a text. Names have no quotes, backslashes or controls.

    ``boundary`` is one that is in no part.
    """

    parts: tuple[tuple[str, Text | File], ...]
    boundary: str

    @property
    def raw(self) -> Raw:
        """The same, written by hand."""
        fields = (("Content-Type", f"{MULTIPART}; boundary={self.boundary}"),)
        return Raw(joined([*chain.from_iterable(map(self._part, self.parts)), f"--{self.boundary}--\r\n"]), fields)

    def _part(self, part: tuple[str, Text | File]) -> Iterator[Piece]:
        name, value = part
        yield f'--{self.boundary}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, File):
            yield f'; filename="{value.name}"'
            yield f"\r\nContent-Type: {value.media_type or 'application/octet-stream'}"
        yield "\r\n\r\n"
        yield from (value,) if isinstance(value, File) else value
        yield "\r\n"


@dataclass(frozen=True, slots=True)
class Urlencoded:
    """A form of ``pairs`` in order; ``raw`` is the same as it was sent."""

    pairs: tuple[tuple[str, Text], ...]
    raw: Raw


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON ``value`` that every language can write in its own way; a text with files in it is a :data:`Text`."""

    value: object
    mark: str
    """What is nowhere in the value, and can stand for a file there."""

    @property
    def raw(self) -> Raw:
        """The same as text, as people write it."""
        files: list[Base64] = []

        def marked(text: Text) -> str:
            pieces = []
            for piece in text:
                if isinstance(piece, Base64):
                    files.append(piece)
                pieces.append(self.mark if isinstance(piece, Base64) else json_text(piece)[1:-1])
            return f'"{"".join(pieces)}"'

        texts = re.split(re.escape(self.mark), written(self.value, Notation(json_text, marked)))
        pieces: list[Piece] = [texts[0]]
        for file, text in zip(files, texts[1:], strict=True):
            pieces += [file, text]
        return Raw(joined(pieces), (("Content-Type", JSON),))


Body: TypeAlias = Raw | Multipart | Urlencoded | Json


@dataclass(frozen=True, slots=True)
class Basic:
    """``user`` and a secret that is not known here."""

    user: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """A key that is not known here."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a request was.

    ``target`` is path and query with percent signs where they have to be. ``fields`` are the header fields that are
    worth repeating, each name once, without those about body and credentials. ``provider`` is whose operation it is, or
    empty. ``answer`` is the media type of what came of it if all was well, or empty.
    """

    method: str
    origin: str
    target: str
    auth: Basic | Bearer | None
    fields: tuple[tuple[str, str], ...]
    body: Body | None
    provider: str = ""
    answer: str = ""

    @property
    def url(self) -> str:
        """Where it went."""
        return self.origin + self.target


def all_fields(sketch: Sketch, body: Body | None) -> tuple[tuple[str, str], ...]:
    """Return the header fields of *sketch*, with those that a raw *body* needs."""
    return (*sketch.fields, *(body.fields if isinstance(body, Raw) else ()))


def files_of(body: Body | None) -> tuple[File, ...]:
    """Return the files that *body* is made of, each once, in order."""
    pieces: Iterable[Piece] = body.raw.pieces if body is not None else ()
    if isinstance(body, Urlencoded):
        pieces = chain.from_iterable(text for _, text in body.pairs)
    found = [piece.file if isinstance(piece, Base64) else piece for piece in pieces]
    return tuple(dict.fromkeys(piece for piece in found if isinstance(piece, File)))


def remarks(body: Body | None) -> list[str]:
    """Return a sentence on each file that *body* is made of."""
    return [f"{file.name} is {_origin(file)}." for file in files_of(body)]


def _origin(file: File) -> str:
    return f"what was sent: {len(file.data):,} bytes" if file.data else "yours to put here: what was sent was empty"


def joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return *pieces* with texts that stand beside each other made one, and none that is empty, if there are others."""
    found: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif piece != "":
            found.append(piece)
    return tuple(found) or ("",)


def compact(value: object) -> str:
    """Return the JSON *value* as short as can be, with nothing for what is in files."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=lambda _: None)
