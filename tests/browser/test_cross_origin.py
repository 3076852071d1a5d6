"""Pages of another origin use the mock with ``fetch``, in a real browser."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from playwright.sync_api import Error

from mockserver.mock import Mock
from pictures import disc, encoded
from serving import ACCOUNT, CHAT, CONVERSATION, MODELS, REMOVE, script

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from browsing import Chromium, Complaints

CONTROL = "/_mock/v1"
SAMPLE = "https://example.com/example.jpeg"
FAILED = "TypeError: Failed to fetch"
FETCH = """async ([url, { form, empty, ...options }]) => {
  if (form) {
    options.body = new FormData();
    for (const [name, value] of Object.entries(form)) options.body.set(name, value);
  }
  if (empty) {
    options.body = new FormData();
    options.body.set("image", new Blob([new Uint8Array(empty)]), "large.png");
  }
  const told = { status: 0, headers: {}, body: "", failed: "" };
  try {
    const response = await fetch(url, options);
    told.status = response.status;
    told.headers = Object.fromEntries(response.headers);
    told.body = await response.text();
  } catch (error) {
    told.failed = String(error);
  }
  return told;
}"""
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


@pytest.fixture
def stranger(page: Page, elsewhere: str) -> Page:
    """A page of another origin than the mock's."""
    page.goto(elsewhere)
    return page


def fetched(page: Page, url: str, **options: object) -> dict[str, Any]:
    """Return what *page* was told of the answer when it fetched *url* with *options*."""
    told: dict[str, Any] = page.evaluate(FETCH, [url, options])
    return told


def pixian(page: Page, mock: Mock, user: str, **options: object) -> dict[str, Any]:
    """Have *page* ask Pixian for a picture, as *user* with the secret of all tests here."""
    asked: dict[str, object] = {"method": "POST", "headers": {"Authorization": authorization(user)}}
    return fetched(page, mock.url + REMOVE, **asked | {"form": {"image.url": SAMPLE}} | options)


def xty(page: Page, mock: Mock, key: str) -> dict[str, Any]:
    """Have *page* ask XTY for a picture with *key*."""
    fields = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return fetched(page, mock.url + CHAT, method="POST", headers=fields, body=json.dumps(CONVERSATION))


def authorization(user: str) -> str:
    """Return the value of the field ``Authorization`` for *user*."""
    return f"Basic {b64encode(f'{user}:secret'.encode()).decode()}"


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


@pytest.mark.parametrize("status", [400, 401, 402, 413, 429, 500, 503])
def test_refusals_of_pixian_can_be_read(stranger: Page, mock: Mock, complaints: Complaints, status: int) -> None:
    """With their status, and the error object."""
    complaints.expect(f"status of {status}")
    script(mock, f"refused-{status}", str(status))
    told = pixian(stranger, mock, f"refused-{status}")
    assert told["status"] == json.loads(told["body"])["error"]["status"] == status


@pytest.mark.parametrize("status", [400, 401, 403, 413, 503])
def test_refusals_of_xty_can_be_read(stranger: Page, mock: Mock, complaints: Complaints, status: int) -> None:
    """With the number that helps to ask what went wrong."""
    complaints.expect(f"status of {status}")
    script(mock, f"sk-refused-{status}", str(status))
    told = xty(stranger, mock, f"sk-refused-{status}")
    assert told["status"] == status
    assert json.loads(told["body"])["error"]["message"]
    assert told["headers"]["x-oneapi-request-id"]


def test_refusals_without_a_body_can_be_told(stranger: Page, mock: Mock, complaints: Complaints) -> None:
    """XTY's limiter says no more than the status."""
    complaints.expect("status of 429")
    script(mock, "sk-limited", "429")
    told = xty(stranger, mock, "sk-limited")
    assert (told["status"], told["body"], told["failed"]) == (429, "", "")


def test_errors_that_are_web_pages_can_be_read(stranger: Page, mock: Mock, complaints: Complaints) -> None:
    """So that a page can be tested against them."""
    complaints.expect("status of 502")
    script(mock, "webpage", {"fault": "status", "status": 502, "body": "html"})
    told = pixian(stranger, mock, "webpage")
    assert told["status"] == 502
    assert told["headers"]["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/api/v2/remove-backgroud", "/v1/chat/completion"])
def test_a_misspelt_path_is_told(stranger: Page, mock: Mock, complaints: Complaints, path: str) -> None:
    """The page reads the provider's own refusal, also where the browser has to ask first."""
    complaints.expect("status of 404")
    told = fetched(stranger, mock.url + path, method="POST", headers={"Authorization": "Bearer sk-x"})
    assert told["status"] == 404
    assert told["body"]


@pytest.mark.parametrize("size", [32_000_000, 60_000_000])
def test_an_upload_that_is_too_large_is_told(stranger: Page, mock: Mock, complaints: Complaints, size: int) -> None:
    """Although the server does not want the rest of it."""
    complaints.expect("status of 413")
    told = pixian(stranger, mock, "large", form=None, empty=size)
    assert (told["status"], told["failed"]) == (413, "")
    assert json.loads(told["body"])["error"]["code"] == 1012


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


@pytest.mark.parametrize(
    "word",
    [
        {"fault": "truncate", "after": 1000},
        {"fault": "truncate", "after": 0},
        {"fault": "reset", "after": 500},
        {"fault": "reset"},
        {"fault": "close"},
    ],
    ids=str,
)
def test_what_breaks_is_no_success(stranger: Page, mock: Mock, complaints: Complaints, word: dict[str, object]) -> None:
    """No page takes half a picture for a whole one: ``fetch`` fails, or the reading of its body."""
    complaints.expect("net::ERR_")
    tenant = "-".join(map(str, word.values()))
    script(mock, tenant, word, word)  # see the next test
    told = pixian(stranger, mock, tenant)
    assert told["failed"] == FAILED
    assert told["body"] == ""
    assert told["status"] in ({200} if "after" in word else {0})


def test_a_browser_repeats_what_an_old_connection_breaks_off(stranger: Page, mock: Mock) -> None:
    """Without a word to the page, even a POST, and once: so one word of a script may not be enough to see a failure."""
    assert pixian(stranger, mock, "repeated")["status"] == 200  # leaves a connection open
    script(mock, "repeated", {"fault": "reset"})
    assert pixian(stranger, mock, "repeated")["status"] == 200
    assert len([one for one in mock.journal.find() if one.tenant == "repeated"]) == 3


def result(page: Page, mock: Mock, key: str) -> str:
    """Return the URL of a result that *page* got with *key*."""
    told = xty(page, mock, key)
    url = json.loads(told["body"])["choices"][0]["message"]["content"]
    assert url.startswith(mock.url)
    return str(url)


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


def test_an_expired_result_is_told(stranger: Page, mock: Mock, complaints: Complaints) -> None:
    """The page reads the status, and does not draw the error."""
    complaints.expect("status of 404")
    url = result(stranger, mock, "sk-mock-expired-results")
    assert fetched(stranger, url)["status"] == 404


def test_the_control_api_is_closed_to_pages(stranger: Page, mock: Mock, complaints: Complaints) -> None:
    """They read nothing, and what they send without asking changes nothing."""
    complaints.expect("blocked by CORS policy", "net::ERR_FAILED", "status of 403")
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
