"""Whole albums without their backgrounds, by Pixian.AI or XTY, a few photos at a time."""

from __future__ import annotations

import base64
import mimetypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import anyio
import httpx

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from pathlib import Path

AT_ONCE = 5  # photos; Pixian.AI asks for no more at the start of a batch
IDLE = 200.0  # seconds of silence that are borne; Pixian.AI asks for 180 at least
STEP = 5.0  # seconds by which the wait grows with every "too many requests" in a row
MOMENT = 2.0  # seconds of peace after an error of the server
BUSY, BROKEN = 8, 2  # how often either may come in a row before we give up
PNG = b"\x89PNG\r\n\x1a\n"


class NoPictureError(Exception):
    """There is no picture; the text says why."""


class Service(Protocol):
    """Whoever removes backgrounds."""

    async def cut_out(self, http: httpx.AsyncClient, photo: Path) -> bytes:
        """Return the foreground of *photo* as PNG.

        Raises:
            NoPictureError: there is none.
        """


@dataclass(frozen=True)
class Pixian:
    """An account at Pixian.AI: an API id with its secret."""

    credentials: tuple[str, str]
    origin: str = "https://api.pixian.ai"

    async def cut_out(self, http: httpx.AsyncClient, photo: Path) -> bytes:
        """Do as :class:`Service` says."""
        url = f"{self.origin}/api/v2/remove-background"
        data = await anyio.Path(photo).read_bytes()

        async def ask() -> httpx.Response:
            return await http.post(url, auth=self.credentials, files={"image": (photo.name, data)})

        return _picture(await _answer(ask))


@dataclass(frozen=True)
class Xty:
    """A key of XTY."""

    key: str
    origin: str = "https://api.xty.app"

    async def cut_out(self, http: httpx.AsyncClient, photo: Path) -> bytes:
        """Do as :class:`Service` says."""
        media, _ = mimetypes.guess_type(photo.name)
        data = base64.b64encode(await anyio.Path(photo).read_bytes()).decode()
        url = f"data:{media};base64,{data}"
        content = [{"type": "image_url", "image_url": {"url": url}}]

        async def ask() -> httpx.Response:
            return await http.post(
                f"{self.origin}/v1/chat/completions",
                headers={"Authorization": f"Bearer {self.key}"},
                json={"model": "remove-bg", "messages": [{"role": "user", "content": content}]},
            )

        completion = await _answer(ask)
        try:
            result = str(completion.json()["choices"][0]["message"]["content"])
        except (ValueError, LookupError, TypeError) as error:
            raise NoPictureError("the answer names no picture") from error
        return _picture(await _answer(lambda: http.get(result)))  # without the key: it is another's host


async def cut_out_all(service: Service, photos: Iterable[Path], folder: Path) -> dict[Path, str]:
    """Save the foregrounds of *photos* in *folder*; return what was wrong with those that have none."""
    failures: dict[Path, str] = {}
    places = anyio.Semaphore(AT_ONCE)

    async def one(photo: Path) -> None:
        async with places:
            try:
                picture = await service.cut_out(http, photo)
            except NoPictureError as error:
                failures[photo] = str(error)
            else:
                await anyio.Path(folder, f"{photo.stem}.png").write_bytes(picture)

    async with httpx.AsyncClient(timeout=IDLE) as http, anyio.create_task_group() as group:
        for photo in photos:
            group.start_soon(one, photo)
    return failures


async def _answer(ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """Ask until there is an answer of success.

    Raises:
        NoPictureError: there is another one, that a further try would not change, or patience is at its end.
    """
    busy = broken = 0
    while True:
        try:
            response = await ask()
        except httpx.TransportError as error:  # not tried again: this picture may have been charged
            raise NoPictureError(f"no whole answer came: {error}") from error
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS and busy < BUSY:
            busy += 1
            await anyio.sleep(max(STEP * busy, _retry_after(response)))
        elif response.is_server_error and broken < BROKEN:
            busy, broken = 0, broken + 1
            await anyio.sleep(max(MOMENT, _retry_after(response)))
        elif response.is_success:
            return response
        else:
            raise NoPictureError(_reason(response))


def _retry_after(response: httpx.Response) -> float:
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else 0.0


def _reason(response: httpx.Response) -> str:
    """Return the message of the error object; some errors are web pages and have none."""
    try:
        return f"{response.status_code}, {response.json()['error']['message']}"
    except (ValueError, LookupError, TypeError):
        return f"{response.status_code} {response.reason_phrase}"


def _picture(response: httpx.Response) -> bytes:
    if not response.content.startswith(PNG):
        raise NoPictureError(f"the answer is no PNG, but {response.headers.get('Content-Type', 'something')}")
    return response.content
