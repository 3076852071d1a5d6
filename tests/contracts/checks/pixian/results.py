"""Results made by hand, as a server with another matting could make them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from contracts.strategies import draw
from tests.contracts.checks.pixian.exchanges import answer
from tests.mutants.changes import with_header

if TYPE_CHECKING:
    import numpy.typing as npt

    from contracts.model import Response
    from contracts.strategies import Drawing

    Box = tuple[int, int, int, int]
    Pixels = npt.NDArray[np.uint8]


def cut_out(drawing: Drawing, *, grown: int = 0, halo: int = 0) -> Pixels:
    """Return the upright picture without its background.

    The foreground is *grown* by some pixels, and has a faint *halo* of some more.
    """
    with Image.open(io.BytesIO(draw(drawing).data)) as image:
        pixels = np.array(image.convert("RGBA"))
    top, left, width, height = drawing.box
    alpha = np.zeros(pixels.shape[:2], np.uint8)
    for more, level in ((grown + halo, 40), (grown, 255)):
        alpha[max(0, top - more) : top + height + more, max(0, left - more) : left + width + more] = level
    pixels[:, :, 3] = alpha
    pixels[alpha == 0] = 0
    return pixels


def box_of(pixels: Pixels) -> Box:
    """Return top, left, width and height of what is not transparent, four times nothing if all is."""
    if not pixels[:, :, 3].any():
        return 0, 0, 0, 0
    rows, columns = np.flatnonzero(pixels[:, :, 3].any(axis=1)), np.flatnonzero(pixels[:, :, 3].any(axis=0))
    return int(rows[0]), int(columns[0]), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1


def framed(pixels: Pixels, top: int, right: int, bottom: int, left: int) -> Pixels:
    """Return *pixels* with transparent space around them."""
    return np.pad(pixels, ((top, bottom), (left, right), (0, 0)))


def stamped(pixels: Pixels) -> Pixels:
    """Return *pixels* with a small watermark across the middle."""
    changed = pixels.copy()
    middle = changed.shape[0] // 2
    changed[middle : middle + 3, ::2] = (250, 250, 250, 255)
    return changed


def served(drawing: Drawing, pixels: Pixels, kind: str = "png", *, test: bool = True, quality: int = 75) -> Response:
    """Return *pixels* as an answer; the boxes in its header fields are those of *drawing* and *pixels*."""
    buffer = io.BytesIO()
    image = Image.fromarray(pixels)
    (image.convert("RGB") if kind == "jpeg" else image).save(buffer, kind.upper(), quality=quality)
    price = [("x-credits-charged", "0" if test else "0.01"), *([("x-credits-calculated", "0.01")] if test else [])]
    return answer(
        200,
        buffer.getvalue(),
        *price,
        ("x-input-orientation", str(drawing.orientation)),
        ("x-input-size", f"{drawing.width} {drawing.height}"),
        ("x-result-size", f"{pixels.shape[1]}  {pixels.shape[0]}"),
        ("x-input-foreground", _words(drawing.box)),
        ("x-result-foreground", _words(box_of(pixels))),
        kind=f"image/{kind}",
    )


def stating(response: Response, *, before: Box | None = None, after: Box | None = None) -> Response:
    """Return *response* with other boxes of the foreground in the input, and in the result."""
    for name, box in (("x-input-foreground", before), ("x-result-foreground", after)):
        if box is not None:
            response = with_header(response, name, _words(box))
    return response


def _words(numbers: Box) -> str:
    return " ".join(map(str, numbers))
