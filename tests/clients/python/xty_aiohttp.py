"""Cuts pictures out with XTY and aiohttp, several at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp

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
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=job.tls),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT, sock_read=IDLE),
    ) as session:

        async def one(source: str, output: Path) -> None:
            save(output, await cut_out(session, job, body(source, job.parameters)))

        await each(job, one)


async def cut_out(session: aiohttp.ClientSession, job: Job, what: dict[str, Any]) -> bytes:
    """Ask for a picture until there is a completion or the tries are used up; return the result."""
    backoff = Backoff()
    while True:
        status, retry_after, answer = await ask(session, job, what)
        wait = backoff.after(status, retry_after)
        if wait is None:
            return await fetched(session, result_url(status, answer))
        await asyncio.sleep(wait)


async def ask(session: aiohttp.ClientSession, job: Job, what: dict[str, Any]) -> tuple[int, str | None, bytes]:
    """Send one request. What went wrong on the way may have been charged all the same, so it is not repeated."""
    headers = {"Authorization": f"Bearer {job.key}"}
    try:
        async with session.post(job.base_url + PATH, json=what, headers=headers) as response:
            return response.status, response.headers.get("Retry-After"), await response.read()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Failure(f"no whole answer: {type(error).__name__} {error}") from error


async def fetched(session: aiohttp.ClientSession, url: str) -> bytes:
    """Return the result, which may take a moment to appear."""
    for pause in PAUSES:
        try:
            return await fetched_once(session, url)
        except Failure:
            await asyncio.sleep(pause)
    return await fetched_once(session, url)


async def fetched_once(session: aiohttp.ClientSession, url: str) -> bytes:
    """Return the result, without showing the key to whoever hosts it."""
    try:
        async with session.get(url) as response:
            return picture_in(response.status, response.headers.get("Content-Type"), await response.read())
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Failure(f"the result could not be fetched: {type(error).__name__} {error}") from error


run(main)
