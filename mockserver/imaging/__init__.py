"""Real image work: decode, orient, matte, lay out, watermark, encode. The libraries are loaded at the first picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.behaviour import Recipe, Rendering

__all__ = ["render"]


def render(source: bytes, recipe: Recipe) -> Rendering:
    """Follow *recipe* with the encoded picture *source*; may be called from several threads.

    Raises:
        ImageError: no picture can be made of it.
    """
    from mockserver.imaging.rendering import make  # noqa: PLC0415  libvips and numpy take long to load

    return make(source, recipe)
