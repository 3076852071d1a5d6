"""A mock that serves, clients that ask it for pictures, and patience until what they wait for has happened."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any

import httpx

from contracts.clock import Clock, stopwatch
from pictures import disc, encoded

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from mockserver.mock import Mock

START = 1_704_067_200.0
"""2024-01-01 00:00:00 UTC, a Monday."""
PATIENCE = 30.0
"""Real seconds after which nobody waits any longer."""
MOMENT = 0.05
"""Real seconds of silence that are taken for silence."""

REMOVE, ACCOUNT = "/api/v2/remove-background", "/api/v2/account"
CHAT, MODELS = "/v1/chat/completions", "/v1/models"
CONVERSATION: dict[str, Any] = {
    "model": "remove-bg",
    "messages": [
        {
            "role": "user",
            "content": [{"type": "image_url", "image_url": {"url": "https://file.xty.app/docs/msk.jpg"}}],
        }
    ],
}
PICTURE = encoded(disc())
"""A picture of 160 by 120 pixels."""


def frozen() -> Clock:
    """Return a clock that stands still."""
    return Clock(frozen=True, now=START)


def upload(client: httpx.Client, user: str = "me", picture: bytes = PICTURE, **fields: str) -> httpx.Response:
    """Have a background removed by Pixian for *user*."""
    return client.post(REMOVE, files={"image": ("picture", picture)}, data=fields, auth=(user, "secret"))


def converse(client: httpx.Client, key: str = "sk-me") -> httpx.Response:
    """Have a background removed by XTY for the holder of *key*."""
    return client.post(CHAT, json=CONVERSATION, headers={"Authorization": f"Bearer {key}"})


def script(mock: Mock, tenant: str, *words: object) -> None:
    """Have the next requests of *tenant* meet *words* of the control API."""
    address = f"{mock.url}/_mock/v1/tenants/{tenant}/script"
    httpx.put(address, json=words, trust_env=False, timeout=PATIENCE).raise_for_status()


def until(condition: Callable[[], bool]) -> None:
    """Wait until *condition* holds."""
    deadline = stopwatch() + PATIENCE
    while not condition():
        assert stopwatch() < deadline, "it never happened"
        Event().wait(0.005)


def waits(mock: Mock, answer: Future[httpx.Response]) -> bool:
    """Tell whether *answer*, which is ready in the journal of *mock*, has not come within a moment."""
    until(lambda: any(one.response is not None and one.ending is None for one in mock.journal.find()))
    Event().wait(MOMENT)
    return not answer.done()
