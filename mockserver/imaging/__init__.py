"""Real image work: decode, orient, matte, lay out, watermark, encode. The libraries are loaded at the first picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.behaviour import Recipe, Rendering

__all__ = ["render", "thumbnail"]

_THUMBNAIL = 96
"""The longer side of a thumbnail, in pixels."""


def render(source: bytes, recipe: Recipe) -> Rendering:
    """Follow *recipe* with the encoded picture *source*; may be called from several threads.

    Raises:
        ImageError: no picture can be made of it.
    """
    from mockserver.imaging.rendering import make  # noqa: PLC0415  libvips and numpy take long to load

    return make(source, recipe)


def thumbnail(picture: bytes) -> bytes:
    """Return the encoded *picture* as a small JPEG, or nothing if it cannot be read."""
    from mockserver.imaging.libvips import Error, Image  # noqa: PLC0415  see above

    try:
        image = Image.thumbnail_buffer(picture, _THUMBNAIL, size="down", fail_on="none")
        if image.hasalpha():
            image = image.flatten(background=255)
        return bytes(image.jpegsave_buffer(Q=70, keep="none"))
    except Error:
        return b""
