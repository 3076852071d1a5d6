"""Matting: on pictures whose foreground is known, the mask is right."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from contracts.behaviour import Recipe
from mockserver.imaging import render
from pictures import encoded, pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray

ANY = Recipe(frozenset({"png", "jpeg", "gif", "bmp", "tiff", "webp"}))
GOAL = 0.98


@dataclass(frozen=True)
class Scene:
    """A picture and the pixels that are its foreground."""

    picture: Image.Image
    truth: NDArray[np.bool_]


def scene(  # noqa: PLR0913  what is drawn
    size: tuple[int, int],
    shape: str,
    *,
    colour: tuple[int, int, int],
    ground: tuple[int, int, int],
    noise: float,
    slope: float = 0.0,
    seed: int = 0,
) -> Scene:
    """Draw *shape* in *colour* before a *ground* that has *noise* (standard deviation) and a gradient of *slope*."""
    width, height = size
    mask = Image.new("1", size)
    draw = ImageDraw.Draw(mask)
    box = (width * 0.25, height * 0.3, width * 0.7, height * 0.75)
    if shape == "disc":
        draw.ellipse(box, fill=1)
    elif shape == "box":
        draw.rectangle(box, fill=1)
    elif shape == "edge":
        draw.rectangle((0, height * 0.4, width * 0.5, height), fill=1)
    elif shape == "ring":
        draw.ellipse(box, fill=1)
        draw.ellipse((width * 0.37, height * 0.42, width * 0.58, height * 0.63), fill=0)
    else:
        draw.polygon([(width * 0.1, height * 0.1), (width * 0.45, height * 0.15), (width * 0.2, height * 0.5)], fill=1)
        draw.ellipse((width * 0.55, height * 0.5, width * 0.9, height * 0.9), fill=1)
    truth = np.asarray(mask, bool)
    random = np.random.default_rng(seed)
    ramp = slope * (np.linspace(-0.5, 0.5, width)[None, :, None] + np.linspace(-0.5, 0.5, height)[:, None, None])
    values = np.where(truth[..., None], np.array(colour, float), np.array(ground, float) + ramp)
    values += random.normal(0, noise, values.shape)
    return Scene(Image.fromarray(values.clip(0, 255).astype(np.uint8)), truth)


def overlap(data: bytes, truth: NDArray[np.bool_]) -> float:
    """Return the intersection over the union of the mask that the mock finds and *truth*."""
    found = pixels(render(data, ANY).data)[..., 3] >= 128
    return float((found & truth).sum() / (found | truth).sum())


@pytest.mark.parametrize("shape", ["disc", "box", "edge", "ring", "two"])
@pytest.mark.parametrize("noise", [0.0, 4.0, 8.0, 12.0])
def test_a_plain_noisy_background_is_told_apart(shape: str, noise: float) -> None:
    """Whatever the shape, also with a hole or at the picture's edge, the overlap reaches the goal."""
    drawn = scene((320, 240), shape, colour=(170, 40, 50), ground=(228, 230, 235), noise=noise)
    assert overlap(encoded(drawn.picture), drawn.truth) >= GOAL


@pytest.mark.parametrize("size", [(96, 80), (160, 120), (640, 480), (1500, 1100)])
def test_the_size_of_the_picture_does_not_matter(size: tuple[int, int]) -> None:
    """Small pictures and large ones reach the goal."""
    drawn = scene(size, "two", colour=(30, 60, 150), ground=(235, 233, 228), noise=5)
    assert overlap(encoded(drawn.picture), drawn.truth) >= GOAL


@pytest.mark.thorough
def test_25_megapixels_reach_the_goal() -> None:
    """So does the largest picture that is processed."""
    drawn = scene((5700, 4300), "disc", colour=(180, 120, 40), ground=(90, 110, 120), noise=4)
    assert overlap(encoded(drawn.picture, "JPEG", quality=90), drawn.truth) >= GOAL


@pytest.mark.parametrize("slope", [20.0, 40.0])
def test_a_gently_varying_background_is_told_apart(slope: float) -> None:
    """A gradient across the picture is no foreground."""
    drawn = scene((400, 300), "two", colour=(60, 30, 90), ground=(200, 205, 190), noise=3, slope=slope)
    assert overlap(encoded(drawn.picture), drawn.truth) >= GOAL


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("power", [1, 2, 4])
def test_a_vignette_is_told_apart(kind: str, power: int) -> None:
    """A background that darkens by 50 levels towards the corners is no foreground, whatever the profile."""
    width, height = 800, 600
    rows, columns = np.ogrid[:height, :width]
    away = np.hypot((rows - height / 2) / 500, (columns - width / 2) / 500)
    ground = 235 - 50 * (away / away.max()) ** power
    truth = ((rows - 300) / 120) ** 2 + ((columns - 400) / 150) ** 2 <= 1
    values = np.where(truth[..., None], np.array([30.0, 90, 30]), ground[..., None])
    values = values + np.random.default_rng(3).normal(0, 3, (height, width, 3))
    picture = Image.fromarray(values.clip(0, 255).astype(np.uint8))
    assert overlap(encoded(picture, kind), truth) >= GOAL


@pytest.mark.parametrize("border", [8, 12, 24, 60])
def test_a_narrow_background_is_told_apart(border: int) -> None:
    """A thing that leaves a strip of a few pixels around itself is found."""
    truth = np.zeros((480, 640), np.bool_)
    truth[border:-border, border:-border] = True
    values = np.where(truth[..., None], np.array([30.0, 90, 30]), np.array([230.0, 228, 225]))
    values += np.random.default_rng(4).normal(0, 4, values.shape)
    assert overlap(encoded(Image.fromarray(values.clip(0, 255).astype(np.uint8))), truth) >= GOAL


def test_jpeg_at_quality_75_reaches_the_goal() -> None:
    """The traces of JPEG coding at edges are no foreground."""
    drawn = scene((400, 300), "two", colour=(200, 40, 60), ground=(230, 230, 230), noise=2)
    assert overlap(encoded(drawn.picture, "JPEG", quality=75), drawn.truth) >= GOAL


@given(
    size=st.tuples(st.integers(96, 400), st.integers(96, 400)),
    shape=st.sampled_from(["disc", "box", "edge", "two"]),
    light=st.integers(195, 245),
    dark=st.integers(10, 90),
    swap=st.booleans(),
    noise=st.floats(0, 8),
    seed=st.integers(0, 1000),
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_any_clear_contrast_reaches_the_goal(  # noqa: PLR0913, PLR0917  what is drawn
    size: tuple[int, int],
    shape: str,
    light: int,
    dark: int,
    swap: bool,  # noqa: FBT001  drawn by Hypothesis
    noise: float,
    seed: int,
) -> None:
    """Dark on light and light on dark, in any size."""
    colours = ((light, light, light - 10), (dark, dark + 15, dark))
    colour, ground = colours if swap else colours[::-1]
    drawn = scene(size, shape, colour=colour, ground=ground, noise=noise, seed=seed)
    assert overlap(encoded(drawn.picture), drawn.truth) >= GOAL


@given(
    width=st.integers(1, 40),
    height=st.integers(1, 40),
    kind=st.sampled_from(["flat", "noise", "half"]),
    seed=st.integers(0, 100),
)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_some_foreground_is_always_found(width: int, height: int, kind: str, seed: int) -> None:
    """The smallest, flattest and wildest pictures keep at least one pixel, and their size."""
    values = np.full((height, width, 3), 128, np.uint8)
    if kind == "noise":
        values = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    elif kind == "half":
        values[: (height + 1) // 2] = 30
    done = render(encoded(Image.fromarray(values)), ANY)
    alpha = pixels(done.data)[..., 3]
    assert alpha.shape == (height, width)
    assert alpha.max() > 0
    assert done.input_foreground.width >= 1


def test_edges_are_soft() -> None:
    """A smooth contour has partly transparent pixels, and only near the contour."""
    drawn = scene((1200, 1200), "disc", colour=(150, 40, 40), ground=(235, 235, 235), noise=1)
    smooth = drawn.picture.resize((300, 300), Image.Resampling.BOX)
    alpha = pixels(render(encoded(smooth), ANY).data)[..., 3]
    partial = (alpha > 0) & (alpha < 255)
    assert 100 < partial.sum() < 4000


@pytest.mark.parametrize("size", [(90, 70), (320, 240), (1400, 1000)])
def test_hard_edges_become_a_little_soft(size: tuple[int, int]) -> None:
    """Where the input steps from thing to background within a pixel, pixels of the thing are partly transparent."""
    drawn = scene(size, "two", colour=(30, 60, 150), ground=(235, 233, 228), noise=3)
    alpha = pixels(render(encoded(drawn.picture), ANY).data)[..., 3]
    partial = (alpha > 0) & (alpha < 255)
    assert partial.sum() > sum(size) / 4
    assert (alpha[partial & drawn.truth] > 200).mean() > 0.9


def test_an_inputs_own_transparency_is_honoured() -> None:
    """Where a picture brings alpha, that is the matte; what it hides stays hidden."""
    drawn = scene((120, 100), "disc", colour=(150, 40, 40), ground=(150, 40, 40), noise=0)
    alpha = np.where(drawn.truth, 200, 0).astype(np.uint8)
    picture = drawn.picture.copy()
    picture.putalpha(Image.fromarray(alpha))
    assert (pixels(render(encoded(picture), ANY).data)[..., 3] == alpha).all()


def test_an_opaque_alpha_channel_says_nothing() -> None:
    """Alpha that is 255 everywhere is no matte: the background is removed as if it were not there."""
    drawn = scene((200, 160), "disc", colour=(150, 40, 40), ground=(235, 235, 235), noise=2)
    assert overlap(encoded(drawn.picture.convert("RGBA")), drawn.truth) >= GOAL


def test_the_same_picture_gives_the_same_bytes() -> None:
    """Matting and encoding are deterministic."""
    drawn = scene((300, 200), "two", colour=(20, 40, 90), ground=(220, 225, 230), noise=6)
    data = encoded(drawn.picture)
    assert len({render(data, ANY).data for _ in range(3)}) == 1


def test_an_interlaced_picture_is_the_same_picture() -> None:
    """How the pixels are ordered in the file does not matter."""
    drawn = scene((120, 90), "disc", colour=(20, 40, 90), ground=(220, 225, 230), noise=2)
    buffer = io.BytesIO()
    drawn.picture.save(buffer, "JPEG", quality=95, progressive=True)
    plain = encoded(drawn.picture, "JPEG", quality=95)
    assert (pixels(render(buffer.getvalue(), ANY).data) == pixels(render(plain, ANY).data)).all()
