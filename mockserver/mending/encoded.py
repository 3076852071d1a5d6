"""Pictures in base64."""

from __future__ import annotations

import base64
import re
from typing import NamedTuple

from mockserver.imaging.kinds import kind_of

HEAD = 64
"""Characters of base64 that tell what a picture is; a multiple of 4."""
_PREFIX = re.compile(r"data:[^,]{0,200},", re.IGNORECASE)
_DIGITS = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_CHUNK = 4


class Encoded(NamedTuple):
    """A picture as ``digits`` of base64, without blanks and line breaks, after a ``prefix``: of a URL, or nothing."""

    prefix: str
    digits: str

    @property
    def is_whole(self) -> bool:
        """Whether the digits are nothing but base64, and complete."""
        return len(self.digits) % _CHUNK == 0 and _DIGITS.fullmatch(self.digits) is not None

    @property
    def kind(self) -> str:
        """Of which kind the picture is."""
        return kind_in(self.digits)


def encoded_in(text: str) -> Encoded | None:
    """Return the picture that *text* is in base64, a ``data:`` URL or not; ``None`` if it does not begin like one."""
    match = _PREFIX.match(text)
    prefix = match[0] if match else ""
    rest = text[len(prefix) :]
    if not kind_in("".join(rest[: 2 * HEAD].split())):
        return None
    return Encoded(prefix, "".join(rest.split()))


def kind_in(text: str) -> str:
    """Return of which kind the picture is that *text* is in base64; nothing if it is none."""
    try:
        return kind_of(base64.b64decode(text[:HEAD], validate=True))
    except ValueError:
        return ""
