"""Learn: the place on the page with the documents, the rules and the errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dashboard import at
from mockserver.mock import Mock

if TYPE_CHECKING:
    from typing import Literal

    from playwright.sync_api import Page

    from browsing import Complaints

DOCUMENTS = ("Pixian.AI v2", "XTY remove-bg", "The control API of this server")
"""The links to rendered documents."""

pytestmark = pytest.mark.usefixtures("mock")  # which is stopped after the page is closed


def serious(page: Page) -> list[tuple[str, list[str]]]:
    """Return the serious faults that axe finds on the page: their names, and the elements that have them."""
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in {"serious", "critical"}]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


def test_parts_are_led_to(page: Page, mock: Mock) -> None:
    """From the top of the page, which has many rules before its errors; the place in the address stays."""
    page.goto(at(mock, "learn"))
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Errors").click()
    expect(page.get_by_role("heading", name="Errors", exact=True)).to_be_focused()
    assert page.url == at(mock, "learn")


def test_rules_about_clients_come_first(page: Page, mock: Mock) -> None:
    """They are about the code that one writes."""
    page.goto(at(mock, "learn"))
    rules = page.locator("article.rule")
    expect(rules.first).to_have_id("pixian.client.transport.https")
    expect(rules.last).to_contain_text(".server.")


@pytest.mark.parametrize(
    ("document", "scheme"),
    [
        (DOCUMENTS[0], "light"),
        *(pytest.param(one, "light", marks=pytest.mark.thorough) for one in DOCUMENTS[1:]),
        *(pytest.param(one, "dark", marks=pytest.mark.thorough) for one in DOCUMENTS),
    ],
)
def test_everybody_can_read_a_document(page: Page, mock: Mock, document: str, scheme: Literal["light", "dark"]) -> None:
    """By day or by night, by eye or by ear: axe finds nothing serious, and a link leads back."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(at(mock, "learn?search=429"))
    page.get_by_role("link", name=document, exact=True).click()
    page.locator(".opblock-summary-control").nth(1).click()
    expect(page.get_by_role("button", name="Execute")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator("html.dark-mode")).to_have_count(1 if scheme == "dark" else 0)
    assert serious(page) == []
    page.get_by_role("link", name="Back to the page").click()
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("429")


def test_a_field_of_a_document_has_a_name_of_its_own(page: Page, mock: Mock) -> None:
    """And so has the box beside it."""
    page.goto(f"{mock.url}/_mock/v1/providers/pixian/docs")
    page.locator(".opblock-summary-control").first.click()
    row = page.locator("tr[data-property-name=test]")
    expect(row.get_by_role("combobox", name="test", exact=True)).to_have_count(1)
    expect(row.get_by_role("checkbox", name="Send an empty value of test", exact=True)).to_have_count(1)


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_what_a_document_brings(page: Page, mock: Mock, scheme: Literal["light", "dark"]) -> None:
    """The answer to a call from it, its schema, and the window for credentials."""
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{mock.url}/_mock/v1/docs")
    page.locator(".opblock-summary-control", has_text="/health").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table")).to_be_visible()
    page.locator(".opblock.is-open").get_by_role("tab", name="Schema").first.click()
    assert serious(page) == []
    page.get_by_role("button", name="Authorize").first.click()
    expect(page.get_by_role("button", name="Close").first).to_be_visible()
    assert serious(page) == []


def test_a_document_is_read_by_whoever_has_the_token(page: Page) -> None:
    """Also where the address holds it."""
    with Mock(token="a-token-for-tests") as locked:  # noqa: S106  of no real server
        page.goto(f"{locked.url}/_mock/v1/docs".replace("http://", "http://anybody:a-token-for-tests@"))
        expect(page.locator(".opblock").first).to_be_visible()


def test_a_document_that_does_not_come_says_so(page: Page, mock: Mock, complaints: Complaints) -> None:
    """Where the server was stopped before it was fetched."""
    complaints.expect("ERR_FAILED")
    page.route("**/openapi.json", lambda route: route.abort())
    page.goto(f"{mock.url}/_mock/v1/docs")
    expect(page.get_by_text("The document cannot be shown. Is the mock server still running?")).to_be_visible()
