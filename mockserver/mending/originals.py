"""Large pictures, which small ones stand in for while a request is mended: it is read again and again."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import quote

from mockserver.imaging.kinds import kind_of
from mockserver.mending.encoded import kind_in

_LARGE = 4096
"""Bytes, or characters of base64, from which on something stands in for a picture."""
_HEAD, _HEAD_BASE64 = 48, 64
"""How much of a picture is kept, in bytes and in base64: it tells of which kind it is."""
_PLAIN_BASE64 = re.compile(r"(data:[^,]{0,200},)?([A-Za-z0-9+/]+={0,2})")
_CHUNK = 4


@dataclass(slots=True)
class Originals:
    """Remembers what stands in for what: marks, the same in base64 as in bytes, for all but the head of a picture."""

    _rests: dict[str, str] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=count)

    def shortened(self, data: bytes) -> bytes:
        """Return what stands in for *data*: themselves, unless they are a large picture, or a text that is one."""
        if len(data) < _LARGE:
            return data
        if kind_of(data):
            mark = self._mark(base64.b64encode(data[_HEAD:]).decode())
            return data[:_HEAD] + base64.b64decode(mark)
        return self.shortened_text(data.decode()).encode() if data.isascii() else data

    def shortened_text(self, text: str) -> str:
        """Return what stands in for *text*: itself, unless it is a large picture in base64."""
        match = _PLAIN_BASE64.fullmatch(text) if len(text) >= _LARGE else None
        if match is None or len(match[2]) % _CHUNK or not kind_in(match[2]):
            return text
        return f"{match[1] or ''}{match[2][:_HEAD_BASE64]}{self._mark(match[2][_HEAD_BASE64:])}"

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
        mark = f"matteproof{next(self._numbers):022d}"
        self._rests[mark] = rest
        return mark
