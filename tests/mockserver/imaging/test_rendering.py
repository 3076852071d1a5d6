"""Results: delta PNG, watermark, colours, and many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from contracts.behaviour import Length, Margin, Recipe
from mockserver.imaging import render
from pictures import decoded, disc, encoded, pixels

PNG = Recipe(frozenset({"png", "jpeg"}))
DELTA = replace(PNG, encoding="delta_png", may_shrink=False)
SOURCE = encoded(disc((400, 300), (90, 60, 310, 240)))


@pytest.mark.parametrize("watermark", [None, "TEST"])
def test_a_delta_and_the_input_rebuild_the_result(watermark: str | None) -> None:
    """Where alpha is 0 and red is 255 the input's pixel belongs, else the delta's; with or without a watermark."""
    original = pixels(SOURCE)
    full = pixels(render(SOURCE, replace(PNG, watermark=watermark)).data)
    delta = pixels(render(SOURCE, replace(DELTA, watermark=watermark)).data)
    kept = (delta[..., 3] == 0) & (delta[..., 0] == 0xFF)
    assert kept.sum() > 10_000
    assert (np.where(kept[..., None], original, delta) == full).all()


def test_a_delta_of_a_turned_photograph_needs_the_upright_input() -> None:
    """The result has the size of the upright input, and its pixels rebuild the result."""
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(disc((90, 60), (20, 15, 60, 45)), "PNG", exif=exif)
    original = np.rot90(np.asarray(disc((90, 60), (20, 15, 60, 45)).convert("RGBA")), -1)
    full, delta = pixels(render(data, PNG).data), pixels(render(data, DELTA).data)
    kept = (delta[..., 3] == 0) & (delta[..., 0] == 0xFF)
    assert delta.shape == (90, 60, 4)
    assert (np.where(kept[..., None], original, delta) == full).all()


def test_a_delta_is_much_smaller() -> None:
    """Leaving the foreground out saves most of the file when the foreground is textured."""
    noise = np.random.default_rng(1).normal(0, 20, (300, 400, 3))
    mask = np.asarray(disc((400, 300), (90, 60, 310, 240)))[..., 1] < 100
    values = np.where(mask[..., None], 100 + noise, 235).clip(0, 255).astype(np.uint8)
    data = encoded(Image.fromarray(values))
    assert len(render(data, DELTA).data) < 0.3 * len(render(data, PNG).data)


def test_the_watermark_shows_on_the_object_and_beside_it() -> None:
    """It changes pixels of the foreground and makes pixels of the background visible, in every quarter."""
    plain, marked = pixels(render(SOURCE, PNG).data), pixels(render(SOURCE, replace(PNG, watermark="TEST")).data)
    changed = (np.abs(plain.astype(int) - marked).max(axis=2) > 25) & (marked[..., 3] > 60)
    for rows in (slice(0, 150), slice(150, 300)):
        for columns in (slice(0, 200), slice(200, 400)):
            assert changed[rows, columns].mean() > 0.02
    assert (changed & (plain[..., 3] == 0)).any()
    assert (changed & (plain[..., 3] == 255)).any()


@pytest.mark.parametrize("size", [(1, 1), (7, 500), (60, 40), (2000, 1500)])
def test_a_watermark_fits_any_size(size: tuple[int, int]) -> None:
    """From a single pixel to a large picture, size and boxes are as without it."""
    width, height = size
    data = encoded(disc(size, (width // 4, height // 4, width // 4 + width // 2 + 1, height // 4 + height // 2 + 1)))
    plain, marked = render(data, PNG), render(data, replace(PNG, watermark="TEST"))
    assert decoded(marked.data).size == size
    assert marked.result_foreground == plain.result_foreground


@pytest.mark.parametrize(
    "size", [(1, 1), (2, 1), (8, 8), (15, 15), (16, 16), (24, 17), (60, 20), (20_000, 1), (40, 40)]
)
@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (128, 60, 60)])
def test_a_watermark_shows_at_any_size(size: tuple[int, int], colour: tuple[int, int, int]) -> None:
    """A tenth of the pixels at least differ visibly from the result without it."""
    picture = encoded(Image.new("RGB", size, colour))
    plain, marked = (
        pixels(render(picture, recipe).data).astype(int) for recipe in (PNG, replace(PNG, watermark="TEST"))
    )
    assert (np.abs(plain - marked).max(axis=2) > 40).mean() >= 0.1


@pytest.mark.parametrize("watermark", [None, "TEST"])
def test_a_delta_of_a_simple_picture_is_smaller(watermark: str | None) -> None:
    """Also where the PNG itself is small, because there is nothing but even areas or noise."""
    values = np.full((300, 400, 3), (230.0, 228, 225))
    values[75:225, 100:300] = (30, 90, 30)
    noisy = (values + np.random.default_rng(0).normal(0, 5, values.shape)).clip(0, 255)
    for form in (values, noisy):
        data = encoded(Image.fromarray(form.astype(np.uint8)))
        full, delta = (render(data, replace(recipe, watermark=watermark)).data for recipe in (PNG, DELTA))
        assert len(delta) < len(full)


@pytest.mark.parametrize("target", [(400, 300), (80, 60), (40, 30), (1600, 1200)])
def test_scaling_leaves_no_ghosts(target: tuple[int, int]) -> None:
    """The foreground of a scaled result is where it belongs to the pixel, and opaque inside."""
    picture = Image.new("RGB", (800, 600), (235, 235, 235))
    picture.paste((40, 60, 160), (200, 150, 600, 450))
    done = render(encoded(picture), replace(PNG, target=target))
    alpha = pixels(done.data)[..., 3]
    rows, columns = np.nonzero(alpha)
    edge = target[0] / 800
    assert 150 * edge - 2 < rows.min() <= rows.max() < 450 * edge + 1
    assert 200 * edge - 2 < columns.min() <= columns.max() < 600 * edge + 1
    inside = alpha[int(150 * edge) + 4 : int(450 * edge) - 4, int(200 * edge) + 4 : int(600 * edge) - 4]
    assert (inside == 255).all()


@pytest.mark.parametrize("encoding", ["png", "jpeg"])
def test_a_colour_makes_the_result_opaque(encoding: str) -> None:
    """The background has the colour; there is no alpha channel."""
    recipe = replace(PNG, background=(10, 200, 30), encoding="jpeg" if encoding == "jpeg" else "png")
    picture = decoded(render(SOURCE, recipe).data)
    assert picture.mode == "RGB"
    assert np.abs(np.asarray(picture)[2, 2].astype(int) - [10, 200, 30]).max() <= 2


def test_partly_transparent_pixels_do_not_carry_the_old_background() -> None:
    """On a new colour there is no pale line around a dark object that stood before a white wall."""
    big = disc((900, 900), (250, 250, 650, 650)).resize((300, 300), Image.Resampling.BOX)
    result = pixels(render(encoded(big), replace(PNG, background=(190, 30, 40))).data)[..., :3].astype(int)
    assert np.abs(result - [190, 30, 40]).max() < 60


def test_the_box_of_a_result_is_that_of_its_visible_pixels() -> None:
    """After crop, margin and scaling, the box told is the box found."""
    margin = Margin(Length(7), Length(3, "%"), Length(0), Length(11))
    done = render(SOURCE, replace(PNG, crop=True, margin=margin, target=(333, 222)))
    alpha = pixels(done.data)[..., 3]
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    box = done.result_foreground
    assert (box.top, box.left) == (rows[0], columns[0])
    assert (box.height, box.width) == (rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1)


def test_many_at_once_give_what_one_gives() -> None:
    """Eight threads, three recipes: every result is that of a single thread."""
    recipes = [PNG, DELTA, replace(PNG, watermark="TEST", target=(120, 90))]
    expected = [render(SOURCE, recipe).data for recipe in recipes]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: render(SOURCE, recipes[number % 3]).data, range(48)))
    assert all(data == expected[number % 3] for number, data in enumerate(found))
