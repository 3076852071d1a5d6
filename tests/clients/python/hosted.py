"""The result that XTY hosts, fetched with httpx."""

from __future__ import annotations

import httpx

from answer import picture_in
from chat import patiently
from job import Failure


def fetched(client: httpx.Client, url: str) -> bytes:
    """Return the result, which may take a moment to appear."""
    return patiently(lambda: fetched_once(client, url))


def fetched_once(client: httpx.Client, url: str) -> bytes:
    """Return the result, without showing the key to whoever hosts it."""
    try:
        response = client.get(url)
    except httpx.HTTPError as error:
        raise Failure(f"the result could not be fetched: {type(error).__name__} {error}") from error
    return picture_in(response.status_code, response.headers.get("Content-Type"), response.content)
