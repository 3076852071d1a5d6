"""Several pictures at once, each in a task of asyncio."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from job import Job


async def each(job: Job, cut_out: Callable[[str, Path], Awaitable[None]]) -> None:
    """Cut out all pictures of *job*, as many at once as it says; what went wrong is told when all are done."""
    free = asyncio.Semaphore(job.threads)

    async def one(source: str, output: Path) -> None:
        async with free:
            await cut_out(source, output)

    ends = await asyncio.gather(*(one(*pair) for pair in job.pairs), return_exceptions=True)
    for end in ends:
        if end is not None:
            raise end
