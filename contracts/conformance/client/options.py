"""How a client is to be tested."""

from __future__ import annotations

from dataclasses import dataclass

EXAMPLES = 12
"""Generated trials of a campaign, unless somebody says otherwise."""
_FIRST, _LATER = 60.0, 240.0
"""Real seconds that jobs may take, unless somebody says otherwise: a plain one, be the client started ever so slowly,
and the others."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to test a client.

    ``only`` are ids of rules, or empty for all. ``examples`` is how many generated trials a campaign has. ``speed`` is
    how many virtual seconds pass in a real one at the most; ``None`` leaves it to what the client's clock follows.
    ``timeout`` is how many real seconds one job may take where the clock is real; ``None`` is less for the first job
    than for others. ``threads`` allows jobs of several pictures. ``workers`` trials are played at a time; more, where a
    client does little but wait.
    """

    seed: int = 0
    examples: int = EXAMPLES
    only: frozenset[str] = frozenset()
    speed: float | None = None
    timeout: float | None = None
    threads: bool = False
    workers: int = 2

    @property
    def first_patience(self) -> float:
        """Real seconds that the first job may take, a plain one."""
        return self.timeout or _FIRST

    @property
    def patience(self) -> float:
        """Real seconds that any other job may take."""
        return self.timeout or _LATER
