"""The example of a front-end, used as its visitors use it: in a browser, on another origin than the mock's."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from command import serving
from contracts.clock import Clock
from mockserver.mock import Mock
from mockserver.testing import provider_mock
from pictures import disc, encoded
from serving import script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Page

    from browsing import Complaints

SPEED = 50
"""Seconds of the clock a real second."""
RED, NOTHING = (190, 30, 40, 255), (0, 0, 0, 0)
"""The middle and the corner of the result."""
PIXELS = """([places]) => {
  const canvas = document.querySelector("#received");
  const context = canvas.getContext("2d");
  return places.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data]);
}"""
LISTEN = """() => {
  const status = document.querySelector("#status");
  window.said = [];
  new MutationObserver(() => window.said.push(status.textContent)).observe(status, { childList: true });
}"""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture of 160 by 120 pixels with a red disc, in a file."""
    path = tmp_path / "disc.photo.jpeg"
    path.write_bytes(encoded(disc(), "JPEG", quality=95, subsampling=0))
    return path


@pytest.fixture
def visited(page: Page, front_end: str) -> Page:
    """The example as its visitors find it."""
    page.goto(front_end)
    return page


def fill(page: Page, origin: str, photo: Path, credentials: tuple[str, str] | str = ("me", "secret")) -> None:
    """Tell *page* where the mock is and who asks, and choose the *photo*; a pair is for Pixian, a key for XTY."""
    page.get_by_label("Base URL").fill(origin + "/")
    if isinstance(credentials, str):
        page.get_by_label("Provider").select_option("xty")
        page.get_by_label("API key").fill(credentials)
    else:
        page.get_by_label("API id").fill(credentials[0])
        page.get_by_label("API secret").fill(credentials[1])
        page.get_by_label("Test").uncheck()
    page.get_by_label("File").set_input_files(photo)


def run(page: Page, origin: str, photo: Path, credentials: tuple[str, str] | str = ("me", "secret")) -> None:
    """Fill the form of *page* and send it."""
    fill(page, origin, photo, credentials)
    send(page)


def send(page: Page) -> None:
    """Send the form of *page*."""
    page.get_by_role("button", name="Remove background").click()


def pixels(page: Page, *places: tuple[int, int]) -> Sequence[tuple[int, ...]]:
    """Return what the canvas of *page* has at some *places*."""
    return [tuple(pixel) for pixel in page.evaluate(PIXELS, [places])]


def fields(page: Page) -> dict[str, str]:
    """Return the header fields that *page* shows."""
    return dict(row.inner_text().split("\t") for row in page.locator("#headers tr").all())


@pytest.mark.parametrize("form", ["png", "delta_png"])
def test_a_picture_is_cut_out(visited: Page, mock: Mock, photo: Path, form: str) -> None:
    """It is seen beside the one that was sent, whether whole or as a delta PNG, and so are the header fields."""
    fill(visited, mock.url, photo, (f"shown-{form}", "secret"))
    visited.get_by_label("Output format").select_option(form)
    send(visited)
    expect(visited.get_by_role("status")).to_contain_text("Done: 160 x 120 pixels")
    middle, corner = pixels(visited, (75, 60), (2, 2))
    assert corner == NOTHING
    assert max(abs(one - other) for one, other in zip(middle, RED, strict=True)) <= 3
    seen = fields(visited)
    assert seen["X-Result-Foreground"] == "30 40 70 60"
    assert (seen["X-Input-Size"], seen["X-Input-Orientation"]) == ("160 120", "1")
    assert float(seen["X-Credits-Charged"]) > 0
    assert visited.locator("#sent").evaluate("(image) => [image.naturalWidth, image.naturalHeight]") == [160, 120]


def test_the_example_asks_for_tests_unless_told_otherwise(visited: Page, mock: Mock, photo: Path) -> None:
    """Whoever forgets where it is pointed pays nothing."""
    fill(visited, mock.url, photo, ("tests", "secret"))
    visited.get_by_label("Test").check()
    send(visited)
    expect(visited.get_by_role("status")).to_contain_text("Done")
    assert float(fields(visited)["X-Credits-Charged"]) == 0
    assert float(fields(visited)["X-Credits-Calculated"]) > 0


def test_the_result_can_be_kept(visited: Page, mock: Mock, photo: Path) -> None:
    """Under the name of the photo, byte by byte as it came."""
    run(visited, mock.url, photo, ("kept", "sécret"))
    with visited.expect_download() as download:
        visited.get_by_role("link", name="download").click()
    assert download.value.suggested_filename == "disc.photo-cut-out.png"
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_a_hosted_result_is_shown(visited: Page, mock: Mock, photo: Path) -> None:
    """That of XTY, fetched from its URL."""
    run(visited, mock.url, photo, "sk-hosted")
    expect(visited.get_by_role("status")).to_contain_text("Done: 160 x 120 pixels")
    middle, corner = pixels(visited, (75, 60), (2, 2))
    assert (corner, middle[3]) == (NOTHING, 255)
    assert fields(visited).keys() == {"X-Oneapi-Request-Id"}


@pytest.mark.thorough
@pytest.mark.parametrize("provider", ["pixian", "xty"])
def test_the_example_keeps_the_rules(visited: Page, photo: Path, provider: str) -> None:
    """Those that bind, and those that are recommended."""
    with provider_mock(provider, "front-end") as pretended:
        run(visited, pretended.url, photo, pretended.credentials)
        expect(visited.get_by_role("status")).to_contain_text("Done")
        pretended.assert_conforms(level="should")


@pytest.mark.thorough
@pytest.mark.parametrize("credentials", [("busy", "secret"), "sk-busy"], ids=["pixian", "xty"])
def test_refusals_make_the_waits_longer(
    visited: Page, photo: Path, complaints: Complaints, credentials: tuple[str, str] | str
) -> None:
    """Five seconds after a 429, ten after the second in a row; the visitor is told."""
    complaints.expect("status of 429")
    with Mock(clock=Clock(speed=SPEED)) as mock:
        script(mock, credentials if isinstance(credentials, str) else credentials[0], "429", "429", "ok")
        visited.evaluate(LISTEN)
        visited.get_by_label("Speed of the mock's clock").fill(str(SPEED))
        run(visited, mock.url, photo, credentials)
        expect(visited.get_by_role("status")).to_contain_text("Done")
        calls = [one for one in mock.journal.find() if one.request.method == "POST"]
    told = [text for text in visited.evaluate("said") if text.startswith("Too many")]
    assert told == [f"Too many requests. Trying again in {seconds} seconds." for seconds in (5, 10)]
    assert [one.response.status for one in calls if one.response] == [429, 429, 200]
    waits = [later.received - (earlier.answered or later.received) for earlier, later in pairwise(calls)]
    assert waits[0] >= 5
    assert waits[1] >= 10


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("402", "402 Payment Required: The credits are used up"),
        ({"fault": "status", "status": 502, "body": "html"}, "502 Bad Gateway: the answer does not say why."),
        ({"fault": "status", "status": 500, "body": "empty"}, "500 Internal Server Error: the answer does not"),
        ({"fault": "truncate", "after": 1000}, "No whole answer came"),
        ({"fault": "reset", "after": 100}, "No whole answer came"),
    ],
    ids=str,
)
def test_failures_are_told(visited: Page, photo: Path, complaints: Complaints, word: object, said: str) -> None:
    """In words, and no picture is shown; then all can be tried again."""
    complaints.expect("Failed to load resource")
    with provider_mock("pixian", str(word)) as pretended:
        run(visited, pretended.url, photo, pretended.credentials)
        expect(visited.get_by_role("status")).to_contain_text("Done")
        pretended.script(word)
        send(visited)
        expect(visited.get_by_role("status")).to_contain_text(said)
        expect(visited.locator("#pictures")).to_be_hidden()
        send(visited)
        expect(visited.get_by_role("status")).to_contain_text("Done")
        expect(visited.locator("#pictures")).to_be_visible()


def test_a_web_page_is_no_picture(visited: Page, photo: Path) -> None:
    """Even if it comes with the status of success."""
    with serving("--quiet") as origin:
        words = [{"fault": "status", "status": 200, "body": "html"}]
        httpx.put(f"{origin}/_mock/v1/tenants/me/script", json=words, trust_env=False).raise_for_status()
        run(visited, origin, photo)
        expect(visited.get_by_role("status")).to_contain_text("The answer is no picture, but text/html")


def test_a_result_that_is_gone_is_told(visited: Page, mock: Mock, photo: Path, complaints: Complaints) -> None:
    """The status of the picture's URL counts, too."""
    complaints.expect("status of 404")
    run(visited, mock.url, photo, "sk-mock-expired-results.front-end")
    expect(visited.get_by_role("status")).to_contain_text("404 Not Found")


def test_a_server_that_is_not_there_is_told(visited: Page, photo: Path, complaints: Complaints) -> None:
    """With what to look at."""
    complaints.expect("ERR_CONNECTION_REFUSED")
    with Mock() as gone:
        origin = gone.url
    run(visited, origin, photo)
    expect(visited.get_by_role("status")).to_contain_text("No whole answer came: is the server there")


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 768, 1280])
def test_it_fits_all_screens(visited: Page, mock: Mock, photo: Path, width: int, scheme: str) -> None:
    """Nothing sticks out, on a phone or a desk, by day or by night; and everybody can use it."""
    visited.set_viewport_size({"width": width, "height": 900})
    visited.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    run(visited, mock.url, photo, ("seen", "secret"))
    expect(visited.get_by_role("status")).to_contain_text("Done")
    assert visited.evaluate("document.documentElement.scrollWidth") == width
    assert [one["id"] for one in Axe().run(visited).response["violations"]] == []
