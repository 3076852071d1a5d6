"""Sizes, orientations and boxes in header fields: what a server is free to do, and what it is not."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from contracts.providers.pixian.campaigns.form import upload
from contracts.providers.pixian.campaigns.scenes import CORNER
from contracts.strategies import draw
from tests.contracts.checks.pixian.exchanges import judged, refusal
from tests.contracts.checks.pixian.results import cut_out, served, stating

if TYPE_CHECKING:
    from contracts.model import Request, Response

TEST, PAID = upload(draw(CORNER), test=True), upload(draw(CORNER))
BOXES = {"header.input-foreground", "header.result-foreground"}


@pytest.mark.parametrize(("grown", "halo"), [(0, 0), (1, 0), (2, 0), (0, 2), (1, 2)])
def test_another_matting_has_other_edges(grown: int, halo: int) -> None:
    """Boxes that are a few pixels larger are right, be the halo part of them or not."""
    pixels = cut_out(CORNER, grown=grown, halo=halo)
    top, left, width, height = CORNER.box
    firm = (top - grown, left - grown, width + 2 * grown, height + 2 * grown)
    for box in (firm, None):
        seen = judged((PAID, stating(served(CORNER, pixels, test=False), before=firm, after=box)))
        assert not seen.broken & (BOXES | {"header.result-foreground-bounds"})
        assert seen.kept >= BOXES | {"header.result-foreground-bounds"}


@pytest.mark.parametrize("box", [(66, 8, 36, 24), (8, 66, 24, 36), (8, 18, 36, 24), (8, 66, 102, 32), (48, 66, 36, 24)])
def test_numbers_in_another_order_are_found_out(box: tuple[int, int, int, int]) -> None:
    """Left before top, height before width, a mirrored box, and corners."""
    pixels = cut_out(CORNER)
    assert "header.input-foreground" in judged((TEST, stating(served(CORNER, pixels), before=box))).broken
    assert "header.result-foreground" in judged((TEST, stating(served(CORNER, pixels), after=box))).broken


def test_a_turned_picture_may_be_described_as_stored() -> None:
    """Only an assumed rule says that the size is that of the upright picture; the box follows."""
    turned = replace(CORNER, kind="jpeg", orientation=6)
    upright = served(turned, cut_out(CORNER))
    stored = stating(served(replace(turned, width=80, height=120), cut_out(CORNER)), before=(18, 8, 24, 36))
    seen = judged((upload(draw(turned), test=True), upright))
    assert seen.kept >= {"header.input-size", "header.input-size-upright", "header.input-foreground"}
    seen = judged((upload(draw(turned), test=True), stored))
    assert seen.kept >= {"header.input-size", "header.input-foreground"}
    assert seen.broken & {"header.input-size", "header.input-size-upright"} == {"header.input-size-upright"}


def test_a_picture_in_which_nothing_is_known_to_be_may_have_an_empty_box() -> None:
    """Of a picture without a clear foreground nobody knows what is one."""
    noise = replace(CORNER, noise=60)
    empty = stating(served(noise, cut_out(CORNER)), before=(0, 0, 0, 0), after=(0, 0, 0, 0))
    assert not judged((upload(draw(noise), test=True), empty)).broken & BOXES
    assert judged((TEST, empty)).broken >= BOXES


def test_refusals_have_no_sizes() -> None:
    """Header fields are demanded of results alone."""
    for status in (400, 401, 429, 503):
        assert not judged((TEST, refusal(status))).broken & (BOXES | {"header.input-size", "header.orientation"})


def test_a_result_without_anything_has_no_bounds() -> None:
    """A transparent result cannot show where its foreground is."""
    nothing = stating(served(CORNER, np.zeros((80, 120, 4), np.uint8), test=False), after=CORNER.box)
    seen = judged((PAID, nothing))
    assert "header.result-foreground-bounds" not in seen.kept | seen.broken


def _specked(level: int) -> tuple[Request, Response]:
    """Return a request for production whose picture has an odd pixel, and a result that has it, too."""
    with Image.open(io.BytesIO(draw(CORNER).data)) as image:
        image.putpixel((3, 75), (240 - level,) * 3)
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
    pixels = cut_out(CORNER)
    pixels[75, 3] = (200, 200, 200, 60)
    return upload(buffer.getvalue()), served(CORNER, pixels, test=False)


def test_a_box_may_reach_out_to_an_odd_pixel() -> None:
    """Matting that takes a speck of the input for foreground has a box that holds it; an even background has none."""
    request, response = _specked(60)
    box = (8, 3, 99, 68)
    assert judged((request, stating(response, before=box, after=box))).kept >= BOXES
    assert judged((request, stating(response, before=(8, 66, 36, 24), after=box))).kept >= BOXES
    plain, _ = _specked(4)
    assert judged((plain, stating(response, before=box, after=box))).broken >= BOXES
