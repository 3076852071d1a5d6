"""From an encoded picture to upright pixels. Sizes are read and judged before any memory is taken for pixels."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, replace
from functools import partial
from math import sqrt
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from contracts.behaviour import ImageError, Trouble
from mockserver.imaging.kinds import kind_of
from mockserver.imaging.libvips import Error, Image, reason
from mockserver.imaging.matting.arrays import WORD
from mockserver.imaging.matting.cutout import SMALLER
from mockserver.imaging.threads import helpers

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.behaviour import Recipe, Size
    from mockserver.imaging.matting.arrays import Pixels

_T = TypeVar("_T")

_UPRIGHT = 1
_SWAPS_SIDES = 5
"""From this EXIF orientation on, the upright picture has the stored one's height as its width."""
_ORIENTATIONS = range(1, 9)
_BANDS = 4
_GREY_BANDS = 2
_LONGEST_SIDE = 65_500
"""Pixels; more than any camera has. Decoders hold several rows at a time, so that memory follows the width."""
_MOST_BANDS = 5
"""Cyan, magenta, yellow, black and alpha."""
_SHRINKS_ON_LOAD = (8, 4, 2)
_BMP_CORE_HEADER = 12
_LARGE = 500_000
"""Pixels from which on it pays to do two things at a time."""
_LARGEST_PROFILE = 1 << 20
"""Bytes; those of cameras and screens have a few thousand."""
_HARMLESS = ("Invalid SOS parameters", "Unknown Adobe color transform", "extraneous bytes", '"Orientation" tag')
"""Warnings of the JPEG and TIFF decoders about files that every viewer shows: cameras write them."""
_STRICT = {"jpeg": "warning"}
"""What counts as damage: only the JPEG decoder goes on after damage, the others warn of unusual tags and profiles."""
_LENIENT = {"tiff": "none"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of which the size is known and the rest is being decoded.

    ``input_size`` is the size of the upright picture, ``size`` that of its pixels, which are scaled down if the recipe
    asks for it. ``subsampled`` tells that colour may be kept at a lower resolution than brightness. ``translucent``
    tells that the picture brings transparency of its own. ``profile`` is the ICC profile by which its colours are
    meant. ``pixels`` waits for the pixels: upright, 8 bits a channel; ``small``, if there is a quick way to it, returns
    the picture at an eighth of its size, or ``None`` if it is damaged. ``pixels`` may raise an ImageError.
    """

    orientation: int
    input_size: Size
    size: Size
    subsampled: bool
    translucent: bool
    profile: bytes | None
    pixels: Callable[[], Pixels]
    small: Callable[[], Image | None] | None = None


@dataclass(frozen=True, slots=True)
class _File:
    """Encoded data of a known kind, and what its decoder is to take for damage."""

    data: bytes
    kind: str
    lenient: bool = False

    def load(self, **options: int | str) -> Image:
        """Return the picture with its header read."""
        loaders = {
            "gif": Image.gifload_buffer,
            "jpeg": Image.jpegload_buffer,
            "png": Image.pngload_buffer,
            "tiff": Image.tiffload_buffer,
            "webp": Image.webpload_buffer,
        }
        fail_on = (_LENIENT if self.lenient else _STRICT).get(self.kind, "error")
        return loaders[self.kind](self.data, **{"access": "sequential", "fail_on": fail_on, **options})


def decode(data: bytes, recipe: Recipe) -> Picture:
    """Return the picture in *data*.

    Raises:
        ImageError: it is empty, of a kind that is not accepted, too large, or damaged.
    """
    kind = _kind(data)
    if kind not in recipe.accepted:
        accepted = ", ".join(sorted(recipe.accepted))
        raise ImageError(Trouble.FORMAT_NOT_ACCEPTED, f"It is a {kind} file; accepted are {accepted}.")
    file = _File(data, kind)
    return _carefully(file, lambda file: _begun(file, recipe))


def _carefully(file: _File, step: Callable[[_File], _T]) -> _T:
    """Do *step* with *file*; a warning of the decoder is damage, unless it is known to be harmless."""
    try:
        try:
            return step(file)
        except Error as error:
            if not any(text in str(error) for text in _HARMLESS):
                raise
            return step(replace(file, lenient=True))
    except Error as error:
        detail = f"The {file.kind} data is damaged or cut off: {reason(error)}."
        raise ImageError(Trouble.UNREADABLE, detail) from error


def _kind(data: bytes) -> str:
    """Return the kind of file that *data* begins like."""
    if not data:
        raise ImageError(Trouble.EMPTY, "The file is empty.")
    kind = kind_of(data)
    if not kind:
        raise ImageError(Trouble.UNREADABLE, "The data does not begin like a picture of any kind that is read.")
    return kind


def _open(file: _File, recipe: Recipe) -> Image:
    """Return the picture with its size known and its pixels not yet decoded."""
    if file.kind == "bmp":
        return _open_bmp(file.data, recipe)
    image = file.load()
    _check_size(image.width, image.height, recipe)
    if image.bands > _MOST_BANDS:
        raise ImageError(Trouble.UNREADABLE, f"It has {image.bands} channels; at most {_MOST_BANDS} are read.")
    return image


def _check_size(width: int, height: int, recipe: Recipe) -> None:
    if max(width, height) > _LONGEST_SIDE:
        detail = f"It is {width} x {height} pixels; a side of more than {_LONGEST_SIDE} is not read."
        raise ImageError(Trouble.TOO_MANY_PIXELS, detail)
    if width * height > recipe.max_input_pixels:
        detail = f"It has {width} x {height} = {width * height} pixels; at most {recipe.max_input_pixels} are read."
        raise ImageError(Trouble.TOO_MANY_PIXELS, detail)


def _open_bmp(data: bytes, recipe: Recipe) -> Image:
    """Decode with Pillow, since the libvips wheel reads no BMP; the size is taken from the header first."""
    from PIL import Image as Pillow  # noqa: PLC0415  only this format needs it

    try:
        if struct.unpack_from("<I", data, 14)[0] == _BMP_CORE_HEADER:
            width, height = struct.unpack_from("<HH", data, 18)
        else:
            width, height = struct.unpack_from("<ii", data, 18)
        _check_size(abs(width), abs(height), recipe)
        pixels = np.asarray(Pillow.open(io.BytesIO(data), formats=("BMP",)).convert("RGBA"))
    except ImageError:
        raise
    except Exception as error:  # Pillow's decoders raise whatever they stumble over
        raise ImageError(Trouble.UNREADABLE, f"The bmp data is damaged or cut off: {error}.") from error
    return Image.new_from_array(np.ascontiguousarray(pixels), interpretation="srgb")


def _begun(file: _File, recipe: Recipe) -> Picture:
    """Return the picture in *file* with its header read; large JPEG files go on being decoded in another thread."""
    image = _open(file, recipe)
    orientation = _orientation(image)
    stored = (image.width, image.height)
    working = _working_size(stored, recipe)
    input_size, size = (pair if orientation < _SWAPS_SIDES else pair[::-1] for pair in (stored, working))
    large_jpeg = file.kind == "jpeg" and working == stored and stored[0] * stored[1] >= _LARGE

    def pixels() -> Pixels:
        return _carefully(
            file, lambda again: _developed(image if again is file else _open(again, recipe), again, working)
        )

    return Picture(
        orientation=orientation,
        input_size=input_size,
        size=size,
        subsampled=file.kind in {"jpeg", "webp"},
        translucent=_coloured(image).bands == _BANDS,
        profile=_profile(image),
        pixels=helpers().submit(pixels).result if large_jpeg else pixels,
        small=partial(_small, file) if large_jpeg else None,
    )


def _developed(image: Image, file: _File, size: Size) -> Pixels:
    """Return the pixels of *image*, the beginning of *file*: scaled to *size*, upright, red, green, blue and alpha."""
    if (image.width, image.height) != size:
        image = _shrunk(image, file, size)
    image = _coloured(image)
    if image.bands < _BANDS:
        image = image.bandjoin(255)
    image = _upright(image)
    return np.frombuffer(image.write_to_memory(), WORD).reshape(image.height, image.width)


def _small(file: _File) -> Image | None:
    """Return the picture in a JPEG *file*, upright, at an eighth of its size; what is wrong is for others to find."""
    try:
        return _upright(_coloured(file.load(shrink=SMALLER, fail_on="none")).bandjoin(255))
    except Error:
        return None


def _upright(image: Image) -> Image:
    """Return *image* turned as its EXIF orientation says."""
    return image if _orientation(image) == _UPRIGHT else image.copy_memory().autorot()


def _profile(image: Image) -> bytes | None:
    """Return the ICC profile of *image*, if it looks like one and is about red, green and blue."""
    if image.bands <= _GREY_BANDS or image.get_typeof("icc-profile-data") == 0:
        return None
    profile = bytes(image.get("icc-profile-data"))
    fits = len(profile) <= _LARGEST_PROFILE and profile[16:20] == b"RGB " and profile[36:40] == b"acsp"
    return profile if fits else None


def _orientation(image: Image) -> int:
    if image.get_typeof("orientation") == 0:
        return _UPRIGHT
    orientation = int(image.get("orientation"))
    return orientation if orientation in _ORIENTATIONS else _UPRIGHT


def _working_size(stored: Size, recipe: Recipe) -> Size:
    """Return the size to work at: the stored one, or one of the same shape within the limit."""
    width, height = stored
    if width * height <= recipe.shrink_to_pixels:
        return stored
    if not recipe.may_shrink:
        detail = f"It has {width} x {height} pixels, and max_pixels is {recipe.shrink_to_pixels}."
        raise ImageError(Trouble.WOULD_SHRINK, detail)
    scale = sqrt(recipe.shrink_to_pixels / (width * height))
    narrow = max(1, int(width * scale))
    return narrow, max(1, min(int(height * scale), recipe.shrink_to_pixels // narrow))


def _shrunk(image: Image, file: _File, size: Size) -> Image:
    """Return *image* scaled down to *size*; a JPEG is decoded at a fraction of its size where that suffices."""
    width, height = size
    if file.kind == "jpeg":
        for factor in _SHRINKS_ON_LOAD:
            if image.width >= width * factor and image.height >= height * factor:
                image = file.load(shrink=factor)
                break
    image = _coloured(image)
    if image.bands == _BANDS:
        image = image.premultiply()
    image = image.resize(width / image.width, vscale=height / image.height, kernel="linear")
    if image.bands == _BANDS:
        image = image.unpremultiply()
    return image.rint().cast("uchar").copy(interpretation="srgb")


def _coloured(image: Image) -> Image:
    """Return *image* in sRGB with 8 bits a channel, and alpha where it has some."""
    if image.interpretation == "cmyk" and image.get_typeof("icc-profile-data"):
        image = image.icc_transform("srgb")
    if image.interpretation != "srgb":
        image = image.colourspace("srgb")
    if image.bands > _BANDS:
        image = image.extract_band(0, n=_BANDS)
    return image if image.format == "uchar" else image.cast("uchar")
