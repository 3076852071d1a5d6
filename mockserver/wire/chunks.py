"""Chunked request bodies (RFC 9112, section 7.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mockserver.wire.errors import BadRequestError
from mockserver.wire.head import are_fields

if TYPE_CHECKING:
    from collections.abc import Callable

_SIZE_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?\r\n")
_LONGEST_SIZE_LINE = 1024
_LINE_END = b"\r\n"
_FIELDS_END = b"\r\n\r\n"


class ChunkDecoder:
    """Takes the chunks of one body apart. ``done`` is set once its end has been read."""

    def __init__(self, longest_trailer: int) -> None:
        """Begin; allow trailer fields, which are ignored, of *longest_trailer* bytes."""
        self._longest_trailer = longest_trailer
        self._left = 0
        self._pieces: list[bytes] = []
        self._read: Callable[[bytes, int], int] = self._read_size
        self.done = False

    def decode(self, data: bytes, at: int) -> tuple[list[bytes], int]:
        """Return the pieces of the body in *data* from *at* on, and where to go on when there is more data.

        Raises:
            BadRequestError: this is not chunked.
        """
        self._pieces = []
        while at < len(data) and not self.done:
            before, at = at, self._read(data, at)
            if at == before:
                break
        return self._pieces, at

    def _read_size(self, data: bytes, at: int) -> int:
        line = _SIZE_LINE.match(data, at)
        if line is None:
            if data.find(b"\n", at) >= 0 or len(data) - at > _LONGEST_SIZE_LINE:
                raise BadRequestError(400, "the size of a chunk is malformed")
            return at
        self._left = int(line[1], 16)
        self._read = self._read_content if self._left else self._read_trailer
        return line.end()

    def _read_content(self, data: bytes, at: int) -> int:
        piece = data[at : at + self._left]
        self._pieces.append(piece)
        self._left -= len(piece)
        if not self._left:
            self._read = self._read_end
        return at + len(piece)

    def _read_end(self, data: bytes, at: int) -> int:
        if data.startswith(_LINE_END, at):
            self._read = self._read_size
            return at + len(_LINE_END)
        if data[at:] != b"\r":
            raise BadRequestError(400, "a chunk is longer than it said")
        return at

    def _read_trailer(self, data: bytes, at: int) -> int:
        if data.startswith(_LINE_END, at):
            self.done = True
            return at + len(_LINE_END)
        end = data.find(_FIELDS_END, at)
        if (len(data) if end < 0 else end) - at > self._longest_trailer:
            raise BadRequestError(431, f"the trailer fields take more than {self._longest_trailer} bytes")
        if end < 0:
            return at
        if not are_fields(data[at : end + len(_LINE_END)].decode("latin-1")):
            raise BadRequestError(400, "a trailer field is malformed")
        self.done = True
        return end + len(_FIELDS_END)
