"""A small client of XTY: it orders a picture without its background, and fetches that by its URL."""

from __future__ import annotations

import base64

import requests

PATIENCE = 60  # seconds; a picture takes three to ten


def order(url: str, key: str, picture: bytes, media_type: str) -> str:
    """Return the URL of *picture* without its background."""
    shown = f"data:{media_type};base64,{base64.b64encode(picture).decode()}"
    message = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": shown}}]}
    answer = requests.post(
        f"{url}/v1/chat/completions",
        json={"model": "remove-bg", "messages": [message]},
        headers={"Authorization": f"Bearer {key}"},
        timeout=PATIENCE,
    )
    answer.raise_for_status()
    result: str = answer.json()["choices"][0]["message"]["content"]
    return result


def fetch(result: str) -> bytes | None:
    """Return the picture at the URL *result*, or ``None`` when its time is over."""
    answer = requests.get(result, timeout=PATIENCE)
    if answer.status_code == requests.codes.not_found:
        return None
    answer.raise_for_status()
    return answer.content
