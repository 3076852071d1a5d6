"""What goes wrong is told to pages of another origin, and is never a success."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from serving import script
from tests.browser.fetching import FAILED, fetched, pixian, result, xty

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from browsing import Complaints
    from mockserver.mock import Mock


pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("status", [400, 401, 402, 413, 429, 500, 503])
def test_refusals_of_pixian_can_be_read(stranger: Page, mock: Mock, complaints: Complaints, status: int) -> None:
    """With their status, and the error object."""
    complaints.expect(f"status of {status}")
    script(mock, f"refused-{status}", str(status))
    told = pixian(stranger, mock, f"refused-{status}")
    assert told["status"] == json.loads(told["body"])["error"]["status"] == status


@pytest.mark.parametrize("status", [400, 401, 403, 413, 503])
def test_refusals_of_xty_can_be_read(stranger: Page, mock: Mock, complaints: Complaints, status: int) -> None:
    """With the number that helps to ask what went wrong."""
    complaints.expect(f"status of {status}")
    script(mock, f"sk-refused-{status}", str(status))
    told = xty(stranger, mock, f"sk-refused-{status}")
    assert told["status"] == status
    assert json.loads(told["body"])["error"]["message"]
    assert told["headers"]["x-oneapi-request-id"]


def test_refusals_without_a_body_can_be_told(stranger: Page, mock: Mock, complaints: Complaints) -> None:
    """XTY's limiter says no more than the status."""
    complaints.expect("status of 429")
    script(mock, "sk-limited", "429")
    told = xty(stranger, mock, "sk-limited")
    assert (told["status"], told["body"], told["failed"]) == (429, "", "")


def test_errors_that_are_web_pages_can_be_read(stranger: Page, mock: Mock, complaints: Complaints) -> None:
    """So that a page can be tested against them."""
    complaints.expect("status of 502")
    script(mock, "webpage", {"fault": "status", "status": 502, "body": "html"})
    told = pixian(stranger, mock, "webpage")
    assert told["status"] == 502
    assert told["headers"]["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/api/v2/remove-backgroud", "/v1/chat/completion"])
def test_a_misspelt_path_is_told(stranger: Page, mock: Mock, complaints: Complaints, path: str) -> None:
    """The page reads the provider's own refusal, also where the browser has to ask first."""
    complaints.expect("status of 404")
    told = fetched(stranger, mock.url + path, method="POST", headers={"Authorization": "Bearer sk-x"})
    assert told["status"] == 404
    assert told["body"]


@pytest.mark.parametrize("size", [32_000_000, 60_000_000])
def test_an_upload_that_is_too_large_is_told(stranger: Page, mock: Mock, complaints: Complaints, size: int) -> None:
    """Although the server does not want the rest of it."""
    complaints.expect("status of 413")
    told = pixian(stranger, mock, "large", form=None, empty=size)
    assert (told["status"], told["failed"]) == (413, "")
    assert json.loads(told["body"])["error"]["code"] == 1012


@pytest.mark.parametrize(
    "word",
    [
        {"fault": "truncate", "after": 1000},
        {"fault": "truncate", "after": 0},
        {"fault": "reset", "after": 500},
        {"fault": "reset"},
        {"fault": "close"},
    ],
    ids=str,
)
def test_what_breaks_is_no_success(stranger: Page, mock: Mock, complaints: Complaints, word: dict[str, object]) -> None:
    """No page takes half a picture for a whole one: ``fetch`` fails, or the reading of its body."""
    complaints.expect("net::ERR_")
    tenant = "-".join(map(str, word.values()))
    script(mock, tenant, word, word)  # see the next test
    told = pixian(stranger, mock, tenant)
    assert told["failed"] == FAILED
    assert told["body"] == ""
    assert told["status"] in ({200} if "after" in word else {0})


def test_a_browser_repeats_what_an_old_connection_breaks_off(stranger: Page, mock: Mock) -> None:
    """Without a word to the page, even a POST, and once: so one word of a script may not be enough to see a failure."""
    assert pixian(stranger, mock, "repeated")["status"] == 200  # leaves a connection open
    script(mock, "repeated", {"fault": "reset"})
    assert pixian(stranger, mock, "repeated")["status"] == 200
    assert len([one for one in mock.journal.find() if one.tenant == "repeated"]) == 3


def test_an_expired_result_is_told(stranger: Page, mock: Mock, complaints: Complaints) -> None:
    """The page reads the status, and does not draw the error."""
    complaints.expect("status of 404")
    url = result(stranger, mock, "sk-mock-expired-results")
    assert fetched(stranger, url)["status"] == 404
