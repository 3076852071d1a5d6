"""Sizes, crops, margins, targets and alignments: what a server is free to do, and what it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from contracts.providers.pixian.campaigns.form import upload
from contracts.providers.pixian.campaigns.scenes import CORNER, MIDDLE
from contracts.strategies import draw
from tests.contracts.checks.pixian.exchanges import judged, refusal
from tests.contracts.checks.pixian.results import box_of, cut_out, framed, served, stamped, stating

if TYPE_CHECKING:
    from tests.contracts.checks.pixian.results import Pixels

TEST = upload(draw(MIDDLE), test=True)
TARGETS = {f"target-size.{one}" for one in ("exact", "fit", "aspect", "enlarge", "centred")}


def _scaled(pixels: Pixels, width: int, height: int) -> Pixels:
    return np.array(Image.fromarray(pixels).resize((width, height)))


@pytest.mark.parametrize(("size", "broken"), [((60, 40), 0), ((59, 39), 0), ((58, 39), 0), ((61, 40), 1)])
def test_a_shrunken_picture_may_be_rounded_down(size: tuple[int, int], broken: int) -> None:
    """At most so many pixels are allowed, and not one more."""
    request = upload(draw(CORNER), test=True, max_pixels=2400)
    seen = judged((request, served(CORNER, _scaled(cut_out(CORNER), *size))))
    assert ("max-pixels.shrink" in seen.broken) == bool(broken)
    assert "max-pixels.aspect" in seen.kept


@pytest.mark.parametrize("status", [401, 402, 413, 429, 500, 503])
def test_a_busy_server_says_nothing_of_ranges(status: int) -> None:
    """Limits, payment and mishaps are no refusal of a value."""
    seen = judged((upload(draw(CORNER), test=True, max_pixels=100), refusal(status)))
    assert "max-pixels.range" not in seen.broken | seen.kept


@pytest.mark.parametrize("more", [0, 1, 2])
def test_a_crop_may_be_a_little_loose(more: int) -> None:
    """Where the foreground ends is for the matting to say."""
    request = upload(draw(CORNER), result__crop_to_foreground=True)
    top, left, width, height = CORNER.box
    part = cut_out(CORNER)[top - more : top + height + more, left - more : left + width + more]
    seen = judged((request, served(CORNER, part, test=False)))
    assert "crop.on" in seen.kept
    wide = cut_out(CORNER)[: top + height + 20, left - 20 : left + width]
    assert "crop.on" in judged((request, served(CORNER, wide, test=False))).broken


def test_decimals_may_be_rounded_either_way() -> None:
    """7.5 px are 7 or 8 pixels on each side."""
    request = upload(draw(MIDDLE), test=True, result__margin="7.5px")
    for sides in ((7, 7, 7, 7), (8, 8, 8, 8), (7, 8, 8, 7)):
        seen = judged((request, served(MIDDLE, framed(cut_out(MIDDLE), *sides))))
        assert seen.kept >= {"margin.decimal", "margin.one", "margin.pixels", "margin.uncropped"}
    seen = judged((request, served(MIDDLE, framed(cut_out(MIDDLE), 5, 5, 5, 5))))
    assert seen.broken >= {"margin.decimal", "margin.one"}


def test_what_a_percentage_refers_to_is_open() -> None:
    """As in CSS all of them may refer to the width; only the assumed rule says otherwise."""
    request = upload(draw(MIDDLE), test=True, result__margin="20%")
    seen = judged((request, served(MIDDLE, framed(cut_out(MIDDLE), 24, 24, 24, 24))))
    assert seen.kept >= {"margin.percent", "margin.uncropped"}
    assert {one for one in seen.broken if one.startswith("margin")} == {"margin.percent-base"}


def test_lengths_in_another_order_are_found_out() -> None:
    """The same size can be made with the sides turned round."""
    request = upload(draw(MIDDLE), test=True, result__margin="8px 32px 56px 80px")
    assert "margin.four" in judged((request, served(MIDDLE, framed(cut_out(MIDDLE), 8, 32, 56, 80)))).kept
    assert "margin.four" in judged((request, served(MIDDLE, framed(cut_out(MIDDLE), 8, 80, 56, 32)))).broken


@pytest.mark.parametrize(("margin", "rule"), [("-5px", "margin.negative"), ("10", "margin.unit")])
def test_any_refusal_of_a_length_will_do(margin: str, rule: str) -> None:
    """Whichever status from 400 to 499, unless it is about something else."""
    request = upload(draw(MIDDLE), test=True, result__margin=margin)
    assert rule in judged((request, refusal(422, 77))).kept
    assert rule not in judged((request, refusal(429, 77))).kept | judged((request, refusal(500, 77))).broken
    assert rule in judged((request, served(MIDDLE, cut_out(MIDDLE)))).broken


def test_a_request_with_two_mistakes_tells_nothing() -> None:
    """Which of them was refused cannot be known."""
    request = upload(draw(MIDDLE), test=True, result__margin="-5px", max_pixels="many")
    seen = judged((request, refusal(400, 1019)))
    assert not {"margin.negative", "margin.unit"} & (seen.kept | seen.broken)


@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_a_centre_may_be_off_by_a_rounding(offset: int) -> None:
    """Odd space cannot be halved, and scaled sides are rounded."""
    request = upload(draw(MIDDLE), test=True, result__target_size="150 300", result__vertical_alignment="middle")
    pixels = framed(_scaled(cut_out(MIDDLE), 150, 100), 100 + offset, 0, 100 - offset, 0)
    seen = judged((request, served(MIDDLE, pixels)))
    assert seen.kept >= (TARGETS | {"vertical-alignment.middle"}) - {"target-size.centred"}
    assert not seen.broken & (TARGETS | {"vertical-alignment.middle"})


def test_a_stretched_picture_still_fits() -> None:
    """That the ratio is kept is assumed; what goes beyond no edge fits."""
    request = upload(draw(MIDDLE), test=True, result__target_size="150 300")
    seen = judged((request, served(MIDDLE, _scaled(cut_out(MIDDLE), 150, 300))))
    assert seen.broken & TARGETS == {"target-size.aspect"}


def test_a_margin_that_leaves_nothing_is_judged_by_its_own_rule() -> None:
    """Nothing can be said of a fit into no room."""
    request = upload(draw(MIDDLE), test=True, result__margin="30px", result__target_size="40 60")
    seen = judged((request, served(MIDDLE, _scaled(cut_out(MIDDLE), 40, 60))))
    assert "margin.room" in seen.kept
    assert not seen.broken & (TARGETS | {"margin.inset"})


def test_a_server_may_make_what_we_take_for_too_large() -> None:
    """Where too large begins nobody has said; only the code of the refusal is known."""
    request = upload(draw(MIDDLE), test=True, result__target_size="99999 99999")
    assert "target-size.too-large" in judged((request, refusal(400, 1023))).kept
    assert "target-size.too-large" in judged((request, refusal(400, 1019))).broken
    seen = judged((request, served(MIDDLE, cut_out(MIDDLE))), (request, refusal(503, -3)), (request, refusal(413, 1)))
    assert "target-size.too-large" not in seen.kept | seen.broken


def test_boxes_that_cannot_be_right_tell_nothing_of_places() -> None:
    """A server whose header fields are wrong is told that, and not that its margins are."""
    request = upload(draw(MIDDLE), test=True, result__target_size="300 300", result__vertical_alignment="top")
    pixels = framed(_scaled(cut_out(MIDDLE), 300, 200), 0, 0, 100, 0)
    seen = judged((request, stating(served(MIDDLE, pixels), before=(70, 1, 5, 5))))
    assert "header.input-foreground" in seen.broken
    assert not seen.broken & (TARGETS | {"vertical-alignment.top"})


@pytest.mark.parametrize("test", [True, False])
@pytest.mark.parametrize("alignment", ["top", "middle", "bottom"])
def test_the_best_way_to_scale_leaves_rings(alignment: str, *, test: bool) -> None:
    """Lanczos leaves faint pixels around an enlarged foreground; a box may hold them, and nothing is out of place."""
    asked = {"result__target_size": "240 360", "result__vertical_alignment": alignment}
    enlarged = np.array(Image.fromarray(cut_out(MIDDLE)).resize((240, 160), Image.Resampling.LANCZOS))
    above = {"top": 0, "middle": 100, "bottom": 200}[alignment]
    pixels = framed(enlarged, above, 0, 200 - above, 0)
    top, left, width, height = box_of(pixels)
    assert (width, height) > (2 * MIDDLE.box[2], 2 * MIDDLE.box[3])
    answered = served(MIDDLE, stamped(pixels) if test else pixels, test=test)
    answered = stating(answered, after=(top, left, width, height))
    seen = judged((upload(draw(MIDDLE), test=test, **asked), answered))
    assert not seen.broken & (TARGETS | {f"vertical-alignment.{alignment}"})
    assert seen.kept >= {"target-size.fit", f"vertical-alignment.{alignment}"}


@pytest.mark.parametrize("asked", [{}, {"result__crop_to_foreground": True}, {"result__target_size": "120 240"}])
def test_a_wrong_box_is_not_blamed_on_the_layout(asked: dict[str, Any]) -> None:
    """A test whose stated box is not where the foreground is seen exercises no rule about places."""
    asked = {"result__margin": "20px", **asked} if "result__target_size" not in asked else asked
    pixels = cut_out(MIDDLE)
    if "result__crop_to_foreground" in asked:
        top, left, width, height = MIDDLE.box
        pixels = pixels[top : top + height, left : left + width]
    pixels = framed(pixels, 80, 0, 80, 0) if "result__target_size" in asked else framed(pixels, 20, 20, 20, 20)
    top, left, width, height = box_of(pixels)
    answered = stating(served(MIDDLE, stamped(pixels)), after=(top + 8, left, width, height))
    seen = judged((upload(draw(MIDDLE), test=True, **asked), answered))
    layout = {one for one in seen.broken if one.startswith(("margin", "target-size", "crop", "vertical-alignment"))}
    assert not layout
