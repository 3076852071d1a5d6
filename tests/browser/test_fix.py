"""The fix of a wrong request on the page: what to change, code to copy, and a form in which to change it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from playwright.sync_api import expect

from dashboard import PICTURE, TIMES, ask, at, control, cut_out

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from browsing import Complaints
    from mockserver.mock import Mock

pytestmark = pytest.mark.usefixtures("mock")  # which is stopped after the page is closed

REMOVE, CHAT = "/api/v2/remove-background", "/v1/chat/completions"
URL = "https://example.com/example.jpeg"
WRONG_CHAT = {
    "model": "removebg",
    "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": URL}]}],
}


def post(mock: Mock, path: str = REMOVE, **options: Any) -> None:  # noqa: ANN401  as httpx has them
    """Send something to *mock*, as the caller anna or with her key."""
    who: dict[str, Any] = {"auth": ("anna", "secret")}
    if path == CHAT:
        who = {"headers": {"Authorization": "Bearer sk-the-key-of-anna"}}
    httpx.post(f"{mock.url}{path}", trust_env=False, timeout=30, **{**who, **options})


def fix(page: Page) -> Locator:
    """Return the part of the page that tells the fix."""
    return page.locator("section.fix")


def change(page: Page) -> None:
    """Take the request that is shown last on the page up, to be changed."""
    page.get_by_role("button", name="Change and send").last.click()
    expect(page.get_by_role("heading", name="Try it")).to_be_visible()


def test_a_fix_that_failed_is_asked_for_again(page: Page, mock: Mock, complaints: Complaints) -> None:
    """Only a refusal is remembered."""
    complaints.expect("status of 500")
    cut_out(mock, **{"output.format": "jpg"})
    page.route("**/journal/0/fix", lambda route: route.fulfill(status=500, json={}), times=1)
    page.goto(at(mock, "calls/0"))
    expect(fix(page).locator("tbody tr")).to_have_count(1)


def test_a_fix_is_told_and_copied(page: Page, mock: Mock) -> None:
    """Each change with its reason, and code that sends the request with all of them."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cut_out(mock, **{"output.format": "jpg", "outputJpegQuality": "120"})
    page.goto(at(mock, "calls/0"))
    rows = fix(page).locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0).locator("td").nth(1)).to_have_text("jpeg")
    expect(rows.nth(0)).to_contain_text("is not one of auto, png, jpeg, delta_png")
    expect(rows.nth(1).locator("td").nth(1)).to_have_text("output.jpeg_quality 100")
    fix(page).get_by_role("tab", name="Python").click()
    page.get_by_role("button", name="Copy the fix").click()
    expect(fix(page).get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert '("output.format", (None, "jpeg"))' in copied
    assert "jpg" not in copied


def test_tabs_of_fix_and_call_are_told_apart(page: Page, mock: Mock) -> None:
    """Both show the language that was chosen, each in its own panel."""
    cut_out(mock, **{"output.format": "jpg"})
    page.goto(at(mock, "calls/0"))
    fix(page).get_by_role("tab", name="Ruby").click()
    panels = page.get_by_role("tabpanel", name="Ruby")
    expect(panels).to_have_count(2)
    expect(panels.nth(0)).to_contain_text('"jpeg"')
    expect(panels.nth(1)).to_contain_text('"jpg"')


def test_a_right_call_has_no_fix(page: Page, mock: Mock) -> None:
    """Nothing is offered where nothing is wrong, and whoever was refused all the same is told so."""
    ask(mock, "PUT", "tenants/anna/script", ["429"])
    cut_out(mock)
    cut_out(mock)
    page.goto(at(mock, "calls/0"))
    expect(page.get_by_text("Nothing is wrong with the request itself")).to_be_visible()
    expect(page.get_by_text("After a first 429 the thread waits at least 5 seconds")).to_be_visible()
    expect(page.get_by_text("is not repeated unchanged")).to_have_count(0)  # which speaks of others than 429
    expect(fix(page)).to_have_count(0)
    page.goto(at(mock, "calls/1"))
    expect(page.get_by_role("heading", name="200 removeBackground")).to_be_visible()
    expect(page.get_by_text("Nothing is wrong with the request itself")).to_have_count(0)


@pytest.mark.parametrize("way", ["image", "image.base64", "image.url"])
def test_a_form_is_changed_and_sent(page: Page, mock: Mock, way: str) -> None:
    """The form holds what was sent: the picture in the way it came, and every field, also those nobody knows."""
    sent = {
        "image": ("photo.png", PICTURE, "image/png"),
        "image.base64": (None, base64.b64encode(PICTURE).decode()),
        "image.url": (None, URL),
    }[way]
    fields = {"result.target_size": (None, "300 200"), "colourfulness": (None, "9")}
    post(mock, files={way: sent, **fields})
    page.goto(at(mock, "calls/0"))
    change(page)
    expect(page.get_by_text("All below is as in call 0")).to_be_visible()
    expect(page.get_by_label("result.target_size")).to_have_value("300 200")
    expect(page.get_by_label("colourfulness")).to_have_value("9")
    page.get_by_label("result.target_size").fill("310 210")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text(f"310 {TIMES} 210 pixels")).to_be_visible()
    again = control(mock, "journal/1")["parameters"]
    assert again.pop("result.target_size") == "310 210"
    before = control(mock, "journal/0")["parameters"]
    del before["result.target_size"]
    if way != "image":
        assert again == before
    else:
        assert set(again) == set(before)


def test_a_chat_is_fixed_changed_and_sent(page: Page, mock: Mock) -> None:
    """The form holds the mended request."""
    post(mock, CHAT, json=WRONG_CHAT)
    page.goto(at(mock, "calls/0"))
    expect(fix(page).locator("tbody tr")).to_have_count(2)
    fix(page).get_by_role("button", name="Change and send").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="200 createChatCompletion")).to_be_visible()


def test_a_body_that_nobody_can_read_leaves_an_empty_form(page: Page, mock: Mock) -> None:
    """It can be filled in."""
    post(mock, content=b"rubbish", headers={"Content-Type": "multipart/form-data; boundary=b"})
    page.goto(at(mock, "calls/0"))
    change(page)
    expect(page.get_by_label("result.target_size")).to_have_value("")
    page.get_by_role("button", name="by URL").click()
    page.get_by_label("image.url").fill(URL)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="200 removeBackground")).to_be_visible()


def test_a_wrong_try_is_fixed_in_the_form(page: Page, mock: Mock, complaints: Complaints) -> None:
    """One click, and the form holds the mended request, by the same caller."""
    complaints.expect("status of 400")
    page.goto(at(mock, "try"))
    page.get_by_role("button", name="by URL").click()
    page.get_by_label("image.url").fill("example.com/example.jpeg")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="Put it into the form").click()
    expect(page.get_by_label("image.url")).to_have_value(URL)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="200 removeBackground")).to_be_visible()


def test_parameters_in_the_query_are_found_though_nothing_was_refused(page: Page, mock: Mock) -> None:
    """They had no effect, and the fix says where they belong."""
    post(mock, files={"image.url": (None, URL)}, params={"test": "true"})
    page.goto(at(mock, "calls/0"))
    expect(fix(page).locator("tbody th")).to_have_text(["Query"])
    expect(fix(page).locator("pre")).to_contain_text("test=true")


def test_hostile_values_stay_texts(page: Page, mock: Mock) -> None:
    """Whatever was sent is shown, and does nothing, in the fix as in the form."""
    bad = '"><img src=x onerror=alert(1)>'
    post(mock, files={"image.url": (None, URL), bad: (None, bad), "test": (None, bad), "__proto__": (None, "1")})
    page.goto(at(mock, "calls/0"))
    expect(fix(page).locator("tbody tr").first).to_contain_text(bad)
    change(page)
    expect(page.get_by_label("Another value of test")).to_have_value(bad)
    assert page.locator("img[src=x]").count() == 0


def test_a_call_without_a_picture_asks_for_none(page: Page, mock: Mock, complaints: Complaints) -> None:
    """The browser's console stays empty, though the request had a body."""
    post(mock, CHAT, json={"model": "remove-bg", "messages": [{"role": "user", "content": "hello"}]})
    page.goto(at(mock, "calls/0"))
    expect(page.get_by_text("The request held no picture that can be shown.")).to_be_visible()
    assert complaints.unexpected == []
