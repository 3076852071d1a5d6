"""The way back from a delta, and the picture that it was made of, to the whole result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contracts.behaviour import ImageError, Trouble
from mockserver.imaging.decode import decode
from mockserver.imaging.delta import fill_in
from mockserver.imaging.encode import encode

if TYPE_CHECKING:
    from contracts.behaviour import Recipe, Size

_PNG = frozenset({"png"})


def restore(delta: bytes, source: bytes, recipe: Recipe) -> bytes:
    """Return as PNG what *recipe* would have made of *source* without marks for the input's pixels.

    Raises:
        ImageError: one of the two cannot be read, or their sizes differ.
    """
    marked = decode(delta, replace(recipe, accepted=_PNG))
    original = decode(source, recipe)
    if marked.size != original.size:
        detail = f"It has {_told(marked.size)} pixels, and the input has {_told(original.size)}."
        raise ImageError(Trouble.UNREADABLE, detail)
    pixels = marked.pixels()
    fill_in(pixels, original.pixels())
    data, _ = encode(pixels, replace(recipe, encoding="png", background=None), original.profile)
    return data


def _told(size: Size) -> str:
    return f"{size[0]} x {size[1]}"
