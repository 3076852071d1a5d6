"""Pictures as checks see them: decoded by Pillow, upright, with what is surely foreground and surely background.

The mock decodes and encodes with libvips, so that a mistake of one library does not hide in the other.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL.Image import Image

    Mask = npt.NDArray[np.bool_]
    Pixels = npt.NDArray[np.uint8]

_MOST_PIXELS = 80_000_000
"""Pixels of a picture that is decoded: below what Pillow itself warns of."""
_MOST_KEPT = 250_000
"""Pixels of a picture that stays in memory; of a larger one mostly the size is enough."""
MOST_FOREIGN_PIXELS = 34_000_000
"""Pixels of somebody else's picture that are looked at: no provider makes more of them."""
_ORIENTATION = 0x0112
"""The EXIF tag."""
_EVEN = 14.0
"""Standard deviation, in levels of 255, of a border that counts as one plain colour."""
_NEAR, _FAR = 32.0, 80.0
"""Distance from the background's colour, in levels, within which a pixel is background, and from which foreground."""
_ODD = 24.0
"""Distance from the background's colour, in levels, up to which nobody takes a pixel for foreground."""
_MOST_UNSURE = 0.2
"""Share of pixels between the two, beside the foreground, in a picture that is still clear."""
_CORNER = 3
"""Neighbours of the corner of a rectangle that are in it, too, out of eight."""
_RING = 3
"""Pixels along a border between foreground and background that belong to neither for sure."""


class RasterError(ValueError):
    """The bytes are no whole picture; the text says why."""


class OutsizeError(RasterError):
    """The picture has too many pixels to look at; ``size`` is width and height, as its header has them."""

    def __init__(self, size: tuple[int, int]) -> None:
        """Say so."""
        super().__init__(f"it has {size[0]} x {size[1]} pixels, too many to look at")
        self.size = size


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels; ``top`` and ``left`` are 0 at the picture's upper left corner."""

    top: int
    left: int
    width: int
    height: int

    @property
    def bottom(self) -> int:
        """The first line below."""
        return self.top + self.height

    @property
    def right(self) -> int:
        """The first column to the right."""
        return self.left + self.width


@dataclass(frozen=True)
class Scene:
    """What of a picture is surely foreground and surely background, shape (height, width), and the foreground's box.

    The pixels next to the border between the two, and unclear ones, are neither. ``reach`` is the box of all that
    anybody could take for foreground, such as faint shadows and single odd pixels; it holds ``box``.
    """

    foreground: Mask
    background: Mask
    box: Box
    reach: Box


@dataclass(frozen=True, eq=False)
class Distant:
    """A picture that is known to be whole, and out of memory until its pixels are asked for; ``size`` is upright."""

    data: bytes
    mode: str
    size: tuple[int, int]
    is_turned: bool

    def convert(self, mode: str) -> Image:
        """Decode it anew, in *mode* of Pillow."""
        from PIL import Image, ImageOps  # noqa: PLC0415  only judging pictures needs it

        with warnings.catch_warnings(), Image.open(io.BytesIO(self.data)) as image:
            warnings.simplefilter("ignore")
            image.load()
            return (ImageOps.exif_transpose(image) if self.is_turned else image).convert(mode)


@dataclass(frozen=True, eq=False)
class Raster:
    """A decoded picture.

    ``kind`` is ``bmp gif jpeg png tiff webp``. ``orientation`` is the EXIF tag, 1 where there is none. ``stored`` is
    width and height as stored. ``has_alpha`` tells that the file has transparency at all. ``image`` is what Pillow has
    decoded, upright; of large pictures the way to decode them again.
    """

    kind: str
    orientation: int
    stored: tuple[int, int]
    has_alpha: bool
    image: Image | Distant

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, upright, in pixels."""
        return self.image.size

    @cached_property
    def pixels(self) -> Pixels:
        """The upright pixels: red, green, blue and alpha, shape (height, width, 4).

        They are made when they are asked for: of enormous pictures mostly the size is enough.
        """
        return np.asarray(self.image.convert("RGBA"))

    @property
    def alpha(self) -> Pixels:
        """The opacity of every pixel, shape (height, width)."""
        return self.pixels[:, :, 3]

    @cached_property
    def visible(self) -> Box | None:
        """The smallest box that holds every pixel that is not fully transparent."""
        return box_of(self.alpha > 0)

    @cached_property
    def scene(self) -> Scene | None:
        """What is clearly foreground and background, or ``None`` if the picture is not clear.

        It is clear if its border is of one plain colour, some of it is of clearly other colours, and little between.
        """
        if (self.alpha < 255).any() or min(self.size) < 8:
            return None
        colours = self.pixels[:, :, :3].astype(np.float32)
        border = np.concatenate([colours[:2].reshape(-1, 3), colours[-2:].reshape(-1, 3), *_sides(colours)])
        if border.std(axis=0).max() > _EVEN:
            return None
        distance = np.sqrt(((colours - np.median(border, axis=0)) ** 2).sum(axis=2))
        inside, outside = distance > _FAR, distance < _NEAR
        box = firm_box_of(inside)
        if box is None or np.count_nonzero(~inside & ~outside) > _MOST_UNSURE * np.count_nonzero(inside):
            return None
        return Scene(_eroded(inside), _eroded(outside), box, box_of(distance > _ODD) or box)


def decode(data: bytes, most_pixels: float = _MOST_PIXELS) -> Raster:
    """Return the whole picture in *data*.

    Raises:
        OutsizeError: it has more than *most_pixels*.
        RasterError: it is no picture, or a damaged or cut-off one.
    """
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415  only judging pictures needs it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which breaks no rule
            with Image.open(io.BytesIO(data)) as image:
                raster = _raster(_bounded(image, most_pixels), data)
    except RasterError:
        raise
    except UnidentifiedImageError as error:
        raise RasterError("the bytes are no picture of a known kind") from error
    except Exception as error:  # Pillow's decoders raise whatever they stumble over
        raise RasterError(f"the picture cannot be decoded to its end: {error}") from error
    if raster.kind == "png" and not _has_png_end(data):
        raise RasterError("the PNG has no end (IEND), so it is cut off")
    return raster


def box_of(mask: Mask) -> Box | None:
    """Return the smallest box that holds all of *mask*, or ``None`` if that is empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if rows.size == 0:
        return None
    top, left = int(rows[0]), int(columns[0])
    return Box(top, left, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top)


def firm_box_of(mask: Mask) -> Box | None:
    """Return the smallest box that holds all of *mask* but for odd pixels, or ``None`` if nothing is left."""
    return box_of(_without_specks(mask))


def _has_png_end(data: bytes) -> bool:
    """Tell whether the chunks of the PNG *data* lead to a whole IEND, without which Pillow is content as well."""
    place = 8
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        if data[place + 4 : place + 8] == b"IEND":
            return True
        place += length + 12
    return False


def _bounded(image: Image, most_pixels: float) -> Image:
    """Return *image*, of which only the header is read so far, unless it has more than *most_pixels*."""
    if image.width * image.height > most_pixels:
        raise OutsizeError(image.size)
    return image


def _raster(image: Image, data: bytes) -> Raster:
    from PIL import ImageOps  # noqa: PLC0415  see above

    orientation = image.getexif().get(_ORIENTATION, 1)
    orientation = orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1
    kind = (image.format or "").lower()
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    # Pillow itself turns some kinds while it reads them, so that the stored size follows from the upright one.
    image.load()
    image.crop((0, 0, 1, 1)).convert("RGBA")  # what has no such pixels is found out here, and not by a check
    upright = ImageOps.exif_transpose(image) if orientation > 1 else image
    is_small = upright.width * upright.height <= _MOST_KEPT
    return Raster(
        kind={"mpo": "jpeg"}.get(kind, kind),
        orientation=orientation,
        stored=upright.size[::-1] if orientation >= 5 else upright.size,
        has_alpha=has_alpha,
        image=upright if is_small else Distant(data, upright.mode, upright.size, orientation > 1),
    )


def _sides(colours: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return the outermost columns of *colours*, as lists of colours."""
    return colours[:, :2].reshape(-1, 3), colours[:, -2:].reshape(-1, 3)


def _without_specks(mask: Mask) -> Mask:
    """Return *mask* without what has fewer neighbours in it than a corner has: odd pixels, and ends of thin lines."""
    height, width = mask.shape
    wide = np.pad(mask, 1).astype(np.uint8)
    three = wide[:, :width] + wide[:, 1 : 1 + width] + wide[:, 2 : 2 + width]
    nine = three[:height] + three[1 : 1 + height] + three[2 : 2 + height]
    return np.asarray(mask & (nine > _CORNER))


def _eroded(mask: Mask) -> Mask:
    """Return *mask* without what is within a few pixels of what is not in it; the picture's edge takes nothing."""
    wide = np.pad(mask, _RING, constant_values=True)
    height, width = mask.shape
    kept = mask.copy()
    for shift in range(2 * _RING + 1):
        kept &= wide[shift : shift + height, _RING : _RING + width]
    wide = np.pad(kept, _RING, constant_values=True)
    eroded = kept.copy()
    for shift in range(2 * _RING + 1):
        eroded &= wide[_RING : _RING + height, shift : shift + width]
    return eroded
