"""The pictures of an exchange on the page of the mock server: as they are, large, and side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dashboard import TIMES, ask, at, control, send
from pictures import disc, encoded, pixels

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

    from browsing import Complaints
    from mockserver.mock import Mock

PICTURE = encoded(disc((360, 280), (70, 80, 240, 200)))
SCREENS = [(width, scheme) for width in (390, 768, 1280) for scheme in ("light", "dark")]
DELTA = {"output.format": "delta_png"}
THREE = ["Input", "Result, put together", "Result, as sent"]
SIZE = "image => [image.naturalWidth, image.naturalHeight]"
DRAWN = """image => {
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  return [...context.getImageData(155, 140, 1, 1).data];
}"""
"""What is in the middle of the foreground."""
PLACE = """pane => {
  const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = pane.firstElementChild;
  return [
    (pane.scrollLeft + pane.clientWidth / 2 - offsetLeft) / offsetWidth,
    (pane.scrollTop + pane.clientHeight / 2 - offsetTop) / offsetHeight,
  ];
}"""
"""Where the middle of a pane is in its picture, as shares of width and height."""
STILL = """async pane => {
  let before = [];
  for (let frames = 0; frames < 12; frames += 1) {
    await new Promise(requestAnimationFrame);
    const now = [pane.scrollLeft, pane.scrollTop];
    if (now[0] !== before[0] || now[1] !== before[1]) frames = 0;
    before = now;
  }
}"""
"""Waits until a pane is no longer scrolled: browsers do that bit by bit."""

pytestmark = [pytest.mark.usefixtures("mock"), pytest.mark.thorough]  # the mock is stopped after the page is closed


def cut_out(mock: Mock, **fields: str) -> httpx.Response:
    """Send the picture to the mock."""
    return send(mock, PICTURE, "anna", "photo.png", fields)


def visit(page: Page, mock: Mock, number: int = 0) -> None:
    """Look at the exchange *number*."""
    page.goto(at(mock, f"calls/{number}"))


def enlarge(page: Page, name: str) -> Locator:
    """Click on the picture of that *name* once all are there, and return the window that opens."""
    opener = page.get_by_role("button", name=f"Enlarge: {name}")
    expect(opener).to_be_visible()
    expect(page.locator("figure.picture:has(img):not(:has(figcaption .quiet))")).to_have_count(0)
    opener.click()
    window = page.get_by_role("dialog")
    expect(window).to_be_visible()
    return window


def button(window: Locator, name: str) -> Locator:
    """Return the button of exactly that *name*."""
    return window.get_by_role("button", name=name, exact=True)


def press(window: Locator, name: str) -> None:
    """Choose *name*, and wait until the pictures are shown so."""
    button(window, name).click()
    expect(button(window, name)).to_have_attribute("aria-pressed", "true")
    window.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def pane(window: Locator, name: str) -> Locator:
    """Return the part of the window in which the picture of that *name* is."""
    return window.get_by_role("region", name=name, exact=True)


def width(window: Locator, name: str) -> float:
    """Return how wide the picture of that *name* is on the screen."""
    box = pane(window, name).get_by_role("img").bounding_box()
    assert box
    return box["width"]


def place(window: Locator, name: str) -> list[float]:
    """Return which part of the picture of that *name* is in the middle."""
    found: list[float] = pane(window, name).evaluate(PLACE)
    return found


def follows(window: Locator, name: str, lead: str) -> bool:
    """Tell whether both pictures show the same part, once *lead* stands still."""
    pane(window, lead).evaluate(STILL)
    return place(window, name) == pytest.approx(place(window, lead), abs=0.004)


def test_a_call_tells_why_and_shows_its_pictures(page: Page, mock: Mock) -> None:
    """Both pictures in their sizes, with the box of the foreground where it is, and header fields in words."""
    cut_out(mock, **{"output.format": "png"})
    visit(page, mock)
    detail = page.locator(".detail")
    expect(detail.get_by_text("picture made")).to_be_visible()
    for name in ("Input", "Result"):
        image = detail.get_by_role("img", name=name)
        expect(image).to_be_visible()
        assert image.evaluate(SIZE) == [360, 280]
    box = detail.locator("svg rect").first
    expect(box).to_be_attached()
    measured = [box.get_attribute(name) for name in ("y", "x", "height", "width")]
    answered = dict(control(mock, "journal/0")["response"]["headers"])["X-Input-Foreground"].split()
    assert [measured[0], measured[1], measured[3], measured[2]] == answered
    detail.get_by_text("Headers of the answer").click()
    expect(detail.get_by_text("The bounding box of the foreground in coordinates of the input.")).to_be_visible()


def test_the_list_loads_no_pictures(page: Page, mock: Mock) -> None:
    """They may be large, and many; who opens a call sees those of that one."""
    cut_out(mock)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(at(mock))
    expect(page.locator("table.calls tbody tr")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/input" in url or "/result" in url]


@pytest.mark.parametrize("clicked", ["Input", "Result"])
def test_pictures_are_enlarged_together(page: Page, mock: Mock, clicked: str) -> None:
    """Both are there whichever was clicked; that one has the focus, and each has its own box."""
    cut_out(mock, **{"result.crop_to_foreground": "true"})
    visit(page, mock)
    expect(page.locator(".sides svg rect")).to_have_count(2)
    window = enlarge(page, clicked)
    expect(pane(window, clicked)).to_be_focused()
    assert pane(window, "Input").get_by_role("img").evaluate(SIZE) == [360, 280]
    assert pane(window, "Result").get_by_role("img").evaluate(SIZE) != [360, 280]
    boxes = [pane(window, name).locator("rect") for name in ("Input", "Result")]
    assert boxes[0].get_attribute("x") != boxes[1].get_attribute("x")
    window.get_by_label("foreground box").uncheck()
    expect(window.locator("rect")).to_have_count(0)


def test_one_zoom_is_for_both(page: Page, mock: Mock) -> None:
    """From two screen pixels for one of the picture's on, they are drawn as squares."""
    cut_out(mock)
    visit(page, mock)
    window = enlarge(page, "Result")
    for factor in (1, 2, 4, 8):
        press(window, f"{factor}{TIMES}")
        for name in ("Input", "Result"):
            expect(pane(window, name).get_by_role("img")).to_have_css(
                "image-rendering", "pixelated" if factor > 1 else "auto"
            )
            assert width(window, name) == 360 * factor
    expect(window.locator("[aria-pressed=true]")).to_have_count(2)
    press(window, "Fit")
    for name in ("Input", "Result"):
        expect(pane(window, name).get_by_role("img")).to_have_css("image-rendering", "auto")
        assert width(window, name) <= 360


@pytest.mark.parametrize("lead", ["Input", "Result"])
def test_who_scrolls_one_scrolls_both(page: Page, mock: Mock, lead: str) -> None:
    """To the same part of the picture, however it is scrolled; another zoom keeps the place."""
    cut_out(mock)
    visit(page, mock)
    window = enlarge(page, lead)
    other = {"Input": "Result", "Result": "Input"}[lead]
    press(window, f"8{TIMES}")
    for name in (lead, other):
        assert place(window, name) == pytest.approx([0.5, 0.5], abs=0.004)
    pane(window, lead).hover()
    page.mouse.wheel(150, -200)
    page.wait_for_function(f"place => (({PLACE})(document.querySelector('.pane')))[0] > place", arg=0.52)
    assert follows(window, other, lead)
    moved = place(window, lead)
    assert moved[0] > 0.52
    assert moved[1] < 0.48
    press(window, f"4{TIMES}")
    assert follows(window, other, lead)
    assert place(window, lead) == pytest.approx(moved, abs=0.01)


def test_pictures_of_different_sizes_move_together(page: Page, mock: Mock) -> None:
    """The same share of each is in the middle."""
    cut_out(mock, **{"result.target_size": "900 500"})
    visit(page, mock)
    window = enlarge(page, "Result")
    press(window, f"8{TIMES}")
    pane(window, "Result").evaluate("pane => pane.scrollTo(pane.scrollWidth * 0.6, pane.scrollHeight * 0.3)")
    assert follows(window, "Input", "Result")
    assert place(window, "Input")[0] > 0.6


def test_a_picture_that_comes_late_is_in_its_place(page: Page, mock: Mock) -> None:
    """However far was zoomed and scrolled meanwhile."""
    cut_out(mock)
    held: list[Route] = []
    page.route("**/result?*", lambda route: held.append(route))  # noqa: PLW0108  Playwright takes no built-in
    visit(page, mock)
    expect(page.locator("figcaption", has_text=f"360 {TIMES} 280")).to_have_count(1)
    page.get_by_role("button", name="Enlarge: Input").click()
    window = page.get_by_role("dialog")
    press(window, f"8{TIMES}")
    pane(window, "Input").evaluate("pane => pane.scrollTo(400, 500)")
    for route in held:
        route.continue_()
    expect(pane(window, "Result").get_by_role("img")).to_have_attribute("width", "2880")
    assert follows(window, "Result", "Input")
    assert place(window, "Result") != pytest.approx([0.5, 0.5], abs=0.05)


def test_the_mouse_drags_both(page: Page, mock: Mock) -> None:
    """As far as it moves, and no longer once it is let go."""
    cut_out(mock)
    visit(page, mock)
    window = enlarge(page, "Input")
    press(window, f"8{TIMES}")
    area = pane(window, "Input")
    before = area.evaluate("pane => [pane.scrollLeft, pane.scrollTop]")
    area.hover(position={"x": 200, "y": 300})
    page.mouse.down()
    at = area.bounding_box()
    assert at
    page.mouse.move(at["x"] + 120, at["y"] + 350, steps=4)
    page.mouse.up()
    page.mouse.move(at["x"] + 20, at["y"] + 20, steps=2)
    assert follows(window, "Result", "Input")
    after = area.evaluate("pane => [pane.scrollLeft, pane.scrollTop]")
    assert after == pytest.approx([before[0] + 80, before[1] - 50], abs=2)


def test_the_keyboard_is_enough(page: Page, mock: Mock) -> None:
    """To open, to zoom, to move, to close; then the focus is where it was."""
    cut_out(mock)
    visit(page, mock)
    opener = page.get_by_role("button", name="Enlarge: Result")
    expect(page.locator("figcaption .quiet")).to_have_count(2)
    opener.focus()
    page.keyboard.press("Enter")
    window = page.get_by_role("dialog")
    expect(pane(window, "Result")).to_be_focused()
    for key, name in (("-", "Fit"), ("+", "1"), ("=", "2"), ("+", "4"), ("+", "8"), ("+", "8"), ("-", "4"), ("+", "8")):
        page.keyboard.press(key)
        pressed = button(window, name if name == "Fit" else f"{name}{TIMES}")
        expect(pressed).to_have_attribute("aria-pressed", "true")
    before = place(window, "Result")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        f"before => (({PLACE})(document.activeElement))[0] > before",
        arg=before[0],
    )
    assert follows(window, "Input", "Result")
    page.keyboard.press("0")
    expect(button(window, "Fit")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    expect(opener).to_be_focused()
    expect(page.locator(".detail")).to_be_visible()


def test_one_picture_may_have_all_the_room(page: Page, mock: Mock) -> None:
    """And both again; zoom and place stay."""
    cut_out(mock)
    visit(page, mock)
    window = enlarge(page, "Input")
    press(window, f"8{TIMES}")
    pane(window, "Input").evaluate("pane => pane.scrollTo(300, 400)")
    assert follows(window, "Result", "Input")
    before = place(window, "Input")
    narrow = pane(window, "Result").bounding_box()
    press(window, "Only Result")
    expect(button(window, "Side by side")).to_have_attribute("aria-pressed", "false")
    expect(pane(window, "Input")).to_be_hidden()
    wide = pane(window, "Result").bounding_box()
    assert narrow
    assert wide
    assert wide["width"] > 1.9 * narrow["width"]
    assert width(window, "Result") == 360 * 8
    press(window, "Side by side")
    expect(pane(window, "Input")).to_be_visible()
    assert follows(window, "Input", "Result")
    assert place(window, "Input") == pytest.approx(before, abs=0.004)


def test_a_picture_without_another_is_alone(page: Page, mock: Mock, complaints: Complaints) -> None:
    """There is nothing to choose, and no box."""
    complaints.expect("404")
    cut_out(mock, **{"output.format": "webp"})
    visit(page, mock)
    window = enlarge(page, "Input")
    expect(pane(window, "Input")).to_be_focused()
    expect(window.get_by_role("group")).to_have_count(1)
    expect(window.locator("figure")).to_have_count(1)
    page.keyboard.press("+")
    expect(button(window, f"1{TIMES}")).to_have_attribute("aria-pressed", "true")
    button(window, "Close").click()
    expect(window).to_have_count(0)
    expect(page.get_by_role("button", name="Enlarge: Input")).to_be_focused()


def test_a_delta_is_put_together(page: Page, mock: Mock) -> None:
    """Beside what was sent, which looks like a failure to whoever does not know what it is."""
    cut_out(mock, **DELTA)
    plain = cut_out(mock, **{"output.format": "png"}).content
    visit(page, mock)
    figures = page.locator("figure.picture")
    expect(figures).to_have_count(3)
    expect(page.locator("figure.picture img")).to_have_count(3)
    for name, figure in zip(THREE, figures.all(), strict=True):
        expect(figure.get_by_role("img", name=name)).to_be_visible()
    expect(figures.nth(2)).to_contain_text("holds only what differs from the input")
    expect(figures.nth(1)).not_to_contain_text("holds only")
    assert figures.nth(1).get_by_role("img").evaluate(DRAWN) == pixels(plain)[140, 155].tolist()
    assert figures.nth(2).get_by_role("img").evaluate(DRAWN)[3] == 0
    window = enlarge(page, "Result, put together")
    expect(pane(window, "Result, put together")).to_be_focused()
    for name in THREE:
        expect(pane(window, name)).to_be_visible()
    press(window, "Only Result, as sent")
    expect(window.locator(".pane:visible")).to_have_count(1)
    visit(page, mock, 1)
    expect(figures).to_have_count(2)


def test_a_spoiled_delta_is_told(page: Page, mock: Mock, complaints: Complaints) -> None:
    """What was sent is shown as far as it can be; the whole cannot."""
    complaints.expect("404")
    word = {"fault": "no-image"}
    ask(mock, "PUT", "tenants/anna/script", [word])
    cut_out(mock, **DELTA)
    visit(page, mock)
    expect(page.get_by_text("It cannot be put together")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
@pytest.mark.parametrize("zoom", ["Fit", f"8{TIMES}"])
def test_everybody_can_look(page: Page, mock: Mock, width: int, scheme: str, zoom: str) -> None:
    """On a phone or a desk, by day or by night: nothing sticks out, all pictures are seen, and axe finds nothing."""
    cut_out(mock, **DELTA)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    visit(page, mock)
    window = enlarge(page, "Input")
    press(window, zoom)
    boxes = [pane(window, name).bounding_box() for name in THREE]
    for box in boxes:
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= 800
        assert min(box["width"], box["height"]) > 100
    tops, lefts = ({round(box[side]) for box in boxes if box} for side in ("y", "x"))
    assert (len(tops), len(lefts)) == ((1, 3) if width > 1000 else (3, 1))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(button(window, "Close")).to_be_in_viewport()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []


def test_a_picture_that_was_cut_off_is_not_called_sent(page: Page, mock: Mock) -> None:
    """It is shown as what was made, with how much of it went out."""
    ask(mock, "PUT", "tenants/anna/script", [{"fault": "truncate", "after": 1000}])
    with pytest.raises(httpx.RemoteProtocolError):
        cut_out(mock)
    visit(page, mock)
    expect(page.get_by_text("Result, as made")).to_be_visible()
    expect(page.get_by_text("but only 1.0 kB of")).to_be_visible()


def test_the_window_closes_when_one_goes_back(page: Page, mock: Mock) -> None:
    """The pictures belong to the call, which is no longer shown."""
    cut_out(mock)
    page.goto(at(mock))
    page.locator("table.calls tbody tr").click()
    enlarge(page, "Result")
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", name="Calls")).to_be_visible()
