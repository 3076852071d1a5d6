"""Learn: the place on the page with the documents, the rules and the errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dashboard import at

if TYPE_CHECKING:
    from typing import Literal

    from playwright.sync_api import Page

    from mockserver.mock import Mock

DOCUMENTS = ("Pixian", "XTY", "The control API")
"""The links to rendered documents begin like this."""

pytestmark = pytest.mark.usefixtures("mock")  # which is stopped after the page is closed


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
    page.goto(at(mock, "learn"))
    page.get_by_role("link", name=document).click()
    page.locator(".opblock-summary-control").nth(1).click()
    expect(page.get_by_role("button", name="Execute")).to_be_visible()
    expect(page.locator("html.dark-mode")).to_have_count(1 if scheme == "dark" else 0)
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in serious] == []
    page.get_by_role("link", name="Back to the page").click()
    expect(page.get_by_role("heading", name="Errors", exact=True)).to_be_visible()
