"""Real image work: decode, orient, matte, lay out, watermark, encode. The libraries are loaded at the first picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.behaviour import Recipe, Rendering

__all__ = ["render", "restored", "shown", "thumbnail"]

_THUMBNAIL = 96
"""The longer side of a thumbnail, in pixels."""
_MOST_PIXELS = 32_000_000
"""Of a BMP file, which is decoded whole for a thumbnail, and of a TIFF file that is to be shown."""
_SHOWN = 4096
"""The longer side of a picture that is shown in another form, in pixels."""


def render(source: bytes, recipe: Recipe) -> Rendering:
    """Follow *recipe* with the encoded picture *source*; may be called from several threads.

    Raises:
        ImageError: no picture can be made of it.
    """
    from mockserver.imaging.rendering import make  # noqa: PLC0415  libvips and numpy take long to load

    return make(source, recipe)


def restored(delta: bytes, source: bytes, recipe: Recipe) -> bytes:
    """Return as PNG the whole result of which *delta* was made, from the encoded picture *source* with *recipe*.

    Raises:
        ImageError: one of the two cannot be read, or their sizes differ.
    """
    from mockserver.imaging.restoring import restore  # noqa: PLC0415  see above

    return restore(delta, source, recipe)


def thumbnail(picture: bytes) -> bytes:
    """Return the encoded *picture* as a small JPEG, or nothing if it cannot be read."""
    from mockserver.imaging.libvips import Error, Image  # noqa: PLC0415  see above

    if picture.startswith(b"BM"):
        return _thumbnail_of_bmp(picture)
    try:
        image = Image.thumbnail_buffer(picture, _THUMBNAIL, size="down", fail_on="none")
        if image.hasalpha():
            image = image.flatten(background=255)
        return bytes(image.jpegsave_buffer(Q=70, keep="none"))
    except Error:
        return b""


def shown(tiff: bytes) -> bytes:
    """Return a *tiff* file as an upright PNG, smaller if it is very large, or nothing if it cannot be read."""
    from mockserver.imaging.libvips import Error, Image  # noqa: PLC0415  see above

    try:
        whole = Image.tiffload_buffer(tiff, access="sequential", fail_on="none")
        if whole.width * whole.height > _MOST_PIXELS:
            return b""
        image = Image.thumbnail_buffer(tiff, _SHOWN, size="down", fail_on="none")
        if image.interpretation != "srgb":
            image = image.colourspace("srgb")
        if image.format != "uchar":
            image = image.cast("uchar")
        return bytes(image.pngsave_buffer(compression=3, keep="none"))
    except Error:
        return b""


def _thumbnail_of_bmp(picture: bytes) -> bytes:
    """Return the same of a BMP file, which the libvips wheel cannot read."""
    import io  # noqa: PLC0415  see above

    from PIL import Image  # noqa: PLC0415  see above

    try:
        with Image.open(io.BytesIO(picture), formats=("BMP",)) as image:
            if image.width * image.height > _MOST_PIXELS:
                return b""
            small = image.convert("RGB")
        small.thumbnail((_THUMBNAIL, _THUMBNAIL))
        written = io.BytesIO()
        small.save(written, "JPEG", quality=70)
        return written.getvalue()
    except Exception:  # noqa: BLE001  Pillow's decoders raise whatever they stumble over
        return b""
