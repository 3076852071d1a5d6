"""Clients for tests of the mocks: as people write them, with a wait after 429 that can be wrong."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import anyio

from serving import PICTURE, REMOVE

if TYPE_CHECKING:
    import httpx

_TRIES = 6
_TOO_MANY = 429


def remove(client: httpx.Client, url: str, auth: tuple[str, str], first: float = 5.0) -> httpx.Response:
    """Ask Pixian at *url* to remove a background; wait *first* seconds after a 429, and as much more after others."""
    for wait in range(1, _TRIES):
        response = client.post(url + REMOVE, files={"image": ("p.png", PICTURE)}, data={"test": "true"}, auth=auth)
        if response.status_code != _TOO_MANY:
            break
        time.sleep(first * wait)
    return response


async def remove_async(client: httpx.AsyncClient, url: str, auth: tuple[str, str]) -> httpx.Response:
    """Ask in the same way, on an event loop."""
    for wait in range(1, _TRIES):
        response = await client.post(
            url + REMOVE, files={"image": ("p.png", PICTURE)}, data={"test": "true"}, auth=auth
        )
        if response.status_code != _TOO_MANY:
            break
        await anyio.sleep(5.0 * wait)
    return response
