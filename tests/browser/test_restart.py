"""The page while the server is away, and when it was started anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from contracts.providers import discover
from dashboard import PICTURE, STOPPED, ask, at, control, cut_out, send
from mockserver.mock import Mock
from pictures import disc, encoded

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page, Route

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


def test_code_and_documents_are_those_of_the_new_server(page: Page, complaints: Complaints) -> None:
    """Calls have the numbers of others before, and scenarios their names."""
    complaints.expect(*STOPPED)
    with Mock() as first:
        port = first.server.port
        cut_out(first, **{"output.format": "jpeg"})
        page.goto(at(first, "calls/0"))
        expect(page.locator("[id^=code-] pre")).to_contain_text("anna")
    expect(page.locator(".state")).to_contain_text("does not answer")
    with Mock(port=port) as second:
        cut_out(second, "carla")
        expect(page.locator(".state")).to_have_text("live")
        expect(page.get_by_role("link", name="carla")).to_be_visible()
        expect(page.locator("[id^=code-] pre")).to_contain_text("carla")
        expect(page.locator("[id^=code-] pre")).not_to_contain_text("jpeg")
        page.goto("about:blank")


def test_a_scenario_may_have_changed(page: Page, complaints: Complaints, tmp_path: Path) -> None:
    """What it sets now is told as the scenario alone."""
    complaints.expect(*STOPPED)
    file = tmp_path / "own.yaml"
    file.write_text("description: A slow one.\ntenant: { latency: 2 }\n")
    with Mock(scenario=str(file)) as first:
        port = first.server.port
        ask(first, "PUT", "tenants/anna/scenario", {"name": "own"})
        page.goto(at(first, "next"))
        expect(page.get_by_role("complementary").locator("li")).to_have_count(1)
    file.write_text("description: A dormant one.\ntenant: { state: dormant, limits: { concurrency: 3 } }\n")
    with Mock(port=port, scenario=str(file)) as second:
        ask(second, "PUT", "tenants/anna/scenario", {"name": "own"})
        expect(page.get_by_text("The server was started anew")).to_be_visible()
        expect(page.get_by_role("complementary").locator("li")).to_have_text(["Everybody is in the scenario own. Stop"])
        page.goto("about:blank")


def test_a_provider_may_be_gone(page: Page, complaints: Complaints) -> None:
    """The form is that of one that there is."""
    complaints.expect(*STOPPED)
    with Mock() as first:
        port = first.server.port
        page.goto(at(first, "try"))
        expect(page.get_by_label("API id")).to_be_visible()
    with Mock(port=port, providers=[discover()["xty"]]) as second:
        expect(page.get_by_label("API key")).to_be_visible()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="200 createChatCompletion")).to_be_visible()
        assert control(second, "journal")["count"] == 1
        page.goto("about:blank")


def test_a_server_that_is_half_there_is_not_stormed(page: Page, mock: Mock, complaints: Complaints) -> None:
    """Where its news can be heard and nothing else, it is asked every other second."""
    complaints.expect("ERR_FAILED")
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route("**/_mock/v1/health", refuse)
    page.goto(at(mock, "learn"))
    page.wait_for_timeout(7000)
    assert 2 <= len(asked) <= 8


def test_an_answer_that_is_cut_off_is_no_answer(page: Page, mock: Mock, complaints: Complaints) -> None:
    """Nothing is read into it: the list stays, and the page says that it waits for the server."""
    complaints.expect("ERR_CONTENT_LENGTH_MISMATCH", "ERR_FAILED")
    cut_out(mock)
    page.goto(at(mock))
    expect(page.locator("table.calls tbody tr")).to_have_count(1)
    page.route("**/_mock/v1/journal?*", lambda route: route.fulfill(status=200, body='{"count": 1, "exch'))
    cut_out(mock)
    expect(page.locator(".state")).to_contain_text("does not answer")
    expect(page.locator("table.calls tbody tr")).not_to_have_count(0)
    expect(page.get_by_text("Cannot read")).to_have_count(0)
    page.unroute_all()
    expect(page.locator("table.calls tbody tr")).to_have_count(2)


def test_filters_of_the_old_server_are_forgotten(page: Page, complaints: Complaints) -> None:
    """Whom they name may never call again; who is chosen in the address is met anew."""
    complaints.expect(*STOPPED)
    with Mock() as first:
        port = first.server.port
        cut_out(first)
        page.goto(at(first, "calls?tenant=anna"))
        expect(page.locator("table.calls tbody tr")).to_have_count(1)
        page.goto(at(first, "next?tenant=anna"))
        expect(page.get_by_label("Credits of anna")).to_be_visible()
    expect(page.locator(".state")).to_contain_text("does not answer")
    with Mock(port=port) as second:
        expect(page.locator(".state")).to_have_text("live")
        cut_out(second, "berta")
        expect(page.get_by_label("Caller").locator("option")).to_have_count(3)
        page.get_by_role("button", name="Drain").click()
        expect(page.locator(".notice")).to_contain_text("anna has no credits.")
        page.get_by_role("navigation", name="Places").get_by_role("link", name="Calls").click()
        expect(page.locator("table.calls tbody tr")).to_have_count(1)
        page.goto("about:blank")
