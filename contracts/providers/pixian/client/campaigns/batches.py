"""Several pictures at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contracts.cases import Campaign
from contracts.providers.pixian.client.campaigns.jobs import PLAIN
from contracts.strategies.inputs import file
from contracts.trials import Trial

if TYPE_CHECKING:
    from contracts.model import Input

_WATCHFUL = 10.0
"""Virtual seconds a real second at which it can be told who waits for whom."""
_EXACT = 6.0
"""Virtual seconds a real second at which waits of several threads can be compared with each other."""
_AT_ONCE = 20.0
"""Virtual seconds a real second at which threads that are begun together are not seen to begin later."""
_LATE: dict[str, object] = {"fault": "stall", "seconds": 4}


def _pictures(count: int) -> tuple[Input, ...]:
    """Return so many pictures that nobody can take for each other."""
    shown = (
        replace(PLAIN, width=100 + 4 * number, foreground=(200 - 15 * number, 15 * number, 40))
        for number in range(count)
    )
    return tuple(replace(file(one), name=f"picture-{number}.png") for number, one in enumerate(shown, 1))


def _cases() -> tuple[Trial, ...]:
    return (
        Trial("four pictures, the first of them last", _pictures(4), script=(_LATE,), threads=4, latency=1.0),
        Trial(
            "six pictures in three threads, and one 429",
            _pictures(6),
            script=("429",),
            threads=3,
            latency=2.0,
            speed=_WATCHFUL,
        ),
        Trial(
            "nine pictures in four threads, and three 429 at once",
            _pictures(9),
            script=("429", "ok", "429", "429"),
            threads=4,
            latency=3.0,
            speed=_EXACT,
        ),
        Trial(
            "four pictures in two threads, and two 429 for the first",
            _pictures(4),
            script=("429", "ok", "ok", "429"),
            threads=2,
            latency=3.0,
            speed=_WATCHFUL,
        ),
        Trial("twelve pictures that take their time", _pictures(12), threads=12, latency=15.0, speed=_AT_ONCE),
    )


CAMPAIGN = Campaign("batches", "several pictures at once", ("backoff", "ramp-up", "success.own-picture"), _cases)
