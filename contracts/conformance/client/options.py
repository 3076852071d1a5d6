"""How a client is to be tested."""

from __future__ import annotations

from dataclasses import dataclass

EXAMPLES = 12
"""Generated trials of a campaign, unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to test a client.

    ``only`` are ids of rules, or empty for all. ``examples`` is how many generated trials a campaign has. ``speed`` is
    how many virtual seconds pass in a real one at the most; ``None`` leaves it to what the client's clock follows.
    ``timeout`` is how many real seconds one job may take where the clock is real. ``threads`` allows jobs of several
    pictures. ``workers`` trials are played at a time.
    """

    seed: int = 0
    examples: int = EXAMPLES
    only: frozenset[str] = frozenset()
    speed: float | None = None
    timeout: float = 240.0
    threads: bool = False
    workers: int = 2
