"""Reading the bodies of HTML forms: ``multipart/form-data`` and ``application/x-www-form-urlencoded``.

Reading is strict about structure (RFC 7578, RFC 2046) and keeps what was sent as it was sent, since a check must see
what a client did and not a repaired version of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

import multipart as parser

if TYPE_CHECKING:
    from contracts.model import Request

MAX_FIELDS = 256
MAX_HEADER_BYTES = 8192
_CHUNK = 1 << 20
_PLAIN_ENCODINGS = {"binary", "7bit", "8bit"}


class FormError(ValueError):
    """The body is no well-formed form; the text says what is wrong in one sentence."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. ``filename`` is ``None`` for a field that is not a file."""

    name: str
    data: bytes
    filename: str | None = None
    content_type: str | None = None

    @property
    def text(self) -> str:
        """The data as UTF-8 text.

        Raises:
            FormError: the data is not UTF-8.
        """
        try:
            return self.data.decode()
        except UnicodeDecodeError:
            message = f"The field {self.name!r} is not UTF-8 text."
            raise FormError(message) from None


def read_form(request: Request) -> tuple[Field, ...]:
    """Return the fields of the form in the body of *request*, in the order they were sent.

    Raises:
        FormError: the ``Content-Type`` is missing or is not that of a form, or the body is malformed.
    """
    content_type = request.headers.get("Content-Type")
    if content_type is None:
        message = "The request has no Content-Type; send multipart/form-data."
        raise FormError(message)
    if (encoding := request.headers.get("Content-Encoding")) is not None:
        raise FormError(f"The body has the Content-Encoding {encoding!r}; send it uncompressed.")
    media_type, options = parser.parse_options_header(content_type)
    if media_type == "multipart/form-data":
        return read_multipart(request.body, options.get("boundary", ""))
    if media_type == "application/x-www-form-urlencoded":
        return read_urlencoded(request.body)
    message = (
        f"The Content-Type is {media_type!r}; send multipart/form-data, or application/x-www-form-urlencoded "
        "when no file is uploaded."
    )
    raise FormError(message)


def read_multipart(body: bytes, boundary: str) -> tuple[Field, ...]:
    """Return the parts of the multipart *body*.

    Raises:
        FormError: the *boundary* is empty, the body is malformed or incomplete, or it has too many or too long parts.
    """
    if not boundary:
        message = "The Content-Type names no multipart boundary; let the HTTP library write that header."
        raise FormError(message)
    fields: list[Field] = []
    try:
        with parser.PushMultipartParser(
            boundary, max_segment_count=MAX_FIELDS, max_header_size=MAX_HEADER_BYTES
        ) as reading:
            _collect(reading, body, fields)
    except parser.MultipartError as error:
        reason = error.args[0]
        if boundary.encode() not in body:
            reason = (
                f"the boundary {boundary!r} of the Content-Type is not in it; let the HTTP library write that header"
            )
        error.__traceback__ = None  # which would keep the body until the next collection of garbage
        raise FormError(f"The multipart body is malformed: {reason}.") from error
    return tuple(fields)


def _collect(reading: parser.PushMultipartParser, body: bytes, fields: list[Field]) -> None:
    head: parser.MultipartSegment | None = None
    pieces: list[bytes] = []
    for start in range(0, len(body), _CHUNK):
        for event in reading.parse(body[start : start + _CHUNK]):
            if isinstance(event, parser.MultipartSegment):
                head, pieces = _checked(event), []
            elif event is not None:
                pieces.append(bytes(event))
            elif head is not None:
                fields.append(Field(head.name, b"".join(pieces), _filename(head), head.header("Content-Type")))


def _checked(head: parser.MultipartSegment) -> parser.MultipartSegment:
    """Return *head*, unless its body is encoded in a way that forms do not have any more (RFC 7578, section 4.7)."""
    encoding = head.header("Content-Transfer-Encoding")
    if encoding and encoding.lower() not in _PLAIN_ENCODINGS:
        raise FormError(f"The field {head.name!r} has the Content-Transfer-Encoding {encoding!r}; send it as it is.")
    return head


def _filename(head: parser.MultipartSegment) -> str | None:
    """Return the name of the file that the part is, also if it is only there in an extended form, or ``None``."""
    name: str | None = head.filename
    if name is None and "filename*" in (head.header("Content-Disposition") or "").lower():
        return ""
    return name


def read_urlencoded(body: bytes) -> tuple[Field, ...]:
    """Return the fields of the urlencoded *body*.

    Raises:
        FormError: there are more than :data:`MAX_FIELDS` fields.
    """
    pairs = [pair for pair in body.split(b"&") if pair]
    if len(pairs) > MAX_FIELDS:
        message = f"The form has {len(pairs)} fields; at most {MAX_FIELDS} are read."
        raise FormError(message)
    return tuple(_urlencoded_field(pair) for pair in pairs)


def _urlencoded_field(pair: bytes) -> Field:
    name, _, value = pair.replace(b"+", b" ").partition(b"=")
    return Field(unquote_to_bytes(name).decode(errors="replace"), unquote_to_bytes(value))
