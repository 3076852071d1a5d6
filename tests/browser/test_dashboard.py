"""The page of the mock server, used as people use it: in a browser."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dashboard import STOPPED, at, cut_out
from mockserver.mock import Mock

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from browsing import Complaints

NASTY = "<img src=x onerror=window.caught=1>\"'`${alert(1)}</script>"
SCREENS = [
    (375, "light"),
    *(
        pytest.param(width, scheme, marks=pytest.mark.thorough)
        for width, scheme in [(375, "dark"), (768, "light"), (768, "dark"), (1280, "light"), (1280, "dark")]
    ),
]
PLACES = ["calls", "next", "try", "learn"]
PRESSED = """async () => {
  const { update } = await import(new URL("static/store.js", location.href));
  const press = kind => document.body.dispatchEvent(new PointerEvent(kind, { bubbles: true }));
  const notice = async () => {
    for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
    return document.querySelector(".notice span")?.innerText ?? "";
  };
  press("pointerdown");
  update({ notice: { text: "It came." } });
  const pressed = await notice();
  press("pointerup");
  return [pressed, await notice()];
}"""
TOKEN = "a-token-for-tests"  # noqa: S105  of no real server

pytestmark = pytest.mark.usefixtures("mock")  # which is stopped after the page is closed


def rows(page: Page) -> list[str]:
    """Return the text of the rows of the list."""
    return [row.inner_text() for row in page.locator("table.calls tbody tr").all()]


def held_back(page: Page) -> list[Route]:
    """Return the requests for the list from now on, which wait until nobody listens to them any more."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/v1/journal?*", hold)
    return held


def wait_for(page: Page, held: list[Route]) -> None:
    """Wait until there is one among *held*."""
    while not held:
        page.wait_for_timeout(50)


def test_a_new_user_is_told_what_to_do(page: Page, mock: Mock) -> None:
    """Before there is any call; the address to use is there to be copied."""
    page.goto(at(mock))
    expect(page.get_by_role("heading", name="No calls yet")).to_be_visible()
    expect(page.locator(".empty code")).to_have_text(mock.url)
    page.get_by_role("link", name="Send a picture from here").click()
    expect(page.get_by_role("heading", name="Try it")).to_be_visible()


def test_calls_show_up_as_they_happen(page: Page, mock: Mock) -> None:
    """Without a reload: who asked for what, how it went, what it cost."""
    page.goto(at(mock))
    expect(page.locator(".state")).to_have_text("live")
    cut_out(mock, **{"output.format": "jpeg"})
    row = page.locator("table.calls tbody tr")
    expect(row).to_have_count(1)
    for text in ("200", "removeBackground", "anna", "output.format jpeg", "0.019200"):
        expect(row).to_contain_text(text)


def test_the_list_can_be_filtered(page: Page, mock: Mock) -> None:
    """By words, callers and statuses; the address keeps the filter, and a click ends it."""
    cut_out(mock, "anna")
    cut_out(mock, "berta", **{"result.margin": "17px"})
    cut_out(mock, "berta", **{"output.format": "webp"})
    page.goto(at(mock))
    calls = page.locator("table.calls tbody tr")
    expect(calls).to_have_count(3)
    page.get_by_label("Search").fill("17PX")
    expect(calls).to_have_count(1)
    page.reload()
    expect(calls).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    expect(calls).to_have_count(3)
    page.get_by_label("Caller").select_option("berta")
    expect(calls).to_have_count(2)
    page.get_by_label("Status").fill("400")
    expect(calls).to_have_count(1)
    page.get_by_label("Search").fill("nothing like this")
    expect(page.get_by_text("No call fits these filters.")).to_be_visible()


@pytest.mark.thorough
def test_old_calls_are_a_page_away(page: Page, mock: Mock) -> None:
    """Thirty at a time, and back again."""
    for number in range(40):
        httpx.get(f"{mock.url}/api/v2/account", auth=(f"caller-{number:02}", "secret"), trust_env=False)
    page.goto(at(mock))
    expect(page.get_by_text("1 to 30 of 40")).to_be_visible()
    page.get_by_role("button", name="Older").click()
    expect(page.get_by_text("31 to 40 of 40")).to_be_visible()
    assert "caller-00" in rows(page)[-1]
    page.get_by_role("button", name="Newer").click()
    expect(page.get_by_text("1 to 30 of 40")).to_be_visible()
    assert "caller-39" in rows(page)[0]


def test_fields_are_judged_one_by_one(page: Page, mock: Mock) -> None:
    """The wrong one is told from the others, and why it is wrong; one that nobody knows as well."""
    cut_out(mock, **{"output.format": "webp", "output.fromat": "png", "test": "true"})
    page.goto(at(mock, "calls/0"))
    table = page.get_by_role("region", name="Fields of the request")
    expect(table.locator("tr", has_text="webp")).to_contain_text("is not one of")
    expect(table.locator("tr", has_text="fromat")).to_contain_text("Did you mean 'output.format'?")
    expect(table.locator("tr", has_text="test")).to_contain_text("yes")


def test_broken_rules_are_shown_with_their_source(page: Page, mock: Mock) -> None:
    """A client that does not wait after 429 is told so, at the call with which it broke the rule."""
    httpx.put(f"{mock.url}/_mock/v1/tenants/anna/script", json=["429", "ok"], trust_env=False).raise_for_status()
    cut_out(mock)
    cut_out(mock)
    page.goto(at(mock))
    expect(page.locator("table.calls tbody tr").first).to_contain_text("1 broken")
    page.goto(at(mock, "calls/1"))
    breach = page.locator(".breach")
    expect(breach).to_contain_text("pixian.client.backoff.first")
    expect(breach).to_contain_text("at least 5 s after the 1st 429")
    expect(breach).to_contain_text("source:")


@pytest.mark.parametrize("language", ["curl", "fetch (browser)", "Python (requests)", "pytest"])
def test_code_can_be_copied(page: Page, mock: Mock, language: str) -> None:
    """In many languages; what is copied is what is shown."""
    cut_out(mock, name="my photo.png")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(at(mock, "calls/0"))
    tab = page.get_by_role("tab", name=language, exact=True)
    tab.click()
    expect(tab).to_have_attribute("aria-selected", "true")
    shown = page.locator("[id^=code-] pre").inner_text()
    page.get_by_role("button", name="Copy the code").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").strip() == shown.strip()
    assert "image" in shown


def test_a_call_can_be_kept_as_an_archive(page: Page, mock: Mock) -> None:
    """As HAR, which the developer tools open: the one call, not all."""
    cut_out(mock)
    cut_out(mock)
    page.goto(at(mock, "calls/1"))
    with page.expect_download() as download:
        page.get_by_role("link", name="HAR", exact=True).click()
    entries = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))["log"]["entries"]
    assert len(entries) == 1


def test_rows_stay_under_the_pointer(page: Page, mock: Mock) -> None:
    """Whoever aims at a call opens that one, however many come meanwhile; those are shown afterwards."""
    for _ in range(3):
        cut_out(mock)
    page.goto(at(mock))
    rows = page.locator("table.calls tbody tr")
    expect(rows).to_have_count(3)
    rows.nth(1).hover()
    cut_out(mock, "berta")
    cut_out(mock, "berta")
    expect(page.get_by_text("2 newer ones, once the pointer is off the list")).to_be_visible()
    expect(rows.first.locator(".tenant")).to_have_text("anna")
    page.mouse.move(5, 5)
    expect(rows).to_have_count(5)
    expect(rows.first.locator(".tenant")).to_have_text("berta")


def test_rows_stay_though_others_are_on_their_way(page: Page, mock: Mock) -> None:
    """The pointer may come while the list is being fetched."""
    for _ in range(3):
        cut_out(mock)
    page.goto(at(mock))
    rows = page.locator("table.calls tbody tr")
    expect(rows).to_have_count(3)
    wait_for(page, held_back(page))  # the page looks every few seconds
    cut_out(mock, "berta")
    rows.nth(1).hover()
    page.unroute("**/v1/journal?*")  # which lets all of them through
    expect(page.get_by_text("1 newer one, once the pointer is off the list")).to_be_visible()
    expect(rows.first.locator(".tenant")).to_have_text("anna")
    page.mouse.move(5, 5)
    expect(rows).to_have_count(4)
    expect(rows.first.locator(".tenant")).to_have_text("berta")


def test_rows_of_another_filter_are_shown_though_the_pointer_is_there(page: Page, mock: Mock) -> None:
    """It was on the list before they came; also those are asked for that are newer than what is there."""
    for caller in ("anna", "anna", "berta"):
        cut_out(mock, caller)
    page.goto(at(mock, "calls?tenant=anna"))
    rows = page.locator("table.calls tbody tr")
    expect(rows).to_have_count(2)
    held = held_back(page)
    page.get_by_label("Caller").select_option("berta")
    wait_for(page, held)
    rows.nth(1).hover()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.unroute("**/v1/journal?*")
    expect(rows).to_have_count(1)
    assert not [url for url in (*asked, *(route.request.url for route in held)) if "before=" in url]
    expect(rows.locator(".tenant")).to_have_text("berta")


def test_pages_are_turned_by_keys_while_the_pointer_is_on_the_list(page: Page, mock: Mock) -> None:
    """Rows stay under the pointer when calls come, not when somebody asks for others."""
    for number in range(31):
        cut_out(mock, f"caller-{number:03}")
    page.goto(at(mock))
    first = page.locator("table.calls tbody tr").first.locator(".tenant")
    page.get_by_role("button", name="Older").click()
    expect(first).to_have_text("caller-000")
    first.hover()
    page.get_by_role("button", name="Newer").press("Enter")
    expect(first).to_have_text("caller-030")


def test_escape_belongs_to_the_field_one_is_in(page: Page, mock: Mock) -> None:
    """There it empties the search; anywhere else it closes the call."""
    cut_out(mock)
    page.goto(at(mock, "calls/0"))
    expect(page.locator(".detail")).to_be_visible()
    page.get_by_label("Search").press_sequentially("anna")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Search")).to_have_value("")
    expect(page.locator(".detail")).to_be_visible()
    page.locator("#detail-title").focus()
    page.keyboard.press("Escape")
    expect(page.locator(".detail")).to_have_count(0)


def test_json_is_shown_as_it_was_sent(page: Page, mock: Mock) -> None:
    """On lines of its own, but with names that come twice, and numbers to the last digit."""
    sent = '{"model":"remove-bg","model":"gpt-4","n":1.0,"seed":12345678901234567890,"a":[],"b":["x{y,\\"z",{}]}'
    httpx.post(f"{mock.url}/v1/chat/completions", content=sent, trust_env=False)
    page.goto(at(mock, "calls/0"))
    page.get_by_text("Body of the request").click()
    lines = page.get_by_role("region", name="Body of the request").locator("pre").inner_text().splitlines()
    assert lines == [
        "{",
        '  "model": "remove-bg",',
        '  "model": "gpt-4",',
        '  "n": 1.0,',
        '  "seed": 12345678901234567890,',
        '  "a": [],',
        '  "b": [',
        '    "x{y,\\"z",',
        "    {}",
        "  ]",
        "}",
    ]


def test_whatever_was_sent_stays_text(page: Page, mock: Mock) -> None:
    """File names, parameters, callers and paths are hostile; none of them becomes markup or a script."""
    cut_out(mock, "a<b>&'\"", NASTY.replace('"', ""), **{"result.margin": NASTY, NASTY: NASTY})
    httpx.get(f"{mock.url}/<script>window.caught=2</script>?{NASTY}", trust_env=False)
    page.goto(at(mock))
    expect(page.locator("table.calls tbody tr")).to_have_count(2)
    for number in (0, 1):
        page.goto(at(mock, f"calls/{number}"))
        expect(page.locator(".detail h1")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.caught") is None
        assert page.locator("main script, main img[src=x]").count() == 0


def test_rules_are_found(page: Page, mock: Mock) -> None:
    """By words, and by whom they are about, with source and assurance."""
    page.goto(at(mock, "learn"))
    page.get_by_label("Search").fill("backoff.first")
    rule = page.locator("#pixian\\.client\\.backoff\\.first")
    expect(rule).to_be_visible()
    expect(page.locator("article.rule")).to_have_count(1)
    expect(rule).to_contain_text("must")
    page.get_by_label("About").select_option("server")
    expect(page.get_by_text("0 rules")).to_be_visible()


@pytest.mark.thorough
def test_documents_are_rendered(page: Page, mock: Mock) -> None:
    """Those of the providers and that of the control API, with nothing from the network."""
    for title, operation in (
        ("Pixian.AI v2", "/api/v2/remove-background"),
        ("XTY remove-bg", "/v1/chat/completions"),
        ("The control API of this server", "/journal/{number}"),
    ):
        page.goto(at(mock, "learn"))
        page.get_by_role("link", name=title).click()
        expect(page.get_by_text(operation, exact=True).first).to_be_visible()


@pytest.mark.thorough
def test_the_page_waits_for_a_server_that_restarts(page: Page, complaints: Complaints) -> None:
    """It says that there is no answer, and goes on when there is one."""
    complaints.expect(*STOPPED)
    with Mock() as first:
        port = first.server.port
        page.goto(at(first))
        expect(page.locator(".state")).to_have_text("live")
    expect(page.locator(".state")).to_contain_text("does not answer")
    with Mock(port=port) as second:
        expect(page.locator(".state")).to_have_text("live")
        cut_out(second, "back-again")
        expect(page.locator("table.calls tbody tr")).to_contain_text(["back-again"])


def test_the_token_opens_the_page(page: Page, complaints: Complaints) -> None:
    """As the password that browsers ask for; everything on the page then works."""
    complaints.expect(*STOPPED)
    with Mock(token=TOKEN) as locked:
        page.goto(at(locked).replace("http://", f"http://anybody:{TOKEN}@"))
        expect(page.locator(".state")).to_have_text("live")
        cut_out(locked)
        expect(page.locator("table.calls tbody tr")).to_have_count(1)


def test_nothing_moves_while_somebody_presses(page: Page, mock: Mock) -> None:
    """What comes meanwhile is shown once they have let go: else what they press would no longer be there."""
    page.goto(at(mock))
    expect(page.get_by_role("heading", name="No calls yet")).to_be_visible()
    assert page.evaluate(PRESSED) == ["", "It came."]


@pytest.mark.parametrize("place", [*PLACES, "calls/1"])
@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_everybody_can_use_it(page: Page, mock: Mock, width: int, scheme: str, place: str) -> None:
    """On a phone or a desk, by day or by night, by eye or by ear: nothing sticks out, and axe finds nothing."""
    httpx.put(f"{mock.url}/_mock/v1/tenants/anna/script", json=["429", "ok"], trust_env=False).raise_for_status()
    cut_out(mock)
    cut_out(mock, **{"output.fromat": "webp", "result.margin": "10px"})
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(at(mock, place))
    expect(page.locator("main :is(h1, h2):visible").first).to_be_visible()
    expect(page.locator(".state")).to_have_text("live")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []


def test_the_keyboard_is_enough(page: Page, mock: Mock) -> None:
    """From the beginning of the page to a call and back."""
    cut_out(mock)
    page.goto(at(mock))
    expect(page.locator("table.calls tbody tr")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.get_by_role("link", name="removeBackground").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#detail-title")).to_be_focused()
    page.get_by_role("tab").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab").nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".detail")).to_have_count(0)


@pytest.mark.thorough
def test_what_others_do_is_seen(page: Page, mock: Mock) -> None:
    """Faults that were asked for elsewhere, with the time that they have left, until they are over."""
    page.goto(at(mock))
    expect(page.locator(".state")).to_have_text("live")
    rule = {"fault": "429", "seconds": 50}
    httpx.post(f"{mock.url}/_mock/v1/faults", json=rule, trust_env=False).raise_for_status()
    banner = page.get_by_role("complementary")
    expect(banner).to_contain_text("429 too many requests for everybody: 4")
    mock.clock.advance(48)
    expect(banner).to_contain_text("ahead")
    expect(banner).not_to_contain_text("429")


def test_letters_are_not_lost_while_one_types(page: Page, mock: Mock) -> None:
    """However the rhythm of keys and searches falls together."""
    cut_out(mock)
    page.goto(at(mock))
    expect(page.locator("table.calls tbody tr")).to_have_count(1)
    field = page.get_by_label("Search")
    field.focus()
    page.keyboard.type("remove-background", delay=160)
    expect(field).to_have_value("remove-background")


@pytest.mark.thorough
def test_calls_under_way_are_listed(page: Page, mock: Mock, complaints: Complaints) -> None:
    """A call that hangs is what one wants to see."""
    complaints.expect(*STOPPED)
    page.goto(at(mock))
    expect(page.locator(".state")).to_have_text("live")
    word = {"fault": "stall", "seconds": 60}
    httpx.put(f"{mock.url}/_mock/v1/tenants/anna/script", json=[word], trust_env=False).raise_for_status()
    thread = threading.Thread(target=cut_out, args=[mock, "anna"])
    thread.start()
    try:
        expect(page.locator("table.calls tbody tr")).to_contain_text(["under way"])
        mock.clock.advance(61)
        expect(page.locator("table.calls tbody tr")).to_contain_text(["200"])
    finally:
        mock.clock.advance(61)
        thread.join()


def test_a_place_that_there_is_not_leads_to_the_calls(page: Page, mock: Mock) -> None:
    """As does a call whose number is none."""
    cut_out(mock)
    for place in ("bogus", "calls/abc", ""):
        page.goto("about:blank")
        page.goto(at(mock, place))
        expect(page.locator("table.calls tbody tr")).to_have_count(1)


def test_a_filter_that_cannot_be_is_told(page: Page, mock: Mock, complaints: Complaints) -> None:
    """In place of the list, once; another filter leads on."""
    complaints.expect("status of 400")
    cut_out(mock)
    page.goto(f"{at(mock)}?status=abc")
    expect(page.get_by_text("The parameter status is wrong")).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("table.calls tbody tr")).to_have_count(1)


@pytest.mark.thorough
def test_the_pager_counts_from_the_latest(page: Page, mock: Mock) -> None:
    """Whatever has come since the page of the list was turned."""
    for _ in range(40):
        cut_out(mock)
    page.goto(at(mock))
    page.get_by_role("button", name="Older").click()
    expect(page.get_by_text("31 to 40 of 40")).to_be_visible()
    for _ in range(5):
        cut_out(mock)
    expect(page.get_by_text("36 to 45 of 45")).to_be_visible()
