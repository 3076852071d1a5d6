"""Pictures in base64."""

from __future__ import annotations

import base64

from mockserver.imaging.kinds import kind_of

_HEAD = 64
"""Characters of base64 that tell what a picture is; a multiple of 4."""


def kind_in(text: str) -> str:
    """Return of which kind the picture is that *text* is in base64; nothing if it is none."""
    try:
        return kind_of(base64.b64decode(text[:_HEAD], validate=True))
    except ValueError:
        return ""
