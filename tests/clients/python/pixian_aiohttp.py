"""Cuts pictures out with Pixian and aiohttp, several at once."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING

import aiohttp

from answer import Backoff, picture_in, save
from form import CONNECT, IDLE, PATH, form
from job import Failure, run
from tasks import each

if TYPE_CHECKING:
    from pathlib import Path

    from form import Form
    from job import Job


def main(job: Job) -> None:
    """Cut out all pictures of *job*."""
    asyncio.run(cut_out_all(job))


async def cut_out_all(job: Job) -> None:
    """Cut out all pictures of *job* with one pool of connections."""
    pair = base64.b64encode(":".join(job.credentials).encode()).decode("ascii")
    async with aiohttp.ClientSession(
        headers={"Authorization": f"Basic {pair}"},
        connector=aiohttp.TCPConnector(ssl=job.tls),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT, sock_read=IDLE),
    ) as session:

        async def one(source: str, output: Path) -> None:
            await cut_out(session, job.base_url + PATH, form(job, source), output)

        await each(job, one)


async def cut_out(session: aiohttp.ClientSession, url: str, what: Form, output: Path) -> None:
    """Send a picture until it is answered with success or the tries are used up; save the result."""
    backoff = Backoff()
    while True:
        status, content_type, body = await send(session, url, what)
        wait = backoff.after(status)
        if wait is None:
            break
        await asyncio.sleep(wait)
    save(output, picture_in(status, content_type, body))


async def send(session: aiohttp.ClientSession, url: str, what: Form) -> tuple[int, str | None, bytes]:
    """Send one request. What went wrong on the way may have been charged all the same, so it is not repeated."""
    data = aiohttp.FormData(what.fields)
    if what.file:
        data.add_field("image", what.file.data, filename=what.file.name)
    try:
        async with session.post(url, data=data) as response:
            return response.status, response.headers.get("Content-Type"), await response.read()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Failure(f"no whole answer: {type(error).__name__} {error}") from error


run(main)
