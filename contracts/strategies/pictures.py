"""Pictures with a known foreground: a clear shape on a plain, perhaps noisy background."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Colour = tuple[int, int, int]

KINDS = ("png", "jpeg", "bmp", "gif", "tiff", "webp")
"""File types that can be written; not every provider reads all of them."""
MOST_NOISE = 2.5
"""Standard deviations by which noise is off at most: a single odd pixel could be taken for foreground, and rightly."""
_ORIENTATION = 0x0112
_ORIENTED = frozenset({"png", "jpeg", "tiff", "webp"})
"""File types with an EXIF orientation."""
_DARKEST_BACKGROUND, _LIGHTEST_FOREGROUND = 215, 110


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a picture shows, upright, and the file it is put into.

    ``width`` and ``height`` are in pixels. The shape, ``rectangle`` or ``ellipse``, fills a box of which ``top``,
    ``left``, ``bottom`` and ``right`` are the distances from the picture's edges, in percent of its height or width.
    ``mark`` is the colour of the shape's upper left quarter, by which turned and mirrored pictures are known, or
    ``None``: that of the rest. ``softness`` is over how many pixels the shape's edge fades into the background.
    ``noise`` is the standard deviation of every pixel, in levels of 255; no pixel is off by more than
    :data:`MOST_NOISE` times that. ``kind`` is one of :data:`KINDS`, ``mode`` that of Pillow (``RGB L P RGBA``),
    ``orientation`` the EXIF tag, 1 to 8.
    """

    width: int = 64
    height: int = 48
    shape: str = "rectangle"
    top: int = 20
    left: int = 20
    bottom: int = 20
    right: int = 20
    foreground: Colour = (200, 30, 40)
    background: Colour = (240, 240, 240)
    mark: Colour | None = None
    softness: int = 0
    noise: int = 0
    kind: str = "png"
    mode: str = "RGB"
    orientation: int = 1
    quality: int = 95

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Top, left, width and height of the shape's box, in pixels of the upright picture."""
        top, left = self.height * self.top // 100, self.width * self.left // 100
        right, bottom = self.width - self.width * self.right // 100, self.height - self.height * self.bottom // 100
        return top, left, right - left, bottom - top

    def with_kind(self, kind: str) -> Drawing:
        """Return the same drawing in a file of another *kind*, as upright and in such a mode as that has to be."""
        mode = self.mode if self.mode in _modes(kind) else _modes(kind)[0]
        return replace(self, kind=kind, mode=mode, orientation=self.orientation if kind in _ORIENTED else 1)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, and the bytes of its file."""

    drawing: Drawing
    data: bytes

    @property
    def media_type(self) -> str:
        """The media type of the file."""
        return f"image/{self.drawing.kind}"

    @property
    def filename(self) -> str:
        """A name for the file."""
        return f"picture.{self.drawing.kind}"

    def __repr__(self) -> str:
        """Show the drawing, which says it all."""
        return f"draw({self.drawing})"


_BAND = 256
"""Rows that are painted at a time."""


@lru_cache(maxsize=256)
def draw(drawing: Drawing) -> Picture:
    """Return *drawing* as a file; the same drawing is always the same bytes."""
    from PIL import Image  # noqa: PLC0415  only drawing needs it

    image: Any = Image.fromarray(_turned_back(_painted(drawing), drawing.orientation))
    if drawing.mode == "RGBA":
        image.putalpha(255)
    elif drawing.mode == "P":
        image = image.quantize(colors=64)
    elif drawing.mode != "RGB":
        image = image.convert(drawing.mode)
    buffer = io.BytesIO()
    options = _options(drawing)
    if drawing.orientation > 1:
        exif = Image.Exif()
        exif[_ORIENTATION] = drawing.orientation
        options["exif"] = exif
    image.save(buffer, drawing.kind.upper(), **options)
    return Picture(drawing, buffer.getvalue())


def drawings(
    *,
    kinds: Sequence[str] = ("png", "jpeg"),
    shortest: int = 24,
    longest: int = 160,
    orientations: Sequence[int] = (1, 2, 3, 4, 5, 6, 7, 8),
) -> st.SearchStrategy[Drawing]:
    """Return a strategy for drawings with sides of *shortest* to *longest* pixels; they shrink to small, plain ones."""
    return _drawings(tuple(kinds), shortest, longest, tuple(orientations))


def pictures(
    *,
    kinds: Sequence[str] = ("png", "jpeg"),
    shortest: int = 24,
    longest: int = 160,
    orientations: Sequence[int] = (1, 2, 3, 4, 5, 6, 7, 8),
) -> st.SearchStrategy[Picture]:
    """Return a strategy for pictures; the arguments are those of :func:`drawings`."""
    return drawings(kinds=kinds, shortest=shortest, longest=longest, orientations=orientations).map(draw)


@st.composite
def _drawings(
    draw_from: st.DrawFn, kinds: tuple[str, ...], shortest: int, longest: int, orientations: tuple[int, ...]
) -> Drawing:
    width, height = draw_from(st.integers(shortest, longest)), draw_from(st.integers(shortest, longest))
    kind = draw_from(st.sampled_from(kinds))
    dark, light = st.integers(0, _LIGHTEST_FOREGROUND), st.integers(_DARKEST_BACKGROUND, 255)
    top, left = draw_from(st.integers(15, 45)), draw_from(st.integers(15, 45))
    return Drawing(
        width=width,
        height=height,
        shape=draw_from(st.sampled_from(["rectangle", "ellipse"])),
        top=top,
        left=left,
        bottom=draw_from(st.integers(15, 75 - top)),
        right=draw_from(st.integers(15, 75 - left)),
        foreground=draw_from(st.tuples(dark, dark, dark)),
        background=draw_from(st.tuples(light, light, light)),
        mark=draw_from(st.none() | st.tuples(dark, dark, dark)),
        noise=draw_from(st.integers(0, 4)),
        kind=kind,
        mode=draw_from(st.sampled_from(_modes(kind))),
        orientation=draw_from(st.sampled_from(orientations)) if kind in _ORIENTED else 1,
    )


def _options(drawing: Drawing) -> dict[str, Any]:
    """Return the options for Pillow to write *drawing* with."""
    if drawing.kind == "png":
        return {"compress_level": 1}  # quick, and large pictures are plain
    return {"quality": drawing.quality} if drawing.kind in {"jpeg", "webp"} else {}


def _modes(kind: str) -> list[str]:
    """Return the modes that files of *kind* are written in."""
    return {"png": ["RGB", "L", "P", "RGBA"], "gif": ["P"], "tiff": ["RGB", "L", "P"]}.get(kind, ["RGB"])


def _painted(drawing: Drawing) -> npt.NDArray[np.uint8]:
    """Return the upright pixels of *drawing*, shape (height, width, 3)."""
    pixels = np.empty((drawing.height, drawing.width, 3), np.uint8)
    random = np.random.default_rng(0)
    for first in range(0, drawing.height, _BAND):
        rows = np.arange(first, min(drawing.height, first + _BAND))
        pixels[rows] = _band(drawing, rows, random).clip(0, 255)
    return pixels


def _band(drawing: Drawing, rows: npt.NDArray[np.int_], random: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return the colours of some *rows* of *drawing*; in exact numbers a large picture would take a gigabyte."""
    pixels = np.full((rows.size, drawing.width, 3), drawing.background, np.float32)
    top, left, width, height = drawing.box
    within = (rows >= top) & (rows < top + height)
    if within.any():
        shape = rows[within] - top
        place = within, slice(left, left + width)
        opacity = _opacity(drawing, width, height, shape)[:, :, None]
        pixels[place] += opacity * (_colours(drawing, width, height, shape) - pixels[place])
    if drawing.noise:
        most = MOST_NOISE * drawing.noise
        pixels += random.normal(0, drawing.noise, pixels.shape[:2]).clip(-most, most)[:, :, None]
    return pixels


def _colours(drawing: Drawing, width: int, height: int, rows: npt.NDArray[np.int_]) -> npt.NDArray[np.float32]:
    """Return the colours of the shape in *drawing*, in some *rows* of a box of *width* x *height*."""
    colours = np.full((rows.size, width, 3), drawing.foreground, np.float32)
    if drawing.mark is not None:
        colours[rows < height // 2, : width // 2] = drawing.mark
    return colours


def _opacity(drawing: Drawing, width: int, height: int, rows: npt.NDArray[np.int_]) -> npt.NDArray[np.float32]:
    """Return how much the shape in *drawing* covers of each pixel in *rows* of a box of *width* x *height*: 0 to 1."""
    down = (rows[:, None] + 0.5) / height * 2 - 1
    across = (np.arange(width)[None, :] + 0.5) / width * 2 - 1
    if drawing.shape == "ellipse":
        inside = (1 - np.sqrt(down**2 + across**2)) * min(width, height) / 2
    else:
        inside = np.minimum((1 - np.abs(down)) * height / 2, (1 - np.abs(across)) * width / 2)
    if drawing.softness:
        return np.asarray((inside / drawing.softness).clip(0, 1), np.float32)
    return np.asarray(inside >= 0, np.float32)


def _turned_back(pixels: npt.NDArray[np.uint8], orientation: int) -> npt.NDArray[np.uint8]:
    """Return upright *pixels* as they are stored in a file with the EXIF *orientation*."""
    if orientation in {5, 6, 7, 8}:
        pixels = pixels.transpose(1, 0, 2)
    across, down = orientation in {2, 3, 7, 8}, orientation in {3, 4, 6, 7}
    return np.ascontiguousarray(pixels[:: -1 if down else 1, :: -1 if across else 1])
