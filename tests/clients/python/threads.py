"""Several pictures at once, each in a thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from job import Job


def each(job: Job, cut_out: Callable[[Job, str, Path], None]) -> None:
    """Cut out all pictures of *job*, as many at once as it says, until one cannot be."""
    with ThreadPoolExecutor(job.threads) as threads:
        for _ in threads.map(lambda pair: cut_out(job, *pair), job.pairs):
            pass
