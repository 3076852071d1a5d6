"""A browser, a page in it that must not complain, and pages of other origins than the mock's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error, expect

from browsing import Chromium, Complaints, chromium, pages_of
from mockserver.mock import Mock

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

PATIENCE = 30_000
"""Milliseconds after which a test gives up waiting; none that passes comes near."""
BRIEFLY = 1_000
"""Milliseconds for a look at the page of a failed test."""
MOST_SHOWN = 5_000
"""Letters of it that are shown."""
BLANK = "<!doctype html><html lang='en'><title>A page</title><link rel='icon' href='data:,'><p>A page."
FRONT_END = Path(__file__).parents[2] / "docs" / "examples" / "front-end"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell with a failed test what its page shows."""
    report = yield
    page: Page | None = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and page is not None:
        try:
            shown = page.locator("body").inner_text(timeout=BRIEFLY)
        except Error as error:
            shown = f"nothing that could be read: {error}"
        report.sections.append((f"the page {page.url}", shown[:MOST_SHOWN]))
    return report


@pytest.fixture(scope="session")
def chrome() -> Iterator[Chromium]:
    """Chromium, started when the first test wants a page; without one the test is skipped."""
    running = Chromium(chromium())
    expect.set_options(timeout=PATIENCE)
    yield running
    running.close()


@pytest.fixture
def browser(chrome: Chromium) -> Iterator[Browser]:
    """The browser of the session, whose calls work until the end of the test."""
    with chrome.awake():
        yield chrome.browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile, as of somebody who has never been anywhere."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def complaints(context: BrowserContext) -> Iterator[Complaints]:
    """What the pages complain of; ``complaints.expect("status of 429")`` says what the test means to provoke."""
    heard = Complaints(context)
    yield heard
    assert heard.unexpected == []


@pytest.fixture
def page(context: BrowserContext, complaints: Complaints) -> Page:
    """An empty page; the test fails if it complains of anything that the test does not expect."""
    del complaints  # they are there to be heard
    return context.new_page()


@pytest.fixture
def mock() -> Iterator[Mock]:
    """A mock server of the test's own: the page shows all that happens there."""
    with Mock() as running:
        yield running


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin of an empty page, which is not the mock's."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "index.html").write_text(BLANK, encoding="utf-8")
    with pages_of(folder) as origin:
        yield origin


@pytest.fixture(scope="session")
def front_end() -> Iterator[str]:
    """The origin of the example for front-ends."""
    with pages_of(FRONT_END) as origin:
        yield origin


@pytest.fixture
def stranger(page: Page, elsewhere: str) -> Page:
    """A page of another origin than the mock's."""
    page.goto(elsewhere)
    return page
