"""The means of these tests: a browser that reaches nothing but this machine, and pages that are heard to complain."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from browsing import Complaints, chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


def test_without_a_browser_tests_are_skipped_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason says what to install."""
    nowhere(monkeypatch)
    monkeypatch.delenv("MATTEPROOF_REQUIRE_SAMPLES", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no Chromium here: apt-get install chromium"):
        chromium()


def test_where_nothing_may_be_skipped_tests_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """With ``MATTEPROOF_REQUIRE_SAMPLES=1`` nothing is skipped silently."""
    nowhere(monkeypatch)
    monkeypatch.setenv("MATTEPROOF_REQUIRE_SAMPLES", "1")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        chromium()


def test_the_environment_names_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else is installed."""
    monkeypatch.setenv("MATTEPROOF_CHROMIUM", "/opt/other/chrome")
    assert chromium() == "/opt/other/chrome"


def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no browser be found."""
    monkeypatch.delenv("MATTEPROOF_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")


@pytest.mark.usefixtures("chrome")
def test_a_sleeping_browser_leaves_room_for_event_loops() -> None:
    """Tests of asynchronous code run between those with a page."""
    assert asyncio.run(asyncio.sleep(0, "done")) == "done"


def test_a_page_that_complains_is_heard(browser: Browser, elsewhere: str) -> None:
    """Of errors that its scripts do not catch and of errors on the console; those that are expected are none."""
    context = browser.new_context()
    complaints = Complaints(context)
    page = context.new_page()
    page.goto(elsewhere)
    page.evaluate("() => { console.error('first'); console.warn('a warning'); setTimeout(() => boom(), 0) }")
    page.wait_for_timeout(0)
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 1))")
    assert [text.split(" (")[0] for text in complaints.unexpected] == ["first", "uncaught: boom is not defined"]
    complaints.expect("^first", "boom")
    assert complaints.unexpected == []
    context.close()


def test_nothing_beyond_this_machine_is_reached(page: Page, elsewhere: str, complaints: Complaints) -> None:
    """A name of the internet does not exist; this machine does."""
    complaints.expect("ERR_NAME_NOT_RESOLVED")
    page.goto(elsewhere)
    fetched = "(url) => fetch(url, { mode: 'no-cors' }).then(() => 'reached', (error) => error.name)"
    assert page.evaluate(fetched, "https://example.com/") == "TypeError"
    assert page.evaluate(fetched, elsewhere) == "reached"


def test_profiles_are_fresh(context: BrowserContext) -> None:
    """Nobody has been anywhere before."""
    assert context.cookies() == []
    assert context.pages == []
