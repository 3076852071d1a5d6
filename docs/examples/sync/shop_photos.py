"""Photos of goods without their background, by Pixian.AI."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from pathlib import Path

LIVE = "https://api.pixian.ai"
IDLE = 200.0  # seconds of silence that are borne; Pixian.AI asks for 180 at least
STEP = 5.0  # seconds by which the wait grows with every "too many requests" in a row
MOMENT = 2.0  # seconds of peace after an error of the server
BUSY, BROKEN = 8, 2  # how often either may come in a row before we give up
STARTS = {"image/png": (b"\x89PNG\r\n\x1a\n", ".png"), "image/jpeg": (b"\xff\xd8\xff", ".jpeg")}


class PixianError(Exception):
    """There is no picture; the text says why."""


class OutOfCreditsError(PixianError):
    """There is no picture, and none will come before credits are bought."""


@dataclass(frozen=True)
class Pixian:
    """An account at Pixian.AI: an API id with its secret."""

    credentials: tuple[str, str]
    origin: str = LIVE

    def cut_out(self, photo: Path, folder: Path, *, test: bool = False) -> Path:
        """Save the foreground of *photo* in *folder*, and return where; a *test* is free and has a watermark.

        Raises:
            PixianError: there is no picture; nothing was saved.
        """
        response = self._answer(photo, {"test": "true"} if test else {})
        if not response.ok:
            kind = OutOfCreditsError if response.status_code == requests.codes.payment_required else PixianError
            raise kind(f"{photo.name}: {_reason(response)}")
        kind_of_picture = response.headers.get("Content-Type", "")
        start, suffix = STARTS.get(kind_of_picture, (b"", ""))
        if not suffix or not response.content.startswith(start):
            raise PixianError(f"{photo.name}: the answer is no picture, but {kind_of_picture or 'something'}")
        result = folder / f"{photo.stem}{suffix}"
        result.write_bytes(response.content)
        return result

    def _answer(self, photo: Path, form: dict[str, str]) -> requests.Response:
        """Ask until there is an answer that another try would not change, or patience is at its end."""
        busy = broken = 0
        while True:
            response = self._ask(photo, form)
            if response.status_code == requests.codes.too_many_requests and busy < BUSY:
                busy += 1
                time.sleep(STEP * busy)
            elif response.status_code >= requests.codes.server_error and broken < BROKEN:
                busy, broken = 0, broken + 1
                time.sleep(MOMENT)
            else:
                return response

    def _ask(self, photo: Path, form: dict[str, str]) -> requests.Response:
        try:
            return requests.post(
                f"{self.origin}/api/v2/remove-background",
                data=form,
                files={"image": (photo.name, photo.read_bytes())},
                auth=self.credentials,
                timeout=IDLE,
            )
        except requests.RequestException as error:  # not tried again: this picture may have been charged
            raise PixianError(f"{photo.name}: no whole answer came: {error}") from error


def _reason(response: requests.Response) -> str:
    """Return the message of Pixian.AI's error object; some errors are web pages and have none."""
    try:
        return f"{response.status_code}, {response.json()['error']['message']}"
    except (ValueError, KeyError, TypeError):
        return f"{response.status_code} {response.reason}"
