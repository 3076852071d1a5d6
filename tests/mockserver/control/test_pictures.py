"""The pictures of an exchange through the control API: the one that was sent, and the one that came back."""

from __future__ import annotations

import base64
from contextlib import closing
from typing import TYPE_CHECKING

import httpx
import pytest
from PIL import Image

from contracts.clock import Clock
from mockserver.imaging import thumbnail
from mockserver.mock import Mock
from mockserver.samples import picture_folder
from pictures import decoded, disc, encoded
from plain import NO_TLS
from tests.mockserver.control.asking import PATIENCE, PICTURE, Control, account, happened, remove

if TYPE_CHECKING:
    from collections.abc import Mapping

REMOVE, CHAT = "/api/v2/remove-background", "/v1/chat/completions"
SAMPLES = {
    "pixian": ("https://example.com/example.jpeg", picture_folder() / "example.jpeg"),
    "xty": ("https://file.xty.app/docs/msk.jpg", picture_folder() / "msk.jpg"),
}
HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
}


@pytest.fixture(autouse=True)
def _answers_keep_the_contract() -> None:
    """Take the place of the watch over all answers: here, some are wrong on purpose."""


def form(mock: Mock, **files: tuple[str | None, bytes | str]) -> httpx.Response:
    """Send a form as ``anna``."""
    url = f"{mock.url}{REMOVE}"
    return httpx.post(url, files=files, auth=("anna", "x"), trust_env=False, verify=NO_TLS, timeout=PATIENCE)


def chat(mock: Mock, url: str, **rest: object) -> httpx.Response:
    """Ask for the picture at *url* without its background."""
    part = {"type": "image_url", "image_url": {"url": url}}
    body = {"model": "remove-bg", "messages": [{"role": "user", "content": [part]}], **rest}
    headers = {"Authorization": "Bearer sk-carla"}
    return httpx.post(f"{mock.url}{CHAT}", json=body, headers=headers, trust_env=False, verify=NO_TLS, timeout=PATIENCE)


def data_url(picture: bytes) -> str:
    """Return *picture* as a ``data:`` URL."""
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def latest(control: Control, name: str, query: str = "") -> httpx.Response:
    """Return the picture *name* of the latest exchange, which must be there."""
    number = happened(control, 1)[-1]["number"]
    answer = control.ask("GET", f"/journal/{number}/{name}{query}")
    assert answer.status_code == 200, answer.text
    return answer


def missing(control: Control, name: str, query: str = "") -> str:
    """Return why there is no picture *name* of the latest exchange."""
    number = happened(control, 1)[-1]["number"]
    return control.refuse("GET", f"/journal/{number}/{name}{query}", 404)[1]


def test_an_upload_is_given_back(mock: Mock, control: Control) -> None:
    """The bytes that were sent, of the type that they are, and nothing that a browser could run."""
    answer = remove(mock, "anna", test="true")
    sent, received = latest(control, "input"), latest(control, "result")
    assert (sent.content, sent.headers["Content-Type"]) == (PICTURE, "image/png")
    assert (received.content, received.headers["Content-Type"]) == (answer.content, "image/png")
    assert {name: sent.headers[name] for name in HARMLESS} == HARMLESS
    assert latest(control, "input", "?show=1").content == PICTURE


def test_base64_is_decoded(mock: Mock, control: Control) -> None:
    """In a form, and as a ``data:`` URL."""
    form(mock, **{"image.base64": (None, base64.b64encode(PICTURE))})
    assert latest(control, "input").content == PICTURE
    chat(mock, data_url(PICTURE))
    happened(control, 2)
    assert latest(control, "input").content == PICTURE


@pytest.mark.parametrize("word", ["ok", "429", {"fault": "close"}])
def test_the_url_of_a_sample_is_as_good_as_the_sample(mock: Mock, control: Control, word: object) -> None:
    """Whether the request was carried out or met a fault."""
    url, file = SAMPLES["pixian"]
    control.tell("PUT", "/tenants/anna/script", [word])
    try:
        form(mock, **{"image.url": (None, url)})
    except httpx.RemoteProtocolError:
        assert word == {"fault": "close"}
    sent = latest(control, "input")
    assert (sent.content, sent.headers["Content-Type"]) == (file.read_bytes(), "image/jpeg")
    url, file = SAMPLES["xty"]
    control.tell("PUT", "/tenants/sk-carla/script", [word])
    try:
        chat(mock, url)
    except httpx.RemoteProtocolError:
        assert word == {"fault": "close"}
    happened(control, 2)
    assert latest(control, "input").content == file.read_bytes()


def test_a_request_that_is_refused_has_its_picture(mock: Mock, control: Control) -> None:
    """Whatever else was wrong with it, and whatever the account can pay for."""
    assert remove(mock, "anna", max_pixels="many").status_code == 400
    assert latest(control, "input").content == PICTURE
    control.tell("PATCH", "/tenants/anna", {"credits": 0})
    assert remove(mock, "anna").status_code == 402
    happened(control, 2)
    assert latest(control, "input").content == PICTURE
    assert chat(mock, data_url(PICTURE), stream="perhaps").status_code == 400
    happened(control, 3)
    assert latest(control, "input").content == PICTURE
    assert "no picture" in missing(control, "result")


def test_a_picture_of_which_only_the_url_is_known_is_missing(mock: Mock, control: Control) -> None:
    """Nothing is fetched to look at it."""
    form(mock, **{"image.url": (None, "https://pictures.example/a.jpg")})
    assert "only the URL is known" in missing(control, "input")


def test_requests_without_pictures_have_none(mock: Mock, control: Control) -> None:
    """Known operations and unknown ones."""
    account(mock, "anna")
    assert "no picture" in missing(control, "input")
    assert "no picture" in missing(control, "result")
    httpx.get(f"{mock.url}/nowhere", trust_env=False, verify=NO_TLS, timeout=PATIENCE)
    happened(control, 2)
    assert "no picture" in missing(control, "input")
    assert "no picture" in missing(control, "result")


def test_an_exchange_without_an_answer_has_no_result(mock: Mock, control: Control) -> None:
    """The sentence says so."""
    control.tell("PUT", "/tenants/anna/script", [{"fault": "close"}])
    with pytest.raises(httpx.RemoteProtocolError):
        remove(mock, "anna")
    assert "has no answer" in missing(control, "result")


@pytest.mark.parametrize("stream", [False, True])
def test_a_hosted_result_is_there_while_it_lives(*, stream: bool) -> None:
    """Where the answer only names it; after its hour, it is gone for the page as well."""
    with Mock(clock=Clock(frozen=True)) as mock, closing(Control(mock)) as control:
        chat(mock, data_url(encoded(disc())), stream=stream)
        received = latest(control, "result")
        assert received.headers["Content-Type"] == "image/png"
        assert decoded(received.content).mode == "RGBA"
        mock.clock.advance(3600)
        assert "any more" in missing(control, "result")
        assert latest(control, "input").content == encoded(disc())


def test_a_result_that_was_fetched_is_a_result(mock: Mock, control: Control) -> None:
    """Of the exchange that fetched it, which sent no picture."""
    url = chat(mock, data_url(PICTURE)).json()["choices"][0]["message"]["content"]
    picture = httpx.get(url, trust_env=False, verify=NO_TLS, timeout=PATIENCE).content
    happened(control, 2)
    assert latest(control, "result").content == picture
    assert "no picture" in missing(control, "input")


@pytest.mark.parametrize("url", ["http://other.example/files/x.png", "not a url", "file:///etc/passwd", "x" * 9000])
def test_an_answer_that_names_something_else_has_no_result(mock: Mock, control: Control, url: str) -> None:
    """Only what is stored here is handed out, however the answer was spoiled."""
    fault = {"fault": "replace", "text": f"{mock.url}/files/", "by": url[:1000]}
    control.tell("PUT", "/tenants/sk-carla/script", [fault])
    chat(mock, data_url(PICTURE))
    assert "no picture" in missing(control, "result")


def test_a_picture_under_a_wrong_type_is_one(mock: Mock, control: Control) -> None:
    """The first bytes count; and what is declared to be a picture, and is none, is of no type that is shown."""
    control.tell(
        "PUT", "/tenants/anna/script", [{"fault": "content-type", "value": "text/html"}, {"fault": "no-image"}]
    )
    answer = remove(mock, "anna", test="true")
    received = latest(control, "result")
    assert (received.content, received.headers["Content-Type"]) == (answer.content, "image/png")
    answer = remove(mock, "anna", test="true")
    happened(control, 2)
    received = latest(control, "result")
    assert (received.content, received.headers["Content-Type"]) == (answer.content, "application/octet-stream")


HOSTILE: Mapping[str, bytes] = {
    "a page": b"<!DOCTYPE html><script>alert(1)</script>",
    "a drawing": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "nothing": b"",
    "half a picture": PICTURE[:30],
}


@pytest.mark.parametrize("query", ["", "?show=1"])
@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_picture_cannot_harm_a_page(mock: Mock, control: Control, case: str, query: str) -> None:
    """It has no type that browsers run, whatever type was declared, and the head forbids the rest."""
    form(mock, image=("page.html", HOSTILE[case]))
    sent = latest(control, "input", query)
    assert sent.content == HOSTILE[case]
    kind = "image/png" if case == "half a picture" else "application/octet-stream"
    assert sent.headers["Content-Type"] == kind
    assert {name: sent.headers[name] for name in HARMLESS} == HARMLESS


def tiff(picture: Image.Image, **options: object) -> bytes:
    """Return *picture* as a TIFF file."""
    return encoded(picture, "TIFF", **options)


@pytest.mark.parametrize("show", ["1", "true"])
def test_a_tiff_is_shown_as_png(mock: Mock, control: Control, show: str) -> None:
    """Only where that is asked for."""
    picture = disc((120, 80), (30, 20, 60, 50))
    form(mock, image=("scan.tiff", tiff(picture)))
    assert latest(control, "input").headers["Content-Type"] == "image/tiff"
    assert latest(control, "input", "?show=false").content == tiff(picture)
    assert latest(control, "input", "?show=0").content == tiff(picture)
    shown = latest(control, "input", f"?show={show}")
    assert shown.headers["Content-Type"] == "image/png"
    image = decoded(shown.content)
    assert (image.format, image.size) == ("PNG", (120, 80))
    assert image.convert("RGB").tobytes() == picture.convert("RGB").tobytes()


def test_a_large_tiff_is_shown_smaller(mock: Mock, control: Control) -> None:
    """A page needs no more than some thousand pixels a side."""
    form(mock, image=("scan.tiff", tiff(Image.new("L", (6000, 300), 128), compression="tiff_lzw")))
    assert decoded(latest(control, "input", "?show=1").content).size == (4096, 205)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16", "F"])
def test_a_tiff_of_any_mode_is_shown(mock: Mock, control: Control, mode: str) -> None:
    """As 8 bits a channel."""
    form(mock, image=("scan.tiff", tiff(Image.new(mode, (20, 10)))))
    image = decoded(latest(control, "input", "?show=1").content)
    assert (image.format, image.size) == ("PNG", (20, 10))


@pytest.mark.parametrize(
    "data",
    [
        b"II*\x00",
        b"MM\x00*" + b"\xff" * 500,
        tiff(disc())[:100],
        tiff(Image.new("1", (8000, 8000)), compression="group4"),
    ],
)
def test_a_tiff_that_cannot_be_shown_is_missing(mock: Mock, control: Control, data: bytes) -> None:
    """It is damaged, or has more pixels than any picture that is worked on; as it is, it can be had."""
    form(mock, image=("scan.tiff", data))
    assert "cannot be shown" in missing(control, "input", "?show=1")
    assert latest(control, "input").content == data


def test_what_is_no_longer_held_is_missing(mock: Mock, control: Control) -> None:
    """Where there is a thumbnail the sentence says where."""
    remove(mock, "anna", test="true")
    number = happened(control, 1)[-1]["number"]
    entry = mock.journal.get(number)
    assert entry is not None
    assert entry.response_body is not None
    entry.request_body.thumbnail = thumbnail(PICTURE)
    entry.let_go()
    assert missing(control, "input") == (
        "The body of the request is no longer held. The details of the exchange have a thumbnail."
    )
    assert missing(control, "result") == "The body of the answer is no longer held."


@pytest.mark.parametrize("name", ["input", "result"])
@pytest.mark.parametrize(
    ("query", "field"), [("?show=yes", "show"), ("?show=", "show"), ("?show=1&show=1", "show"), ("?size=5", "size")]
)
def test_wrong_parameters_are_refused(mock: Mock, control: Control, name: str, query: str, field: str) -> None:
    """As everywhere."""
    account(mock, "anna")
    number = happened(control, 1)[-1]["number"]
    assert control.refuse("GET", f"/journal/{number}/{name}{query}")[0] == field


@pytest.mark.parametrize("name", ["input", "result"])
def test_unknown_exchanges_have_no_pictures(control: Control, name: str) -> None:
    """The sentence names the number."""
    assert "999999" in control.refuse("GET", f"/journal/999999/{name}", 404)[1]


def test_a_page_can_look_without_taking(mock: Mock, control: Control) -> None:
    """``HEAD`` tells type and length."""
    remove(mock, "anna", test="true")
    number = happened(control, 1)[-1]["number"]
    answer = control.ask("HEAD", f"/journal/{number}/input")
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(len(PICTURE)))
