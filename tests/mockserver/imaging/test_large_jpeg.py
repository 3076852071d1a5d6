"""Large JPEG files, of which a small version is judged while the pixels are decoded: as good as any other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw

from contracts.behaviour import ImageError, Recipe, Trouble
from mockserver.imaging import render
from pictures import encoded, pixels

if TYPE_CHECKING:
    from collections.abc import Callable

ANY = Recipe(frozenset({"jpeg", "png"}))
ORIENTATION = 0x0112


def scene(size: tuple[int, int], subsampling: int, orientation: int = 1) -> tuple[bytes, np.ndarray]:
    """Return a JPEG of a blob before a noisy slope, and the mask of the blob as it is stored."""
    width, height = size
    drawn = Image.new("1", size)
    ImageDraw.Draw(drawn).ellipse((width * 0.2, height * 0.1, width * 0.55, height * 0.6), fill=1)
    ImageDraw.Draw(drawn).rectangle((width * 0.4, height * 0.4, width * 0.8, height * 0.75), fill=1)
    truth = np.asarray(drawn, bool)
    ground = np.linspace(205, 235, width)[None, :, None] + np.zeros((height, width, 3))
    values = np.where(truth[..., None], np.array([40, 90, 60]), ground)
    values += np.random.default_rng(21).normal(0, 4, values.shape)
    picture = Image.fromarray(values.clip(0, 255).astype(np.uint8))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return encoded(picture, "JPEG", quality=88, subsampling=subsampling, exif=exif), truth


def overlap(found: np.ndarray, truth: np.ndarray) -> float:
    """Return the intersection over the union of two masks."""
    return float((found & truth).sum() / (found | truth).sum())


@pytest.mark.parametrize("subsampling", [0, 2])
@pytest.mark.parametrize(
    "size",
    [
        (1000, 620),
        (803, 1009),
        *(pytest.param(one, marks=pytest.mark.thorough) for one in [(2600, 1100), (3001, 2003)]),
    ],
)
def test_the_mask_is_right(size: tuple[int, int], subsampling: int) -> None:
    """Whatever the size is by which cells and the eighth part do not agree."""
    data, truth = scene(size, subsampling)
    assert overlap(pixels(render(data, ANY).data)[..., 3] >= 128, truth) >= 0.985


UPRIGHT: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    2: np.fliplr,
    3: lambda mask: np.rot90(mask, 2),
    6: lambda mask: np.rot90(mask, -1),
    8: np.rot90,
}
"""What turns the stored mask upright, by the meaning that the EXIF standard gives each value."""


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_the_mask_is_turned_with_the_picture(orientation: int) -> None:
    """The small version is turned as the large one is."""
    data, truth = scene((1000, 620), 2, orientation)
    assert overlap(pixels(render(data, ANY).data)[..., 3] >= 128, UPRIGHT[orientation](truth)) >= 0.985


def test_the_delta_fits_the_png() -> None:
    """Filled in with the pixels of the full result, the delta is that result."""
    data, _ = scene((1000, 620), 2)
    full, delta = (pixels(render(data, recipe).data) for recipe in (ANY, replace(ANY, encoding="delta_png")))
    untouched = (delta == [255, 255, 255, 0]).all(axis=-1)
    assert untouched.sum() > 100_000
    assert (full[untouched][:, 3] == 255).all()
    assert (np.where(untouched[..., None], full, delta) == full).all()


@pytest.mark.parametrize("kept", [0.02, 0.3, 0.99])
def test_a_file_that_is_cut_off_is_refused(kept: float) -> None:
    """However much of it there is."""
    data, _ = scene((1000, 620), 2)
    with pytest.raises(ImageError, match="damaged or cut off") as caught:
        render(data[: int(len(data) * kept)], ANY)
    assert caught.value.trouble is Trouble.UNREADABLE


def test_nothing_but_noise_keeps_an_ellipse() -> None:
    """Where neither the small nor the large version shows anything, something is left all the same."""
    values = np.random.default_rng(22).normal(128, 9, (700, 900, 3)).clip(0, 255).astype(np.uint8)
    alpha = pixels(render(encoded(Image.fromarray(values), "JPEG"), ANY).data)[..., 3]
    assert alpha[350, 450] == 255
    assert alpha[0, 0] == 0
