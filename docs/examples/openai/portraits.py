"""People without their background, by XTY and the openai SDK."""

from __future__ import annotations

import base64
import mimetypes
import time
from typing import TYPE_CHECKING, Self

import httpx
import openai

if TYPE_CHECKING:
    from pathlib import Path

    from openai.types.chat import ChatCompletionMessageParam

LIVE = "https://api.xty.app"
IDLE = 60.0  # seconds of silence that are borne; XTY says that a picture takes 3 to 10
STEP = 5.0  # seconds by which the wait grows with every failure in a row that may pass
TRIES = 4
PNG = b"\x89PNG\r\n\x1a\n"


class NoPortraitError(Exception):
    """There is no portrait; the text says why."""


class Xty:
    """A key of XTY, with the connections that are kept for it."""

    def __init__(self, key: str, origin: str = LIVE) -> None:
        """Use *key*, at XTY or wherever *origin* is."""
        self._http = httpx.Client(timeout=IDLE)  # for results
        self._sdk = openai.OpenAI(
            api_key=key,
            base_url=f"{origin}/v1",
            timeout=IDLE,
            max_retries=0,  # the SDK's own are quicker than XTY can be asked for, and try a 503 that is for good
        )

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._sdk.close()
        self._http.close()

    def cut_out(self, photo: Path, output: Path, subject: str = "a person") -> None:
        """Save the *subject* of *photo* as *output*, a PNG.

        Raises:
            NoPortraitError: there is none; nothing was saved.
        """
        media, _ = mimetypes.guess_type(photo.name)
        url = f"data:{media};base64,{base64.b64encode(photo.read_bytes()).decode()}"
        result = self._completed(
            [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": subject},
                        {"type": "image_url", "image_url": {"url": url}},
                    ],
                }
            ]
        )
        output.write_bytes(self._fetched(result))

    def _completed(self, messages: list[ChatCompletionMessageParam]) -> str:
        """Return the URL of the result for *messages*, if need be after some more tries."""
        for number in range(1, TRIES + 1):
            try:
                completion = self._sdk.chat.completions.create(model="remove-bg", messages=messages)
                return str(completion.choices[0].message.content)
            except (openai.RateLimitError, openai.InternalServerError) as error:
                if number == TRIES or error.code == "model_not_found":  # a 503 that is for good
                    raise NoPortraitError(f"XTY says: {error}") from error
                time.sleep(STEP * number)
            except (openai.OpenAIError, ValueError) as error:
                raise NoPortraitError(f"XTY says: {error}") from error
            except (AttributeError, LookupError, TypeError) as error:  # a web page, or an error, with status 200
                raise NoPortraitError("XTY's answer is no completion") from error
        raise AssertionError("the last try returns or raises")

    def _fetched(self, url: str) -> bytes:
        """Return the picture at *url*, which needs no key and should not get it."""
        try:
            response = self._http.get(url).raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoPortraitError(f"the result could not be fetched: {error}") from error
        if not response.content.startswith(PNG):
            raise NoPortraitError("the result is no PNG")
        return response.content
