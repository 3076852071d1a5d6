"""A small client of Pixian: it cuts pictures out, waits when it has to, and knows what it has spent."""

from __future__ import annotations

import time
from decimal import Decimal
from http import HTTPStatus

import requests

IDLE = 200  # seconds; the provider asks for 180 at least
TRIES = 6
PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


class NoPictureError(Exception):
    """There is no result; the text says why."""


class OutOfCreditsError(NoPictureError):
    """The account is empty, or has too little for this picture."""


class PixianClient:
    """Cuts pictures out for one account; ``spent`` is what that has cost so far, in credits."""

    def __init__(self, url: str, account: tuple[str, str]) -> None:
        """Ask the provider at *url*, with id and secret of the *account*."""
        self._url = f"{url}/api/v2/remove-background"
        self._account = account
        self.spent = Decimal(0)

    def cut_out(self, picture: bytes, **parameters: str) -> bytes:
        """Return *picture* without its background.

        Raises:
            OutOfCreditsError: it has to be paid for first.
            NoPictureError: it cannot be had for another reason.
        """
        try:
            answer = self._answer(picture, parameters)
        except requests.RequestException as error:
            raise NoPictureError(f"no whole answer: {error}") from error
        self.spent += Decimal(answer.headers.get("X-Credits-Charged", "0"))
        if answer.status_code == HTTPStatus.PAYMENT_REQUIRED:
            raise OutOfCreditsError(answer.text)
        if answer.status_code != HTTPStatus.OK:
            raise NoPictureError(f"status {answer.status_code}: {answer.text[:200]}")
        start = PICTURES.get(answer.headers.get("Content-Type", ""))
        if start is None or not answer.content.startswith(start):
            raise NoPictureError(f"no picture, but {answer.headers.get('Content-Type')}")
        return answer.content

    def _answer(self, picture: bytes, parameters: dict[str, str]) -> requests.Response:
        """Return the answer, after 5, 10, 15 ... seconds of peace for every 429."""
        for turn in range(1, TRIES):
            answer = self._ask(picture, parameters)
            if answer.status_code != HTTPStatus.TOO_MANY_REQUESTS:
                return answer
            time.sleep(5 * turn)
        return self._ask(picture, parameters)

    def _ask(self, picture: bytes, parameters: dict[str, str]) -> requests.Response:
        return requests.post(
            self._url,
            data=parameters,
            files={"image": picture},
            auth=self._account,
            timeout=IDLE,
            allow_redirects=False,
        )
