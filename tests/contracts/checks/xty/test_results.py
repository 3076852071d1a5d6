"""Results: the hour, the place, and what may be another way to cut."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from contracts.model import Ending
from contracts.strategies import Drawing, draw
from tests.contracts.checks.xty.exchanges import (
    CDN,
    KEY,
    PICTURE,
    answer,
    ask,
    completion,
    fetch,
    judged,
    refusal,
    right,
)

if TYPE_CHECKING:
    from contracts.model import Response

NO_SUBJECT = "请去除这张图片的背景"


def cut(*, soft: int = 0, shrink: int = 0, kind: str = "PNG", drawing: Drawing = PICTURE.drawing) -> Response:
    """Return the picture with its background cut off, *shrink* pixels inside, with an edge of *soft* pixels."""
    top, left, width, height = drawing.box
    alpha = np.zeros((drawing.height, drawing.width), np.uint8)
    for step in range(soft + 1):
        edge = shrink + step
        alpha[top + edge : top + height - edge, left + edge : left + width - edge] = 255 * (step + 1) // (soft + 1)
    pixels = np.dstack([np.full((*alpha.shape, 3), drawing.foreground, np.uint8), alpha])
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind)
    return answer(200, buffer.getvalue(), f"image/{kind.lower()}", ("Content-Length", str(len(buffer.getvalue()))))


ASKED = (ask(right(words=NO_SUBJECT)), completion())


@pytest.mark.parametrize(
    "result", [cut(), cut(soft=2), cut(shrink=1), cut(soft=3)], ids=["hard", "soft", "tight", "fur"]
)
def test_another_way_to_cut_is_no_fault(result: Response) -> None:
    """Edges may be hard or soft, and a pixel further in."""
    found = judged(ASKED, (fetch(), result))
    assert not found.broken
    assert {"result.transparent", "result.subject", "result.size", "result.lifetime", "result.complete"} <= found.kept


def test_a_result_of_another_size_is_not_compared() -> None:
    """Where the pixels are is not known then; only the size itself, which nobody documents, is noted."""
    small = cut(drawing=Drawing(width=40, height=32))
    assert judged(ASKED, (fetch(), small)).broken == {"result.size"}


def test_a_text_that_names_something_else_excuses_an_empty_result() -> None:
    """A person that is not in the picture cannot stay."""
    empty = cut(shrink=40)
    assert "result.subject" not in judged((ask(right()), completion()), (fetch(), empty)).broken
    assert "result.subject" in judged(ASKED, (fetch(), empty)).broken


def test_a_webp_result_is_only_an_observation() -> None:
    """The format is an assumption; all else can be right in another one."""
    assert judged(ASKED, (fetch(), cut(kind="WEBP"))).broken == {"result.png"}


@pytest.mark.parametrize("status", [301, 302, 429, 500, 503])
def test_redirects_and_failures_do_not_break_the_hour(status: int) -> None:
    """A host of results may redirect, and may fail."""
    assert not judged(ASKED, (fetch(), answer(status, b"", "text/html"))).broken


def test_a_result_is_there_until_the_hour_is_over() -> None:
    """A 404 breaks the rule after 50 minutes, and keeps it after two hours."""
    gone = answer(404, b"gone", "text/html")
    assert judged(ASKED, (fetch(), gone), after=3000).broken == {"result.lifetime"}
    late = judged(ASKED, (fetch(), gone), after=7200)
    assert not late.broken
    assert {"result.expiry", "result.expired-status"} <= late.kept


def test_around_the_end_of_the_hour_both_is_right() -> None:
    """Clocks differ by some seconds."""
    assert not judged(ASKED, (fetch(), answer(404, b"gone", "text/html")), after=3590).broken
    assert not judged(ASKED, (fetch(), cut()), after=3610).broken


def test_a_result_after_two_hours_is_a_fault() -> None:
    """It should be gone."""
    assert judged(ASKED, (fetch(), cut()), after=7200).broken == {"result.expiry"}


def test_the_last_completion_that_names_a_url_counts() -> None:
    """The same picture, asked for again, may have the same URL, whose hour begins again."""
    again = (ask(right(words=NO_SUBJECT), ("X-Again", "1")), completion())
    assert "result.lifetime" in judged(ASKED, again, (fetch(), cut())).kept


def test_who_asks_for_the_key_is_only_observed() -> None:
    """Nobody documents that the URL works without the key."""
    assert judged(ASKED, (fetch(), refusal(401))).broken == {"result.without-key"}
    assert judged(ASKED, (fetch("/msk-bg.png", KEY), refusal(401))).broken == {"result.lifetime"}


def test_a_file_that_nobody_named_is_only_judged_beside_results() -> None:
    """What is in another folder, or on another host, is another matter."""
    gone = answer(410, b"", "text/html")
    assert judged(ASKED, (fetch("/nobody.png"), gone)).broken == {"result.expired-status"}
    assert not judged(ASKED, (fetch("/elsewhere/nobody.png"), gone)).broken
    assert not judged(ASKED, (fetch("/nobody.png", origin="https://other.example"), gone)).broken


def test_a_body_that_was_not_recorded_proves_nothing() -> None:
    """Some programs leave bodies out of what they record, and keep the length."""
    assert not judged(ASKED, (fetch(), answer(200, b"", "image/png", ("Content-Length", "4711")))).broken


def test_a_compressed_length_is_not_compared() -> None:
    """The length is that of what was sent, before it was unpacked."""
    whole = cut()
    packed = answer(200, whole.body, "image/png", ("Content-Length", "10"), ("Content-Encoding", "gzip"))
    assert not judged(ASKED, (fetch(), packed)).broken


def test_a_transfer_that_the_server_broke_off_is_not_whole() -> None:
    """The client is not to blame for a connection that the server reset, but for one that it closed itself."""
    half = answer(200, cut().body[:60], "image/png")
    assert judged(ASKED, (fetch(), half), ending=Ending.RESET).broken == {"result.complete"}
    assert not judged(ASKED, (fetch(), half), ending=Ending.GONE).broken


def test_a_url_with_escapes_and_a_query_is_found_again() -> None:
    """Recordings hold paths without escapes."""
    named = (ask(right(words=NO_SUBJECT)), completion(f"{CDN}/a%20b/%E5%9B%BE.png?sig=a%2Fb"))
    request = fetch("/a b/图.png")
    found = judged(named, (replace(request, query="sig=a%2Fb"), cut()))
    assert "result.lifetime" in found.kept


def test_a_turned_picture_is_compared_upright() -> None:
    """The result has the size of the picture as people see it."""
    turned = draw(Drawing(width=96, height=64, kind="jpeg", orientation=6))
    upright = cut(drawing=turned.drawing)
    assert not judged((ask(right(turned, NO_SUBJECT)), completion()), (fetch(), upright)).broken


def test_a_result_of_far_too_many_pixels_is_not_decoded() -> None:
    """Its header tells the size, which is another one than the input's; no other rule comes into play."""
    buffer = io.BytesIO()
    Image.new("1", (8900, 8900)).save(buffer, "PNG")
    found = judged(ASKED, (fetch(), answer(200, buffer.getvalue(), "image/png")))
    assert found.broken == {"result.size"}
    assert "result.transparent" not in found.kept
