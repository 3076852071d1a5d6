"""Pages of another origin use the mock with ``fetch``, in a real browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import Error

from mockserver.mock import Mock
from pictures import disc, encoded
from serving import ACCOUNT, MODELS, REMOVE
from tests.browser.fetching import FAILED, SAMPLE, authorization, fetched, pixian, result

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from browsing import Chromium, Complaints

pytestmark = pytest.mark.thorough

CONTROL = "/_mock/v1"
DRAW = """async ([url, crossOrigin]) => {
  const image = new Image();
  if (crossOrigin !== null) image.crossOrigin = crossOrigin;
  image.src = url;
  await image.decode();
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  return [...context.getImageData(image.width / 2, image.height / 2, 1, 1).data];
}"""
DRAW_FETCHED = """async ([url]) => {
  const bitmap = await createImageBitmap(await (await fetch(url)).blob());
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  return [...context.getImageData(bitmap.width / 2, bitmap.height / 2, 1, 1).data];
}"""


def test_a_request_with_credentials_is_asked_about_first(stranger: Page, mock: Mock, context: BrowserContext) -> None:
    """The browser sends a preflight request because of the field; the page gets its picture."""
    session = context.new_cdp_session(stranger)
    session.send("Network.enable")
    seen: list[str] = []
    session.on("Network.requestWillBeSent", lambda event: seen.append(event["request"]["method"]))
    assert pixian(stranger, mock, "asked-about")["status"] == 200
    assert sorted(seen) == ["OPTIONS", "POST"]


def test_a_simple_request_is_sent_at_once(stranger: Page, mock: Mock, complaints: Complaints) -> None:
    """A form without credentials needs no leave; the page can read why it is refused, and what is asked for."""
    complaints.expect("status of 401")
    told = pixian(stranger, mock, "nobody", headers={})
    assert told["status"] == 401
    assert json.loads(told["body"])["error"]["code"] == 1001
    assert told["headers"]["www-authenticate"].startswith("Basic realm=")


@pytest.mark.parametrize("path", [ACCOUNT, MODELS])
def test_other_operations_are_open_to_pages_too(stranger: Page, mock: Mock, path: str) -> None:
    """All that a provider has."""
    field = authorization("reader") if path == ACCOUNT else "Bearer sk-reader"
    told = fetched(stranger, mock.url + path, headers={"Authorization": field})
    assert told["status"] == 200
    assert json.loads(told["body"])


@pytest.mark.parametrize("test", ["true", "false"])
def test_all_documented_fields_can_be_read(stranger: Page, mock: Mock, test: str) -> None:
    """What a program that is no page sees of them, the page sees, too."""
    form = {"image.url": SAMPLE, "test": test}
    told = pixian(stranger, mock, "exposed", form=form)
    plain = httpx.post(mock.url + REMOVE, data=form, auth=("exposed", "secret"), trust_env=False, timeout=30)
    documented = {name: value for name, value in plain.headers.items() if name.startswith("x-")}
    assert {"x-credits-charged", "x-input-orientation", "x-result-foreground"} <= set(documented)
    assert ("x-credits-calculated" in documented) == (test == "true")
    assert documented.items() <= told["headers"].items()


def test_the_picture_is_the_one_that_was_sent(stranger: Page, mock: Mock) -> None:
    """A file in a form arrives whole; its boundary is the browser's."""
    picture = encoded(disc())
    told = stranger.evaluate(
        """async ([url, authorization, bytes]) => {
          const body = new FormData();
          body.set("image", new File([new Uint8Array(bytes)], "disc.png", { type: "image/png" }));
          const response = await fetch(url, { method: "POST", headers: { Authorization: authorization }, body });
          return [response.headers.get("X-Input-Size"), [...new Uint8Array(await response.arrayBuffer())]];
        }""",
        [mock.url + REMOVE, authorization("uploader"), list(picture)],
    )
    assert told[0] == "160 120"
    assert bytes(told[1]).startswith(b"\x89PNG")


@pytest.mark.parametrize("mode", ["omit", "same-origin", "include"])
def test_any_mode_of_credentials_will_do(stranger: Page, mock: Mock, mode: str) -> None:
    """The field ``Authorization`` is the page's own and goes with all of them."""
    assert pixian(stranger, mock, "any-mode", credentials=mode)["status"] == 200


@pytest.mark.parametrize(("mode", "status"), [("omit", 401), ("include", 200)])
def test_only_who_includes_credentials_has_the_browser_log_in(
    chrome: Chromium, mock: Mock, elsewhere: str, mode: str, status: int
) -> None:
    """Asked for a password, the browser sends the one it knows, or asks its user for one, and the page waits."""
    with chrome.awake():
        context = chrome.browser.new_context(http_credentials={"username": "known", "password": "secret"})
        page = context.new_page()
        page.goto(elsewhere)
        assert pixian(page, mock, "", headers={}, credentials=mode)["status"] == status
        context.close()


@pytest.mark.parametrize("mode", ["anonymous", "use-credentials"])
def test_a_result_can_be_drawn_and_read(stranger: Page, mock: Mock, mode: str) -> None:
    """Fetched from its URL, or loaded as a picture with ``crossOrigin``, it leaves the canvas clean."""
    url = result(stranger, mock, "sk-drawn")
    fetched_pixel = stranger.evaluate(DRAW_FETCHED, [url])
    assert fetched_pixel[3] == 255
    assert stranger.evaluate(DRAW, [url, mode]) == fetched_pixel


def test_a_result_without_cross_origin_taints_the_canvas(stranger: Page, mock: Mock) -> None:
    """As it does everywhere: it can be seen, and not read."""
    url = result(stranger, mock, "sk-tainted")
    with pytest.raises(Error, match="tainted"):
        stranger.evaluate(DRAW, [url, None])


def test_the_control_api_is_closed_to_pages(stranger: Page, mock: Mock, complaints: Complaints) -> None:
    """They read nothing, and what they send without asking changes nothing."""
    complaints.expect("blocked by CORS policy", "net::ERR_FAILED", "status of 403", "ERR_BLOCKED_BY_RESPONSE")
    assert fetched(stranger, f"{mock.url}{CONTROL}/health")["failed"] == FAILED
    assert fetched(stranger, f"{mock.url}{CONTROL}/tenants/me", method="DELETE")["failed"] == FAILED
    before = mock.journal.next_number
    pixian(stranger, mock, "remembered")
    fetched(stranger, f"{mock.url}{CONTROL}/reset", method="POST", mode="no-cors")
    assert mock.journal.next_number == before + 1
    assert mock.journal.find()


def test_the_control_api_is_open_to_pages_that_it_was_told_of(stranger: Page, elsewhere: str) -> None:
    """With ``--allow-origin`` they can script the mock themselves."""
    with Mock(allow_origins=[elsewhere]) as mock:
        told = fetched(
            stranger,
            f"{mock.url}{CONTROL}/tenants/me/script",
            method="PUT",
            headers={"Content-Type": "application/json"},
            body='["ok"]',
        )
        assert told["status"] == 200
        assert fetched(stranger, f"{mock.url}{CONTROL}/health")["status"] == 200


@pytest.mark.parametrize(("permissions", "status"), [([], 0), (["local-network-access"], 200)], ids=["none", "granted"])
def test_a_public_page_needs_its_users_leave(
    chrome: Chromium, mock: Mock, elsewhere: str, permissions: list[str], status: int
) -> None:
    """Chromium asks before a page of the internet reaches this machine; the mock cannot answer for its user."""
    place = elsewhere.removeprefix("http://")
    with chrome.awake():
        browser = chrome.launch(f"--ip-address-space-overrides={place}=public")
        context = browser.new_context(permissions=permissions)
        page = context.new_page()
        page.goto(elsewhere)
        assert pixian(page, mock, "public")["status"] == status
        browser.close()
