"""Pages of other origins: what a browser asks before their requests, and what it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from serving import ACCOUNT, CHAT, REMOVE

if TYPE_CHECKING:
    from mockserver.mock import Mock

PAGE = {"Origin": "http://localhost:5173"}
ASKED = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,x-own"}
NOWHERE = ("/api/v2/remove-backgroud", "/v1/chat/completion", "/elsewhere")


def options(mock: Mock, path: str, **fields: str) -> httpx.Response:
    """Send OPTIONS for *path* with *fields* of the head."""
    return httpx.options(mock.url + path, headers=fields, trust_env=False)


@pytest.mark.parametrize("path", [REMOVE, ACCOUNT, CHAT, *NOWHERE])
def test_a_page_may_send_what_its_browser_asks_about(mock: Mock, path: str) -> None:
    """With the fields asked for, also to paths that are none: otherwise the page would never see why it is refused."""
    answer = options(mock, path, **PAGE, **ASKED)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE["Origin"]
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert answer.headers["Access-Control-Allow-Headers"] == ASKED["Access-Control-Request-Headers"]
    assert {"Origin", "Access-Control-Request-Headers"} <= set(answer.headers["Vary"].split(", "))


@pytest.mark.parametrize("path", NOWHERE)
def test_a_path_that_is_none_may_be_tried_with_every_method(mock: Mock, path: str) -> None:
    """Which the answer to the request itself then refuses, readably."""
    allowed = options(mock, path, **PAGE, **ASKED).headers["Access-Control-Allow-Methods"].split(", ")
    assert {"GET", "POST", "PUT", "PATCH", "DELETE"} <= set(allowed)
    answer = httpx.post(mock.url + path, headers=PAGE, trust_env=False)
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE["Origin"]


@pytest.mark.parametrize("fields", [{}, PAGE, ASKED], ids=["alone", "of a page", "of nobody"])
def test_options_alone_do_not_make_a_path(mock: Mock, fields: dict[str, str]) -> None:
    """What is no preflight request gets the provider's own refusal."""
    assert options(mock, NOWHERE[0], **fields).status_code == 404


@pytest.mark.parametrize("path", [REMOVE, CHAT, NOWHERE[0]])
def test_a_public_page_may_reach_a_private_network(mock: Mock, path: str) -> None:
    """Browsers that ask for it are told so; others are told nothing."""
    field = "Access-Control-Allow-Private-Network"
    asked = {"Access-Control-Request-Private-Network": "true"}
    assert options(mock, path, **PAGE, **ASKED, **asked).headers[field] == "true"
    assert field not in options(mock, path, **PAGE, **ASKED).headers


@pytest.mark.parametrize("path", ["/v1/nothing", CHAT])
def test_a_page_reads_the_documented_fields_of_refusals(mock: Mock, path: str) -> None:
    """Also of those that no operation gives: an unknown path, or a method that a path has not."""
    answer = httpx.get(mock.url + path, headers=PAGE, trust_env=False)
    assert answer.status_code in {404, 405}
    assert "X-Oneapi-Request-Id" in answer.headers
    assert "X-Oneapi-Request-Id" in answer.headers["Access-Control-Expose-Headers"].split(", ")
