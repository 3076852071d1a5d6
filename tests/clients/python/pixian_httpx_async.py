"""Cuts pictures out with Pixian, httpx and asyncio, several at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx

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
    timeout = httpx.Timeout(IDLE, connect=CONNECT)
    async with httpx.AsyncClient(
        base_url=job.base_url, auth=job.credentials, timeout=timeout, verify=job.tls
    ) as client:

        async def one(source: str, output: Path) -> None:
            await cut_out(client, form(job, source), output)

        await each(job, one)


async def cut_out(client: httpx.AsyncClient, what: Form, output: Path) -> None:
    """Send a picture until it is answered with success or the tries are used up; save the result."""
    backoff = Backoff()
    response = await send(client, what)
    while (wait := backoff.after(response.status_code)) is not None:
        await asyncio.sleep(wait)
        response = await send(client, what)
    save(output, picture_in(response.status_code, response.headers.get("Content-Type"), response.content))


async def send(client: httpx.AsyncClient, what: Form) -> httpx.Response:
    """Send one request. What went wrong on the way may have been charged all the same, so it is not repeated."""
    files = {"image": (what.file.name, what.file.data)} if what.file else None
    try:
        return await client.post(PATH, data=what.fields, files=files)
    except httpx.HTTPError as error:
        raise Failure(f"no whole answer: {type(error).__name__} {error}") from error


run(main)
