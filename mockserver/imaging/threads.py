"""Threads that share the work on one picture."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache


@cache
def helpers() -> ThreadPoolExecutor:
    """Return as many threads as there are processors. What they are given must not wait for them."""
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="imaging")
