"""Fields on the page: what is shown is what is searched for, or sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from dashboard import PICTURE, at, control, cut_out

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from browsing import Complaints
    from mockserver.mock import Mock

pytestmark = pytest.mark.usefixtures("mock")  # which is stopped after the page is closed

DROPPED = """kind => {
  const data = new DataTransfer();
  if (kind === "a file") data.items.add(new File(["x"], "x.png"));
  else data.setData("text/plain", "words");
  const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  document.querySelector("input[name=search]").dispatchEvent(event);
  return event.defaultPrevented;
}"""


def test_a_search_that_is_cleared_shows_nothing(page: Page, mock: Mock) -> None:
    """Also in the field in which somebody has typed it."""
    cut_out(mock)
    page.goto(at(mock))
    search = page.get_by_label("Search")
    search.press_sequentially("berta")
    expect(page.get_by_text("No call fits these filters.")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("table.calls tbody tr")).to_have_count(1)
    expect(search).to_have_value("")


def test_an_example_takes_the_place_of_what_was_typed(page: Page, mock: Mock) -> None:
    """The form shows the words that it sends."""
    page.goto(at(mock, "try"))
    page.get_by_role("button", name="XTY remove-bg").click()
    words = page.get_by_role("group", name="content 1").get_by_role("textbox").last
    before = words.input_value()
    words.fill("a green dog")
    page.locator("p.buttons button").first.click()
    expect(words).to_have_value(before)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="200 createChatCompletion")).to_be_visible()
    assert control(mock, "journal/0")["request"]["body"]["text"].count(before) == 1


@pytest.mark.parametrize(("kind", "is_kept_off"), [("a file", True), ("words", False)])
def test_only_files_are_kept_from_being_dropped_beside(page: Page, mock: Mock, kind: str, *, is_kept_off: bool) -> None:
    """A browser would leave the page for them; words may be dropped into any field."""
    page.goto(at(mock))
    expect(page.get_by_label("Search")).to_be_visible()
    assert page.evaluate(DROPPED, kind) is is_kept_off


def test_a_caller_stays_that_one_for_another_operation(page: Page, mock: Mock) -> None:
    """Credentials that were put in are kept; another provider has others."""
    page.goto(at(mock, "try"))
    page.get_by_label("API id").fill("mine")
    page.get_by_label("API secret").fill("hush")
    page.get_by_label("Operation").select_option("getAccount")
    expect(page.get_by_label("API id")).to_have_value("mine")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="200 getAccount")).to_be_visible()
    assert control(mock, "journal/0")["tenant"] == "mine"
    page.get_by_role("button", name="XTY remove-bg").click()
    expect(page.get_by_label("API key")).not_to_have_value("hush")


def test_what_was_sent_as_a_choice_is_chosen(page: Page, mock: Mock) -> None:
    """In a form all values are texts, also those that stand for yes and no."""
    cut_out(mock, test="true")
    page.goto(at(mock, "calls/0"))
    page.get_by_role("button", name="Change and send").last.click()
    expect(page.get_by_role("combobox", name="test", exact=True)).to_have_value("true")
    expect(page.get_by_label("Another value of test")).to_have_count(0)


def test_the_picture_of_a_call_takes_the_place_of_a_chosen_one(
    page: Page, mock: Mock, tmp_path: Path, complaints: Complaints
) -> None:
    """The field for files does not go on to name the one before, which can be chosen again."""
    complaints.expect("status of 400")
    photo = tmp_path / "disc.png"
    photo.write_bytes(PICTURE)
    page.goto(at(mock, "try"))
    page.get_by_label("Picture: drop").set_input_files(photo)
    page.get_by_label("output.format").select_option("another value …")
    page.get_by_label("Another value of output.format").fill("jpg")
    with page.expect_response("**/remove-background"):
        page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="Put it into the form").click()
    expect(page.get_by_role("combobox", name="output.format")).to_have_value('"jpeg"')
    assert page.get_by_label("Picture: drop").evaluate("field => field.files.length") == 0
    page.get_by_label("Picture: drop").set_input_files(photo)
    expect(page.get_by_text("disc.png")).to_be_visible()
