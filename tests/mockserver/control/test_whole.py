"""A result that refers to the pixels of its input, put together with that by the control API."""

from __future__ import annotations

import base64
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from PIL import Image, ImageCms

from mockserver.samples import picture_folder
from pictures import disc, encoded, pixels
from plain import NO_TLS
from tests.mockserver.control.asking import PATIENCE, Control, account, happened

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.journal import Entry
    from mockserver.mock import Mock

REMOVE = "/api/v2/remove-background"
DELTA, PLAIN = {"output.format": "delta_png"}, {"output.format": "png"}
WHOLE = "?whole=true"
ORIENTATION = 0x112
SAMPLE = "https://example.com/example.jpeg"


@pytest.fixture(autouse=True)
def _answers_keep_the_contract() -> None:
    """Take the place of the watch over all answers: here, some are wrong on purpose."""


def send(mock: Mock, image: bytes | str, fields: dict[str, str]) -> bytes:
    """Return the answer's body to ``anna``, who sends *image*, or its URL, with *fields*."""
    url = f"{mock.url}{REMOVE}"
    parts: Any = {"image": ("picture", image)} if isinstance(image, bytes) else {"image.url": (None, image)}
    answer = httpx.post(
        url, files=parts, data=fields, auth=("anna", "x"), trust_env=False, verify=NO_TLS, timeout=PATIENCE
    )
    return answer.content


def latest(mock: Mock, control: Control, count: int = 1) -> Entry:
    """Return the latest of *count* exchanges, once they have ended."""
    entry = mock.journal.get(happened(control, count)[-1]["number"])
    assert entry is not None
    return entry


def whole(control: Control, entry: Entry, query: str = WHOLE) -> httpx.Response:
    """Return the result of *entry*, put together, which must be there."""
    answer = control.ask("GET", f"/journal/{entry.number}/result{query}")
    assert answer.status_code == 200, answer.text
    return answer


def missing(control: Control, entry: Entry) -> str:
    """Return why the result of *entry* cannot be put together."""
    return control.refuse("GET", f"/journal/{entry.number}/result{WHOLE}", 404)[1]


def refers(control: Control, entry: Entry) -> bool:
    """Return whether the details of *entry* say that its result refers to the input."""
    told: bool = control.tell("GET", f"/journal/{entry.number}")["pictures"]["refers_to_input"]
    return told


def turned(orientation: int, form: str) -> bytes:
    """Return a picture that is to be shown with an EXIF *orientation*."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return encoded(disc((61, 43), (8, 12, 40, 30)), form, exif=exif)


def translucent() -> bytes:
    """Return a picture with some transparency of its own."""
    picture = disc((60, 40), (10, 10, 50, 30)).convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").resize((60, 40)))
    return encoded(picture)


PICTURES: dict[str, Callable[[], bytes | str]] = {
    "photograph": (picture_folder() / "example.jpeg").read_bytes,
    "turned photograph": (picture_folder() / "rotated.jpeg").read_bytes,
    "sample by URL": lambda: SAMPLE,
    "translucent": translucent,
    "white": lambda: encoded(Image.new("RGB", (40, 30), "white")),
    "one pixel": lambda: encoded(Image.new("RGB", (1, 1), (1, 2, 3))),
    "16 bits": lambda: encoded(Image.new("I;16", (30, 20), 40_000)),
    "CMYK": lambda: encoded(disc().convert("CMYK"), "JPEG"),
    "profile": lambda: encoded(disc(), icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()),
    "GIF": lambda: encoded(disc(), "GIF"),
    "BMP": lambda: encoded(disc(), "BMP"),
    "TIFF": lambda: encoded(disc(), "TIFF"),
    **{f"JPEG, {way}": partial(turned, way, "JPEG") for way in range(2, 9)},
    **{f"PNG, {way}": partial(turned, way, "PNG") for way in range(2, 9)},
}


@pytest.mark.parametrize("watermark", ["false", "true"])
@pytest.mark.parametrize("case", PICTURES)
def test_it_is_what_a_plain_png_would_have_been(mock: Mock, control: Control, case: str, watermark: str) -> None:
    """To the last pixel: turned as the camera was held, in the same colours, with the same print over it."""
    picture = PICTURES[case]()
    delta = send(mock, picture, {**DELTA, "test": watermark})
    entry = latest(mock, control)
    assert refers(control, entry)
    answer = whole(control, entry)
    assert answer.headers["Content-Type"] == "image/png"
    plain = send(mock, picture, {**PLAIN, "test": watermark})
    assert answer.content == plain
    assert whole(control, entry, "").content == delta


def test_what_a_delta_ignores_is_not_put_in(mock: Mock, control: Control) -> None:
    """A colour, a crop and a size say nothing of it, so that they change nothing."""
    picture = encoded(disc())
    ignored = {"background.color": "#00FF00", "result.crop_to_foreground": "true", "result.target_size": "30 30"}
    send(mock, picture, {**DELTA, **ignored})
    found = whole(control, latest(mock, control)).content
    assert found == send(mock, picture, PLAIN)
    assert not (pixels(found) == (0, 255, 0, 255)).all(axis=2).any()


@pytest.mark.parametrize("fields", [PLAIN, {"output.format": "jpeg"}, {}])
def test_what_refers_to_nothing_is_given_as_it_is(mock: Mock, control: Control, fields: dict[str, str]) -> None:
    """Byte for byte."""
    sent = send(mock, encoded(disc()), fields)
    entry = latest(mock, control)
    assert not refers(control, entry)
    assert whole(control, entry).content == sent
    assert whole(control, entry, "?whole=1&show=true").content == sent


def test_a_result_of_another_provider_is_given_as_it_is(mock: Mock, control: Control) -> None:
    """Also where the answer only names it, and where it is fetched from there."""
    url = "data:image/png;base64," + base64.b64encode(encoded(disc())).decode()
    message = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}
    answer = httpx.post(
        f"{mock.url}/v1/chat/completions",
        json={"model": "remove-bg", "messages": [message]},
        headers={"Authorization": "Bearer sk-carla"},
        trust_env=False,
        verify=NO_TLS,
        timeout=PATIENCE,
    )
    hosted = answer.json()["choices"][0]["message"]["content"]
    picture = httpx.get(hosted, trust_env=False, verify=NO_TLS, timeout=PATIENCE).content
    exchanges = happened(control, 2)
    for exchange in exchanges:
        entry = mock.journal.get(exchange["number"])
        assert entry is not None
        assert not refers(control, entry)
        assert whole(control, entry).content == picture


def test_who_was_refused_has_no_result(mock: Mock, control: Control) -> None:
    """Whatever was asked for; and an exchange without an answer has none either."""
    send(mock, b"no picture", DELTA)
    entry = latest(mock, control)
    assert not refers(control, entry)
    assert "no picture" in missing(control, entry)
    account(mock, "anna")
    entry = latest(mock, control, 2)
    assert not refers(control, entry)
    assert "no picture" in missing(control, entry)
    control.tell("PUT", "/tenants/anna/script", [{"fault": "close"}])
    with pytest.raises(httpx.RemoteProtocolError):
        send(mock, encoded(disc()), DELTA)
    entry = latest(mock, control, 3)
    assert not refers(control, entry)
    assert "has no answer" in missing(control, entry)


def test_what_is_no_longer_held_cannot_be_put_together(mock: Mock, control: Control) -> None:
    """The input as little as the result."""
    send(mock, encoded(disc()), DELTA)
    entry = latest(mock, control)
    entry.request_body.let_go()
    assert "body of the request is no longer held" in missing(control, entry)
    entry.let_go()
    assert not refers(control, entry)
    assert "body of the answer is no longer held" in missing(control, entry)


def spoil(entry: Entry, picture: bytes, *, result: bool) -> None:
    """Have *entry* hold another *picture* as its result, or as its input."""
    if result:
        assert entry.response_body is not None
        entry.response_body = replace(entry.response_body, data=picture)
    else:
        entry.picture = picture


GOOD = encoded(disc())


@pytest.mark.parametrize("result", [False, True])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"This was to be a picture.\n",
        GOOD[:20],
        GOOD[: len(GOOD) // 2],
        GOOD.replace(b"IDAT", b"IDOT"),
        encoded(Image.new("1", (40_000, 40_000))),
        b"BM" + b"\xff" * 40,
        b"GIF89a" + b"\xff" * 40,
    ],
    ids=["empty", "text", "header", "half", "chunks", "pixels", "bmp", "gif"],
)
def test_damaged_pictures_are_refused(mock: Mock, control: Control, data: bytes, *, result: bool) -> None:
    """And those of more pixels than are ever read, before memory is taken for them."""
    send(mock, GOOD, DELTA)
    entry = latest(mock, control)
    spoil(entry, data, result=result)
    assert missing(control, entry)


@pytest.mark.parametrize("size", [(120, 160), (160, 121), (1, 1)])
@pytest.mark.parametrize("result", [False, True])
def test_pictures_of_other_sizes_are_refused(
    mock: Mock, control: Control, size: tuple[int, int], *, result: bool
) -> None:
    """The sentence names both."""
    send(mock, GOOD, DELTA)
    entry = latest(mock, control)
    spoil(entry, encoded(Image.new("RGBA", size)), result=result)
    told = missing(control, entry)
    assert f"{size[0]} x {size[1]}" in told
    assert "160 x 120" in told


def test_a_result_spoiled_on_purpose_is_refused(mock: Mock, control: Control) -> None:
    """A line of text instead of a picture."""
    control.tell("PUT", "/tenants/anna/script", [{"fault": "no-image"}])
    send(mock, GOOD, DELTA)
    assert "cannot be put together" in missing(control, latest(mock, control))


@pytest.mark.parametrize(
    ("query", "field"), [("?whole=yes", "whole"), ("?whole=", "whole"), ("?whole=1&whole=1", "whole")]
)
def test_wrong_parameters_are_refused(mock: Mock, control: Control, query: str, field: str) -> None:
    """As everywhere; and of the input there is but the whole."""
    send(mock, GOOD, DELTA)
    number = latest(mock, control).number
    assert control.refuse("GET", f"/journal/{number}/result{query}")[0] == field
    assert control.refuse("GET", f"/journal/{number}/input{WHOLE}")[0] == "whole"
