"""Pictures: what a server is free to do, and what it is not."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from contracts.providers.pixian.campaigns.form import multipart, upload, urlencoded
from contracts.strategies import Drawing, draw
from tests.contracts.checks.pixian.exchanges import PICTURE, judged, refusal, result

TEXT = base64.b64encode(PICTURE.data).decode()
THERE = "http://127.0.0.1:1/there"


def _cut_out(drawing: Drawing, faint: int = 0) -> bytes:
    """Return what a server may make of *drawing*: its box is opaque, all else has the opacity *faint*."""
    top, left, width, height = drawing.box
    pixels = np.full((drawing.height, drawing.width, 4), 90, np.uint8)
    pixels[:, :, 3] = faint
    pixels[top : top + height, left : left + width, 3] = 250
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_picture_that_was_not_fetched_says_nothing_of_urls() -> None:
    """A server need not reach every address; that it does not know the field is another matter."""
    request = urlencoded({"image.url": THERE, "test": True})
    assert "image.url" not in judged((request, refusal(400, 1022))).broken
    assert "image.url" not in judged((request, refusal(400, 1006)), pictures={}).broken
    assert "image.url" in judged((request, refusal(400, 1006)), pictures={THERE: PICTURE.data}).broken
    assert "image.url" in judged((request, refusal(400, 1005))).broken


def test_a_missing_picture_is_only_known_where_others_were_fetched() -> None:
    """A server that reaches nothing at that address has another reason to fail."""
    request = urlencoded({"image.url": "http://127.0.0.1:1/no-such-picture", "test": True})
    assert "image.url-status" not in judged((request, refusal(400, 1022))).broken
    assert "image.url-status" in judged((request, refusal(400, 1022)), pictures={THERE: PICTURE.data}).broken


def test_a_web_page_that_could_not_be_fetched_says_nothing_of_pages() -> None:
    """Many servers reach nothing beyond their own network."""
    request = urlencoded({"image.url": "https://example.com/", "test": True})
    assert "image.url-not-image" not in judged((request, refusal(400, 1022))).broken
    assert "image.url-not-image" in judged((request, refusal(400, 1006))).broken
    assert "image.url-not-image" in judged((request, refusal(400, 1021))).kept


@pytest.mark.parametrize("text", ["http://host with blanks/", "http://[::1/x", "//host/picture.png:80", ""])
def test_odd_urls_are_not_judged(text: str) -> None:
    """What a lenient reader could make sense of may be fetched, or fail in any way."""
    assert "image.url-invalid" not in judged((urlencoded({"image.url": text}), refusal(400, 1022))).broken


def test_a_damaged_picture_may_be_read() -> None:
    """Some decoders make do with what is there; but who refuses it says why."""
    request = upload(PICTURE.data[:-60], test=True)
    assert "image.unreadable" not in judged((request, result())).broken
    assert "image.unreadable" in judged((request, refusal(400, 1006))).kept
    assert "image.unreadable" in judged((request, refusal(400, 1019))).broken


@pytest.mark.parametrize("data", [b"<svg/>", b"\x00\x00\x00\x18ftypavif", b"P3 1 1 255 0 0 0"])
def test_pictures_of_other_formats_may_be_read(data: bytes) -> None:
    """Nobody says that five formats are all."""
    assert "image.unreadable" not in judged((upload(data, test=True), result())).broken
    assert "image.unreadable" in judged((upload(b"Just words.", test=True), result())).broken


def test_a_file_needs_no_name() -> None:
    """A part without a file name that holds a picture may count as a file, or not."""
    request = multipart({"image": ("x", "image/png", PICTURE.data), "test": True})
    body = request.body.replace(b'; filename="x"', b"")
    bare = type(request)(request.method, request.path, "", request.headers, body)
    for response in (result(), refusal(400, 1016)):
        assert "image.as-string" not in judged((bare, response)).broken


def test_too_much_may_be_stopped_by_a_gateway() -> None:
    """A 413 without an error object has the right status and no code."""
    large = upload(PICTURE.data + bytes(31_457_280), test=True)
    assert "image.bytes" not in judged((large, refusal(413, None))).broken | judged((large, None)).broken
    assert "image.bytes" in judged((large, result())).broken


def test_another_matting_is_no_wrong_orientation() -> None:
    """Only an opacity that fits the stored picture better than the upright one is at fault."""
    drawing = Drawing(kind="jpeg", orientation=3, left=45, top=15, bottom=40)
    turned = Drawing(left=20, right=45, top=40, bottom=15)
    request = upload(draw(drawing))
    assert "image.orientation" in judged((request, result(body=_cut_out(drawing, faint=60)))).kept
    assert "image.orientation" not in judged((request, result(body=_cut_out(drawing, faint=245)))).broken
    assert "image.orientation" in judged((request, result(body=_cut_out(turned)))).broken


def test_a_result_with_a_watermark_does_not_show_the_foreground() -> None:
    """What is printed over a test could be anything."""
    drawing = Drawing(kind="jpeg", orientation=3, left=45, top=15, bottom=40)
    turned = Drawing(left=20, right=45, top=40, bottom=15)
    assert "image.orientation" not in judged((upload(draw(drawing), test=True), result(body=_cut_out(turned)))).broken


def test_base64_text_may_be_missing_altogether() -> None:
    """That long text is refused says something only where short text is taken."""
    pad = base64.b64encode(PICTURE.data + bytes(749_000 - len(PICTURE.data))).decode()
    long, short = multipart({"image.base64": pad, "test": True}), multipart({"image.base64": TEXT, "test": True})
    assert "image.base64-limit" not in judged((long, refusal())).broken
    assert "image.base64-limit" in judged((short, result()), (long, refusal())).broken


def test_several_pictures_of_one_size_tell_nothing() -> None:
    """Only sizes show which picture was used."""
    request = multipart({"image": ("x", "image/png", PICTURE.data), "image.base64": TEXT, "test": True})
    assert "image.several" not in judged((request, result())).kept
