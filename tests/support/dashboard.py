"""The page of the mock server from outside: its address, calls that it shows, and the control API behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
from playwright.sync_api import expect

from pictures import disc, encoded
from plain import NO_TLS

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from mockserver.mock import Mock

PICTURE = encoded(disc((160, 120), (30, 40, 70, 60)), "PNG")
TIMES = chr(215)
"""The sign between two factors."""
STOPPED = ("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_EMPTY_RESPONSE")
"""What a browser says of a server that is stopped."""


def at(mock: Mock, place: str = "calls") -> str:
    """Return the address of *place* on the page."""
    return f"{mock.url}/_mock/#/{place}"


def cut_out(mock: Mock, caller: str = "anna", name: str = "photo.png", **fields: str) -> httpx.Response:
    """Send a picture to the mock, as *caller* and from a file of that *name*."""
    return send(mock, PICTURE, caller, name, fields)


def send(mock: Mock, picture: bytes, caller: str, name: str, fields: dict[str, str]) -> httpx.Response:
    """Send *picture*, a PNG, to the mock with these *fields*, as *caller* and from a file of that *name*."""
    return httpx.post(
        f"{mock.url}/api/v2/remove-background",
        auth=(caller, "secret"),
        files={"image": (name, picture, "image/png")},
        data=fields,
        trust_env=False,
        verify=NO_TLS,
        timeout=30,
    )


def control(mock: Mock, path: str) -> Any:  # noqa: ANN401  any JSON value
    """Return what the control API tells at *path*."""
    return httpx.get(f"{mock.url}/_mock/v1/{path}", trust_env=False, verify=NO_TLS).raise_for_status().json()


def ask(mock: Mock, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  any JSON value
    """Have the control API do something at *path*, as somebody else than the page; return what it tells."""
    answer = httpx.request(method, f"{mock.url}/_mock/v1/{path}", json=body, trust_env=False, verify=NO_TLS)
    return answer.raise_for_status().json()


def said(page: Page, text: str) -> Locator:
    """Return what the page says was done, if *text* is in it."""
    return page.get_by_role("status").filter(has_text=text)


def undo(page: Page, *words: str) -> None:
    """Undo what was done last, wait until the page says so in these *words*, and take its notice away.

    Else what is done next may be taken for done by the words of the one that was undone.
    """
    page.get_by_role("button", name="Undo").click()
    for text in words or ("Undone:",):
        expect(said(page, text)).to_be_visible()
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".notice")).to_have_count(0)
