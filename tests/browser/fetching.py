"""What a page is told when it calls the mock with ``fetch``."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from serving import CHAT, CONVERSATION, REMOVE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from mockserver.mock import Mock

SAMPLE = "https://example.com/example.jpeg"
FAILED = "TypeError: Failed to fetch"
FETCH = """async ([url, { form, empty, ...options }]) => {
  if (form) {
    options.body = new FormData();
    for (const [name, value] of Object.entries(form)) options.body.set(name, value);
  }
  if (empty) {
    options.body = new FormData();
    options.body.set("image", new Blob([new Uint8Array(empty)]), "large.png");
  }
  const told = { status: 0, headers: {}, body: "", failed: "" };
  try {
    const response = await fetch(url, options);
    told.status = response.status;
    told.headers = Object.fromEntries(response.headers);
    told.body = await response.text();
  } catch (error) {
    told.failed = String(error);
  }
  return told;
}"""


def fetched(page: Page, url: str, **options: object) -> dict[str, Any]:
    """Return what *page* was told of the answer when it fetched *url* with *options*."""
    told: dict[str, Any] = page.evaluate(FETCH, [url, options])
    return told


def pixian(page: Page, mock: Mock, user: str, **options: object) -> dict[str, Any]:
    """Have *page* ask Pixian for a picture, as *user* with the secret of all tests here."""
    asked: dict[str, object] = {"method": "POST", "headers": {"Authorization": authorization(user)}}
    return fetched(page, mock.url + REMOVE, **asked | {"form": {"image.url": SAMPLE}} | options)


def xty(page: Page, mock: Mock, key: str) -> dict[str, Any]:
    """Have *page* ask XTY for a picture with *key*."""
    fields = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return fetched(page, mock.url + CHAT, method="POST", headers=fields, body=json.dumps(CONVERSATION))


def authorization(user: str) -> str:
    """Return the value of the field ``Authorization`` for *user*."""
    return f"Basic {b64encode(f'{user}:secret'.encode()).decode()}"


def result(page: Page, mock: Mock, key: str) -> str:
    """Return the URL of a result that *page* got with *key*."""
    told = xty(page, mock, key)
    url = json.loads(told["body"])["choices"][0]["message"]["content"]
    assert url.startswith(mock.url)
    return str(url)
