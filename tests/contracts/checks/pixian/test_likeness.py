"""The foreground of results: what a server is free to do with it, and what it is not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from contracts.providers.pixian.campaigns.form import upload
from contracts.providers.pixian.campaigns.scenes import MIDDLE
from contracts.strategies import draw
from tests.contracts.checks.pixian.exchanges import judged
from tests.contracts.checks.pixian.results import cut_out, framed, served

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contracts.checks.pixian.results import Pixels

RULE = "success.foreground"
TOP, LEFT, WIDTH, HEIGHT = MIDDLE.box
WRONG: dict[str, Callable[[Pixels], Pixels]] = {
    "mirrored": lambda pixels: pixels[:, ::-1],
    "upside down": lambda pixels: pixels[::-1],
    "turned": lambda pixels: pixels[::-1, ::-1],
    "blue for red": lambda pixels: pixels[:, :, [2, 1, 0, 3]],
    "black": lambda pixels: pixels * np.array([0, 0, 0, 1], np.uint8),
    "hardly there": lambda pixels: (pixels * np.array([1, 1, 1, 0.3])).astype(np.uint8),
}


def _cropped(grown: int = 0) -> Pixels:
    """Return the foreground alone, with *grown* pixels more on each side that are part of it to some matting."""
    pixels = cut_out(MIDDLE, grown=grown)
    return pixels[TOP - grown : TOP + HEIGHT + grown, LEFT - grown : LEFT + WIDTH + grown]


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_another_foreground_is_found_out(change: Callable[[Pixels], Pixels]) -> None:
    """Turned, in other colours, or hardly there; of what is hardly there nobody knows where it is in a crop."""
    cropped = upload(draw(MIDDLE), result__crop_to_foreground=True)
    wrong = np.ascontiguousarray(change(_cropped()))
    is_seen = wrong[20, 20, 3] > 128
    assert (RULE in judged((cropped, served(MIDDLE, wrong, test=False))).broken) == is_seen
    whole = framed(wrong, TOP, MIDDLE.width - LEFT - WIDTH, MIDDLE.height - TOP - HEIGHT, LEFT)
    assert RULE in judged((upload(draw(MIDDLE)), served(MIDDLE, whole, test=False))).broken


@pytest.mark.parametrize("grown", [0, 1, 2])
def test_another_matting_is_no_other_foreground(grown: int) -> None:
    """A rim of the background around it, which shifts everything by as many pixels."""
    request = upload(draw(MIDDLE), result__crop_to_foreground=True)
    assert RULE in judged((request, served(MIDDLE, _cropped(grown), test=False))).kept


@pytest.mark.parametrize("way", list(Image.Resampling))
def test_any_way_to_scale_keeps_the_foreground(way: Image.Resampling) -> None:
    """Enlarged or shrunk, smoothly or not."""
    for size in ((300, 200), (90, 60)):
        request = upload(draw(MIDDLE), result__target_size=f"{size[0]} {size[1]}")
        scaled = np.array(Image.fromarray(cut_out(MIDDLE)).resize(size, way))
        assert RULE in judged((request, served(MIDDLE, scaled, test=False))).kept


def test_colours_that_mean_different_things_are_not_compared() -> None:
    """A test's watermark, a coarse JPEG, and a picture without a clear foreground leave nothing to compare."""
    black = np.ascontiguousarray(WRONG["black"](cut_out(MIDDLE)))
    assert RULE not in judged((upload(draw(MIDDLE), test=True), served(MIDDLE, black))).broken
    coarse = upload(draw(MIDDLE), output__format="jpeg", output__jpeg_quality=5)
    assert RULE not in judged((coarse, served(MIDDLE, black, "jpeg", test=False, quality=5))).broken
    unclear = replace(MIDDLE, noise=60)
    assert RULE not in judged((upload(draw(unclear)), served(unclear, black, test=False))).broken
