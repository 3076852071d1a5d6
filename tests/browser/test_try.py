"""Try it: the place on the page where requests are made, right ones and wrong ones."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from dashboard import PICTURE, TIMES, ask, at, control

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from browsing import Complaints
    from mockserver.mock import Mock

pytestmark = pytest.mark.usefixtures("mock")  # which is stopped after the page is closed


@pytest.fixture
def refused(mock: Mock, complaints: Complaints) -> None:
    """The test tries what *mock* refuses, perhaps without a picture, of all of which browsers tell."""
    del mock  # which is stopped after the page is closed
    complaints.expect("status of 400", "status of 404", "status of 503")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture to try with."""
    path = tmp_path / "disc.png"
    path.write_bytes(PICTURE)
    return path


def test_a_form_is_tried(page: Page, mock: Mock, photo: Path) -> None:
    """A picture with parameters, sent as a file, from a form that the provider's document describes."""
    page.goto(at(mock, "try"))
    page.get_by_label("Picture: drop").set_input_files(photo)
    page.get_by_label("output.format").select_option("jpeg")
    page.get_by_label("background.color").fill("#00FF00")
    page.get_by_label("result.target_size").fill("300 200")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text(f"300 {TIMES} 200 pixels")).to_be_visible()
    asked = control(mock, "journal/0")["parameters"]
    assert (asked["output.format"], asked["background.color"], asked["result.target_size"]) == (
        "jpeg",
        "#00FF00",
        "300 200",
    )
    expect(page.locator("[id^=code-] pre")).to_contain_text("result.target_size")


def test_the_focus_stays_on_what_was_pressed(page: Page, mock: Mock, photo: Path) -> None:
    """Keyboards send a second time without a search for the button."""
    page.goto(at(mock, "try"))
    page.get_by_label("Picture: drop").set_input_files(photo)
    button = page.get_by_role("button", name="Send")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="200 removeBackground")).to_be_visible()
    expect(button).to_be_focused()


def test_what_came_of_a_try_is_announced(page: Page, mock: Mock, photo: Path) -> None:
    """In a region that was there before: screen readers are silent about one that comes with its words."""
    page.goto(at(mock, "try"))
    page.get_by_label("Picture: drop").set_input_files(photo)
    region = page.locator("main > [role=status]").element_handle()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="200 removeBackground")).to_be_visible()
    assert region.evaluate("one => one.isConnected && one.innerText").startswith("200 removeBackground")


@pytest.mark.parametrize("way", ["as base64", "by URL"])
def test_a_picture_is_sent_in_other_ways(page: Page, mock: Mock, photo: Path, way: str) -> None:
    """As base64, or by its URL."""
    page.goto(at(mock, "try"))
    page.get_by_label("Picture: drop").set_input_files(photo)
    page.get_by_role("button", name=way).click()
    if way == "by URL":
        page.get_by_label("image.url").fill("https://example.com/example.jpeg")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="200 removeBackground")).to_be_visible()


def test_json_is_tried(page: Page, mock: Mock, photo: Path) -> None:
    """A nested request, with the chosen picture put in as a data: URL."""
    page.goto(at(mock, "try"))
    page.get_by_role("button", name="XTY remove-bg").click()
    page.get_by_label("Picture: drop").set_input_files(photo)
    expect(page.get_by_text("data:image/png;base64,")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="200 createChatCompletion")).to_be_visible()
    expect(page.get_by_role("img", name="Result")).to_be_visible()


def test_a_picture_goes_along_to_another_provider(page: Page, mock: Mock, photo: Path) -> None:
    """What is shown is what is sent, also where it was chosen before the provider was."""
    page.goto(at(mock, "try"))
    page.get_by_label("Picture: drop").set_input_files(photo)
    page.get_by_role("button", name="XTY remove-bg").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="200 createChatCompletion")).to_be_visible()
    sent = b64encode(PICTURE).decode()
    assert f"data:image/png;base64,{sent}" in control(mock, "journal/0")["request"]["body"]["text"]


@pytest.mark.usefixtures("refused")
def test_a_try_shows_broken_rules(page: Page, mock: Mock, photo: Path) -> None:
    """As the list does, without a look at it."""
    page.goto(at(mock, "try"))
    page.get_by_label("Picture: drop").set_input_files(photo)
    page.get_by_role("combobox", name="output.format").select_option("another value …")
    page.get_by_label("Another value of output.format").fill("PNGX")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Broken rules")).to_be_visible()


def test_a_try_without_a_picture_is_told(page: Page, mock: Mock) -> None:
    """Before anything is sent."""
    page.goto(at(mock, "try"))
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Choose a picture, or send it by URL.")).to_be_visible()
    assert control(mock, "journal")["count"] == 0


def test_a_try_that_breaks_is_told(page: Page, mock: Mock, photo: Path, complaints: Complaints) -> None:
    """What the browser says, and what the server did."""
    complaints.expect("ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE")
    words = [{"fault": "reset"}] * 2  # where a connection was kept open, Chromium tries once more without a word
    ask(mock, "PUT", "tenants/page/script", words)
    page.goto(at(mock, "try"))
    page.get_by_label("Picture: drop").set_input_files(photo)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("The browser says:")).to_be_visible()


def test_a_hidden_field_is_not_sent(page: Page, mock: Mock, photo: Path) -> None:
    """Who fills in a URL and then sends a file sends no URL."""
    page.goto(at(mock, "try"))
    page.get_by_label("Picture: drop").set_input_files(photo)
    page.get_by_role("button", name="by URL").click()
    page.get_by_label("image.url").fill("https://example.com/example.jpeg")
    page.get_by_role("button", name="as a file").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="200 removeBackground")).to_be_visible()
    assert "image.url" not in control(mock, "journal/0")["parameters"]


@pytest.mark.usefixtures("refused")
def test_a_choice_takes_another_value(page: Page, mock: Mock, photo: Path) -> None:
    """One sees how the server refuses it, and is told before that it will; a valid one ends that."""
    page.goto(at(mock, "try"))
    page.get_by_label("Picture: drop").set_input_files(photo)
    choice = page.get_by_role("combobox", name="output.format")
    choice.select_option("another value …")
    other = page.get_by_label("Another value of output.format")
    other.press_sequentially("pngx")
    expect(page.get_by_text("it is none of auto, png, jpeg, delta_png; it is sent anyway.")).to_be_visible()
    page.get_by_role("combobox", name="test", exact=True).select_option("another value …")
    page.get_by_label("Another value of test").fill("maybe")
    expect(page.get_by_text("it is no boolean; it is sent anyway.")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="400 removeBackground")).to_be_visible()
    asked = control(mock, "journal/0")["parameters"]
    assert (asked["output.format"], asked["test"]) == ("pngx", "maybe")
    choice.select_option("png")
    expect(other).to_have_count(0)
    page.get_by_role("combobox", name="test", exact=True).select_option("leave out")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="200 removeBackground")).to_be_visible()
    assert "test" not in control(mock, "journal/1")["parameters"]


@pytest.mark.parametrize(
    "case",
    [
        ("max_pixels", "5", "it is less than 100", "100"),
        ("max_pixels", "25000001", "it is more than 25000000", "25000000"),
        ("max_pixels", "many", "it is no integer", "1000"),
        ("background.color", "#12345", "it has fewer than 7 letters", "#123456"),
        ("background.color", "#12345678", "it has more than 7 letters", "#ABCDEF"),
        ("background.color", "crimson", "it does not match ^#[0-9A-Fa-f]{6}$", "#000000"),
        ("result.margin", "10", "it does not have the documented form", "10px 5%"),
    ],
)
@pytest.mark.usefixtures("refused")
def test_wrong_values_are_told_and_sent(page: Page, mock: Mock, photo: Path, case: tuple[str, str, str, str]) -> None:
    """As they are typed; nothing stops them."""
    field, wrong, why, right = case
    page.goto(at(mock, "try"))
    page.get_by_label("Picture: drop").set_input_files(photo)
    page.get_by_label(field).fill(right)
    expect(page.locator(".doubt")).to_have_count(0)
    page.get_by_label(field).fill(wrong)
    expect(page.locator(".doubt")).to_contain_text(f"The documents do not allow this: {why}")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="400 removeBackground")).to_be_visible()
    assert control(mock, "journal/0")["parameters"][field] == wrong


@pytest.mark.usefixtures("refused")
def test_a_form_goes_without_its_picture(page: Page, mock: Mock) -> None:
    """Though one is demanded: that is an error to handle, too."""
    page.goto(at(mock, "try"))
    page.get_by_role("button", name="not at all").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="400 removeBackground")).to_be_visible()
    assert "image" not in control(mock, "journal/0")["parameters"]


def sent_json(page: Page, mock: Mock, number: int = 0) -> str:
    """Send what the form holds; return the body as it was received."""
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="createChatCompletion")).to_be_visible()
    return str(control(mock, f"journal/{number}")["request"]["body"]["text"])


@pytest.mark.usefixtures("refused")
def test_constants_of_json_take_another_value(page: Page, mock: Mock) -> None:
    """As a text, or as JSON where it is that; the form keeps its kind."""
    page.goto(at(mock, "try"))
    page.get_by_role("button", name="XTY remove-bg").click()
    page.get_by_role("combobox", name="model").select_option("another value …")
    page.get_by_label("Another value of model").fill("gpt-4")
    expect(page.get_by_text('it is not "remove-bg"; it is sent anyway.')).to_be_visible()
    page.get_by_role("combobox", name="stream", exact=True).select_option("another value …")
    page.get_by_label("Another value of stream").fill("17")
    image = page.get_by_role("group", name="content 2")
    image.get_by_role("combobox", name="type").select_option("another value …")
    image.get_by_label("Another value of type").fill("picture")
    expect(image.get_by_role("combobox", name="Kind")).to_have_value("1")
    body = sent_json(page, mock)
    assert all(part in body for part in ('"model":"gpt-4"', '"stream":17', '"type":"picture","image_url"'))
    expect(page.get_by_role("heading", name="200")).to_have_count(0)


@pytest.mark.usefixtures("refused")
def test_what_is_required_can_be_left_out(page: Page, mock: Mock) -> None:
    """A value, or a whole part, and put in again; the page says that it is demanded."""
    page.goto(at(mock, "try"))
    page.get_by_role("button", name="XTY remove-bg").click()
    page.get_by_role("combobox", name="model").select_option("leave out")
    page.get_by_role("button", name="Leave out image_url").click()
    expect(page.get_by_text("The documents demand this; it is left out all the same.")).to_have_count(2)
    body = sent_json(page, mock)
    assert "model" not in body
    assert '{"type":"image_url"}' in body
    page.get_by_role("button", name="Put in image_url").click()
    page.get_by_role("button", name="Leave out messages").click()
    expect(page.get_by_role("button", name="Leave out image_url")).to_have_count(0)
    expect(page.get_by_role("heading", name="createChatCompletion")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("link", name="Call 1")).to_be_visible()
    assert control(mock, "journal/1")["request"]["body"]["text"] == "{}"


@pytest.mark.usefixtures("refused")
def test_numbers_can_be_typed_with_decimals(page: Page, mock: Mock) -> None:
    """What is typed stays as it is while one types, and in a form it is sent so."""
    page.goto(at(mock, "try"))
    field = page.get_by_label("max_pixels")
    field.press_sequentially("100.050", delay=30)
    expect(field).to_have_value("100.050")
    page.get_by_role("button", name="not at all").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="400 removeBackground")).to_be_visible()
    assert control(mock, "journal/0")["parameters"]["max_pixels"] == "100.050"
