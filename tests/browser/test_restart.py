"""The page while the server is away, and when it was started anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from dashboard import PICTURE, STOPPED, at, control, cut_out, send
from mockserver.mock import Mock
from pictures import disc, encoded

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from browsing import Complaints

pytestmark = [pytest.mark.usefixtures("mock"), pytest.mark.thorough]  # the mock is stopped after the page is closed


def test_a_new_server_is_not_taken_for_the_old_one(page: Page, complaints: Complaints) -> None:
    """Its calls are counted from 0 again, and nothing is said of them that was true of other ones, nor shown."""
    complaints.expect(*STOPPED)
    with Mock() as first:
        port = first.server.port
        cut_out(first, **{"output.fromat": "png"})
        page.goto(at(first, "calls/0"))
        expect(page.get_by_role("img", name="Result")).to_have_js_property("naturalWidth", 160)
        page.goto(at(first))
        expect(page.locator("table.calls tbody tr")).to_contain_text(["1 broken"])
    expect(page.locator(".state")).to_contain_text("does not answer")
    with Mock(port=port) as second:
        send(second, encoded(disc((90, 80), (20, 20, 40, 40)), "PNG"), "anna", "photo.png", {})
        expect(page.locator(".state")).to_have_text("live")
        expect(page.get_by_text("The server was started anew: the calls before are gone.")).to_be_visible()
        row = page.locator("table.calls tbody tr")
        expect(row).to_have_count(1)
        expect(row).not_to_contain_text("broken")
        row.get_by_role("link").click()
        expect(page.get_by_role("img", name="Result")).to_have_js_property("naturalWidth", 90)


def test_a_form_outlives_the_server(page: Page, complaints: Complaints, tmp_path: Path) -> None:
    """What was filled in is still there when it is started anew, and can be sent; what came of it is gone."""
    complaints.expect(*STOPPED)
    photo = tmp_path / "disc.png"
    photo.write_bytes(PICTURE)
    with Mock() as first:
        port = first.server.port
        page.goto(at(first, "try"))
        page.get_by_label("Picture: drop").set_input_files(photo)
        page.get_by_label("output.format").select_option("jpeg")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="200 removeBackground")).to_be_visible()
    expect(page.locator(".state")).to_contain_text("does not answer")
    with Mock(port=port) as second:
        expect(page.get_by_text("The server was started anew: the calls before are gone.")).to_be_visible()
        expect(page.get_by_role("heading", name="200 removeBackground")).to_have_count(0)
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="200 removeBackground")).to_be_visible()
        assert control(second, "journal/0")["parameters"]["output.format"] == "jpeg"
        page.goto("about:blank")


def test_a_server_that_gives_no_answer_is_not_called_live(page: Page, mock: Mock, complaints: Complaints) -> None:
    """At once, though the stream of news is still open; and it is live again when it is heard."""
    complaints.expect("ERR_CONNECTION_REFUSED")
    page.goto(at(mock, "next"))
    expect(page.locator(".state")).to_have_text("live")
    page.route("**/_mock/v1/*", lambda route: route.abort("connectionrefused"))
    page.get_by_role("button", name="Freeze").click()
    expect(page.locator(".state")).to_contain_text("does not answer")
    page.unroute_all()
    expect(page.locator(".state")).to_have_text("live")
