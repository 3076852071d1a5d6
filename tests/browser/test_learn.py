"""Learn: the place on the page with the documents, the rules and the errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from dashboard import at

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from mockserver.mock import Mock

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
