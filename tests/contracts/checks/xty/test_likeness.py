"""Results and the pictures that they were made of: what a server is free to do, and what it is not."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from contracts.strategies import Drawing, draw
from tests.contracts.checks.xty.exchanges import answer, ask, completion, fetch, judged, right

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from tests.contracts.checks.found import Found

    Pixels = npt.NDArray[np.uint8]

RULE = "result.subject"
DRAWING = Drawing(width=96, height=72, left=30, bottom=25, mark=(30, 60, 150))
OTHER = Drawing(width=96, height=72, left=30, bottom=25, foreground=(30, 90, 40), mark=(90, 20, 110))
TALL = Drawing(width=96, height=72, left=40, right=40, top=15, bottom=15, mark=(30, 60, 150))
ASKED = (ask(right(draw(DRAWING), "请去除这张图片的背景")), completion())
WRONG: dict[str, Callable[[Pixels], Pixels]] = {
    "mirrored": lambda pixels: pixels[:, ::-1],
    "upside down": lambda pixels: pixels[::-1],
    "blue for red": lambda pixels: pixels[:, :, [2, 1, 0, 3]],
    "black": lambda pixels: pixels * np.array([0, 0, 0, 1], np.uint8),
}


def _cut(drawing: Drawing = DRAWING) -> Pixels:
    """Return *drawing* without its background."""
    with Image.open(io.BytesIO(draw(drawing).data)) as image:
        pixels = np.array(image.convert("RGBA"))
    top, left, width, height = drawing.box
    alpha = np.zeros(pixels.shape[:2], np.uint8)
    alpha[top : top + height, left : left + width] = 255
    return np.dstack([pixels[:, :, :3], alpha])


def _cropped(drawing: Drawing = DRAWING, *, space: int = 3) -> Pixels:
    """Return the foreground of *drawing* with some *space* around it."""
    top, left, width, height = drawing.box
    return _cut(drawing)[top - space : top + height + space, left - space : left + width + space]


def _scaled(pixels: Pixels, scale: float) -> Pixels:
    size = round(pixels.shape[1] * scale), round(pixels.shape[0] * scale)
    return np.array(Image.fromarray(np.ascontiguousarray(pixels)).resize(size, Image.Resampling.LANCZOS))


def _judged(pixels: Pixels) -> Found:
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "PNG")
    return judged(ASKED, (fetch(), answer(200, buffer.getvalue(), "image/png")))


@pytest.mark.parametrize("scale", [0.4, 0.5, 1.0, 1.7, 3.0])
def test_a_result_may_be_scaled_and_cropped(scale: float) -> None:
    """Nobody documents how large a result is, nor how much space there is around the subject."""
    for pixels in (_cut(), _cropped(), _cropped(space=1), np.pad(_cut(), ((9, 0), (0, 30), (0, 0)))):
        seen = _judged(_scaled(pixels, scale))
        assert RULE in seen.kept
        assert RULE not in seen.broken


@pytest.mark.parametrize("drawing", [OTHER, TALL], ids=["other colours", "another shape"])
@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_the_result_of_another_picture_is_found_out(drawing: Drawing, scale: float) -> None:
    """Its colours or its shape are others, whatever its size is."""
    assert RULE in _judged(_scaled(_cropped(drawing), scale)).broken


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_another_subject_is_found_out(change: Callable[[Pixels], Pixels]) -> None:
    """Turned, or in other colours."""
    assert RULE in _judged(change(_cropped())).broken


def test_an_odd_pixel_does_not_move_the_subject() -> None:
    """Matting may leave specks."""
    specked = _cut().copy()
    specked[2, 2] = 255
    assert RULE not in _judged(specked).broken


def test_a_palette_changes_no_colour_much() -> None:
    """Results may be written with few colours."""
    buffer = io.BytesIO()
    Image.fromarray(_cut()).quantize(64, method=Image.Quantize.FASTOCTREE).save(buffer, "PNG")
    assert RULE not in judged(ASKED, (fetch(), answer(200, buffer.getvalue(), "image/png"))).broken
