"""Cuts pictures out with XTY, httpx and asyncio, several at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx

from answer import Backoff, picture_in, save
from chat import CONNECT, IDLE, PATH, PAUSES, body, result_url
from job import Failure, run
from tasks import each

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from job import Job


def main(job: Job) -> None:
    """Cut out all pictures of *job*."""
    asyncio.run(cut_out_all(job))


async def cut_out_all(job: Job) -> None:
    """Cut out all pictures of *job* with one pool of connections."""
    async with httpx.AsyncClient(timeout=httpx.Timeout(IDLE, connect=CONNECT), verify=job.tls) as client:

        async def one(source: str, output: Path) -> None:
            save(output, await cut_out(client, job, body(source, job.parameters)))

        await each(job, one)


async def cut_out(client: httpx.AsyncClient, job: Job, what: dict[str, Any]) -> bytes:
    """Ask for a picture until there is a completion or the tries are used up; return the result."""
    headers = {"Authorization": f"Bearer {job.key}"}
    backoff = Backoff()
    while True:
        try:
            response = await client.post(job.base_url + PATH, json=what, headers=headers)
        except httpx.HTTPError as error:  # it may have been charged all the same, so it is not repeated
            raise Failure(f"no whole answer: {type(error).__name__} {error}") from error
        wait = backoff.after(response.status_code, response.headers.get("Retry-After"))
        if wait is None:
            return await fetched(client, result_url(response.status_code, response.content))
        await asyncio.sleep(wait)


async def fetched(client: httpx.AsyncClient, url: str) -> bytes:
    """Return the result, which may take a moment to appear."""
    for pause in PAUSES:
        try:
            return await fetched_once(client, url)
        except Failure:
            await asyncio.sleep(pause)
    return await fetched_once(client, url)


async def fetched_once(client: httpx.AsyncClient, url: str) -> bytes:
    """Return the result, without showing the key to whoever hosts it."""
    try:
        response = await client.get(url)
    except httpx.HTTPError as error:
        raise Failure(f"the result could not be fetched: {type(error).__name__} {error}") from error
    return picture_in(response.status_code, response.headers.get("Content-Type"), response.content)


run(main)
