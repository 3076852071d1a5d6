"""Large pictures, which small ones stand in for while a request is mended: it is read again and again."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from mockserver.imaging.kinds import kind_of
from mockserver.mending.encoded import HEAD, encoded_in

_LARGE = 4096
"""Bytes, or characters of base64, from which on something stands in for a picture."""
_HEAD = HEAD * 3 // 4
"""Bytes of a picture that are kept: they tell of which kind it is."""
_MARK = 16
"""Random bytes that a mark is made of, so that nobody can send one."""


@dataclass(slots=True)
class Originals:
    """Remembers what stands in for what: marks, the same in base64 as in bytes, for all but the head of a picture."""

    _rests: dict[str, str] = field(default_factory=dict)

    def shortened(self, data: bytes) -> bytes:
        """Return what stands in for *data*: themselves, unless they are a large picture, or a text that is one."""
        if len(data) < _LARGE:
            return data
        if kind_of(data):
            mark = self._mark(base64.b64encode(data[_HEAD:]).decode())
            return data[:_HEAD] + base64.b64decode(mark)
        return self.shortened_text(data.decode()).encode() if data.isascii() else data

    def shortened_text(self, text: str) -> str:
        """Return what stands in for *text*: itself, unless it is a large picture in base64.

        Line breaks in it, which mean nothing, do not come back.
        """
        picture = encoded_in(text) if len(text) >= _LARGE else None
        if picture is None or not picture.is_whole:
            return text
        return f"{picture.prefix}{picture.digits[:HEAD]}{self._mark(picture.digits[HEAD:])}"

    def shortened_tree(self, value: Any) -> Any:  # noqa: ANN401  any JSON value
        """Return the JSON *value* with stand-ins for all large pictures in its texts."""
        if isinstance(value, str):
            return self.shortened_text(value)
        if isinstance(value, list):
            return [self.shortened_tree(one) for one in value]
        if isinstance(value, dict):
            return {name: self.shortened_tree(one) for name, one in value.items()}
        return value

    def restored(self, data: bytes, *, is_urlencoded: bool = False) -> bytes:
        """Return *data*, a body or a part of it, with the originals for whatever stands in for them."""
        for mark, rest in self._rests.items():
            written = quote(rest, safe="") if is_urlencoded else rest
            data = data.replace(mark.encode(), written.encode())
            plain = base64.b64decode(mark)
            if plain in data:
                data = data.replace(plain, base64.b64decode(rest))
        return data

    def _mark(self, rest: str) -> str:
        """Return a mark for the base64 *rest*; in base64 and in bytes it is nowhere else."""
        mark = secrets.token_hex(_MARK)
        self._rests[mark] = rest
        return mark
