"""A picture of nearly 10 MB, and a body that is larger than servers read."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

from contracts.cases import Campaign
from contracts.providers.xty.campaigns.conversation import (
    PLAIN,
    body,
    case,
    chat,
    image,
    image_at,
    paid,
    plain,
    text,
)
from contracts.strategies import Picture, draw

if TYPE_CHECKING:
    from contracts.cases import Case

_SIDE = 1800
"""Pixels a side that make 9.7 MB, three bytes each."""
_BEYOND = 34_000_000
"""Bytes of a body: more than 32 MiB."""


def _cases() -> tuple[Case, ...]:
    return (
        case("a picture of 9.7 MB", plain(), paid(chat(body(text(), image(_of_ten_megabytes())))), anywhere=False),
        case("a body of 34 MB", paid(chat(body(image_at("A" * _BEYOND)))), anywhere=False),
    )


@cache
def _of_ten_megabytes() -> Picture:
    """Return a plain picture as a PNG that is not compressed."""
    from PIL import Image  # noqa: PLC0415  only drawing needs it

    buffer = io.BytesIO()
    with Image.open(io.BytesIO(draw(PLAIN).data)) as small:
        wide: Any = small.resize((_SIDE, _SIDE), Image.Resampling.NEAREST)
    wide.save(buffer, "PNG", compress_level=0)
    return Picture(PLAIN, buffer.getvalue())


CAMPAIGN = Campaign("large", "large pictures and bodies", ("image.ten-megabytes", "error.body-too-large"), _cases)
