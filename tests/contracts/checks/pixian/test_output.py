"""Colours, formats, qualities, delta PNGs and watermarks: what a server is free to do, and what it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from contracts.providers.pixian.campaigns.form import upload
from contracts.providers.pixian.campaigns.scenes import MIDDLE, PHOTO
from contracts.strategies import draw
from tests.contracts.checks.pixian.exchanges import judged, refusal
from tests.contracts.checks.pixian.results import cut_out, served, stamped, stating

if TYPE_CHECKING:
    from tests.contracts.checks.pixian.results import Pixels

TEST, PAID = upload(draw(MIDDLE), test=True), upload(draw(MIDDLE))
DELTA, WHOLE = upload(draw(PHOTO), output__format="delta_png"), upload(draw(PHOTO), output__format="png")
DELTAS = {f"delta.{one}" for one in ("png", "background", "foreground", "edge", "rebuild", "size", "smaller")}


def _over(pixels: Pixels, colour: tuple[int, int, int]) -> Pixels:
    alpha = pixels[:, :, 3:].astype(np.float32) / 255
    flat = np.full_like(pixels, 255)
    flat[:, :, :3] = pixels[:, :, :3] * alpha + np.array(colour) * (1 - alpha)
    return flat


def _delta(pixels: Pixels) -> Pixels:
    marked = pixels.copy()
    marked[pixels[:, :, 3] == 255] = (255, 255, 255, 0)
    return marked


@pytest.mark.parametrize(("grown", "halo"), [(0, 0), (2, 0), (1, 2)])
def test_soft_edges_are_neither_background_nor_foreground(grown: int, halo: int) -> None:
    """Nobody is blamed for pixels next to the border."""
    pixels = cut_out(MIDDLE, grown=grown, halo=halo)
    seen = judged((PAID, served(MIDDLE, pixels, test=False)))
    assert seen.kept >= {"background.transparent", "test.watermark-production"}
    coloured = upload(draw(MIDDLE), background__color="#0055ff", output__format="png")
    seen = judged((coloured, served(MIDDLE, _over(pixels, (0, 85, 255)), test=False)))
    assert seen.kept >= {"background.color", "background.opaque", "output.png", "test.watermark-production"}


def test_a_coarse_jpeg_tells_nothing_of_colours() -> None:
    """At a quality of 1 every colour may come out."""
    coloured = upload(draw(MIDDLE), background__color="#0055ff", output__jpeg_quality=1)
    grey = served(MIDDLE, np.full((80, 120, 4), 128, np.uint8), "jpeg", test=False, quality=1)
    assert not {"background.color"} & judged((coloured, grey)).broken
    fine = upload(draw(MIDDLE), background__color="#0055ff")
    jpeg = served(MIDDLE, _over(cut_out(MIDDLE), (0, 85, 255)), "jpeg", test=False, quality=75)
    assert judged((fine, jpeg)).kept >= {"background.color", "output.default"}


@pytest.mark.parametrize("status", [401, 402, 413, 429, 500, 503])
def test_a_busy_server_says_nothing_of_colours(status: int) -> None:
    """A wrong colour need not be noticed by who does not look at it."""
    request = upload(draw(MIDDLE), test=True, background__color="blue")
    seen = judged((request, refusal(status)))
    assert "background.form" not in seen.kept | seen.broken


def test_a_plain_picture_may_have_the_same_bytes_at_every_quality() -> None:
    """Only of a texture it is certain that quality costs bytes."""
    low, high = (upload(draw(MIDDLE), test=True, output__format="jpeg", output__jpeg_quality=one) for one in (20, 90))
    same = served(MIDDLE, _over(cut_out(MIDDLE), (255, 255, 255)), "jpeg")
    seen = judged((low, same), (high, same))
    assert "output.quality-effect" not in seen.kept | seen.broken
    low, high = (upload(draw(PHOTO), test=True, output__format="jpeg", output__jpeg_quality=one) for one in (20, 90))
    same = served(PHOTO, _over(cut_out(PHOTO), (255, 255, 255)), "jpeg")
    assert "output.quality-effect" in judged((low, same), (high, same)).broken


def test_an_encoder_may_be_tuned_as_long_as_it_is_the_same() -> None:
    """The tables of 75 are compared with those of the default and with no others."""
    silent, asked = (
        upload(draw(MIDDLE), test=True, output__format="jpeg"),
        upload(draw(MIDDLE), test=True, output__format="jpeg", output__jpeg_quality=75),
    )
    flat = _over(cut_out(MIDDLE), (255, 255, 255))
    one, other = served(MIDDLE, flat, "jpeg", quality=61), served(MIDDLE, flat, "jpeg", quality=62)
    assert "output.quality-default" in judged((silent, one), (asked, one)).kept
    assert "output.quality-default" in judged((silent, one), (asked, other)).broken
    seen = judged((silent, one))
    assert "output.quality-default" not in seen.kept | seen.broken


@pytest.mark.parametrize(("grown", "halo"), [(0, 0), (2, 0), (1, 2)])
def test_any_matting_can_be_told_as_a_delta(grown: int, halo: int) -> None:
    """What matters is that the delta PNG and the PNG agree."""
    pixels = cut_out(PHOTO, grown=grown, halo=halo)
    whole, delta = served(PHOTO, pixels, test=False), served(PHOTO, _delta(pixels), test=False)
    seen = judged((WHOLE, whole), (DELTA, delta))
    assert seen.kept >= (DELTAS if halo else DELTAS - {"delta.edge"})
    assert not seen.broken & DELTAS


def test_a_delta_is_not_compared_with_another_request() -> None:
    """Neither with another picture's PNG nor with that of a test."""
    other = upload(draw(MIDDLE), output__format="png")
    test = upload(draw(PHOTO), output__format="png", test=True)
    delta = served(PHOTO, _delta(cut_out(PHOTO)), test=False)
    seen = judged(
        (other, served(MIDDLE, cut_out(MIDDLE), test=False)),
        (test, served(PHOTO, stamped(cut_out(PHOTO)))),
        (DELTA, delta),
    )
    assert not {"delta.rebuild", "delta.edge", "delta.smaller"} & (seen.kept | seen.broken)


def test_marks_that_an_optimiser_has_cleaned_are_found_out() -> None:
    """Then everything is transparent black, and nothing can be rebuilt."""
    lost = _delta(cut_out(PHOTO))
    lost[lost[:, :, 3] == 0] = 0
    seen = judged(
        (WHOLE, served(PHOTO, cut_out(PHOTO), test=False)),
        (DELTA, stating(served(PHOTO, lost, test=False), after=PHOTO.box)),
    )
    assert seen.broken >= {"delta.foreground", "delta.rebuild"}


def test_a_watermark_may_be_faint_and_small() -> None:
    """It has to be there, and to be seen."""
    pixels = cut_out(PHOTO)
    test, paid = upload(draw(PHOTO), test=True), upload(draw(PHOTO))
    assert "test.watermark" in judged((test, served(PHOTO, stamped(pixels)))).kept
    seen = judged((test, served(PHOTO, pixels)), (paid, served(PHOTO, pixels, test=False)))
    assert "test.watermark" in seen.broken
    assert "test.watermark-production" in seen.kept
    seen = judged((paid, served(PHOTO, stamped(pixels), test=False)))
    assert "test.watermark-production" in seen.broken


def test_a_colour_profile_may_change_every_colour() -> None:
    """Pixels of a picture with a profile are not compared."""
    data = draw(PHOTO).data.replace(b"IEND", b"IEND", 1) + b"iCCP"
    pixels = cut_out(PHOTO)
    pixels[:, :, 0] //= 2
    seen = judged((upload(data), served(PHOTO, pixels, test=False)))
    assert "test.watermark-production" not in seen.broken | seen.kept


def test_a_jpeg_shows_nothing_of_a_watermark_alone() -> None:
    """Its pixels are never those of the input; only beside a production result it can be told."""
    test = upload(draw(MIDDLE), test=True, output__format="jpeg")
    flat = served(MIDDLE, _over(cut_out(MIDDLE), (255, 255, 255)), "jpeg")
    seen = judged((test, flat))
    assert "test.watermark" not in seen.broken | seen.kept
    paid = upload(draw(MIDDLE), output__format="jpeg")
    assert "test.watermark" in judged((test, flat), (paid, flat)).broken


def test_a_quality_that_is_capped_is_found_out() -> None:
    """The best JPEG has more bytes than one of the default quality; two of the best may well be the same."""
    asked = {
        one: upload(draw(PHOTO), test=True, output__format="jpeg", output__jpeg_quality=one) for one in (75, 90, 100)
    }
    flat = _over(cut_out(PHOTO), (255, 255, 255))
    capped = served(PHOTO, flat, "jpeg", quality=75)
    assert "output.quality-effect" in judged((asked[75], capped), (asked[100], capped)).broken
    assert "output.quality-effect" in judged((asked[90], capped), (asked[100], capped)).kept
