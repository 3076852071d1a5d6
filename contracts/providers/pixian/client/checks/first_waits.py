"""Whether the first wait of one thread grows with the 429s that others got."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken
from contracts.checks.tries import chains, learned, status
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from contracts.checks import Finding
    from contracts.checks.tries import Chain
    from contracts.providers.pixian.client.checks.call import ClientCall

_TOO_MANY = 429
_LEAST = 3
"""Waits that make a series which is hardly due to chance."""
_BLUR = 0.3
"""Seconds by which each wait of a series may be off, besides the jitter."""
_CLEAR = 8.0
"""How many times as long as the blur the first wait is at least, for a series to be told from others."""


@dataclass(frozen=True, slots=True)
class _Wait:
    """The wait of a picture after its first answer, a 429: from the moment it was ``told`` to its next try."""

    told: float
    after: ClientCall

    @property
    def resumed(self) -> float:
        """The moment of the next try."""
        return self.after.exchange.received

    @property
    def lasted(self) -> float:
        """How many seconds there were between."""
        return self.resumed - self.told


@CLIENT_CHECKS.together("backoff.per-thread")
def no_series(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """Pictures whose first answers were 429, all before any of them went on, do not wait for one another.

    They have the same history, so that nothing of their own makes one wait twice and one three times as long as the
    first. A client that waits by chance, by a limit of its own, or for a free thread makes no such series: it is exact,
    and other pictures are begun between any two of its members.
    """
    found = chains(calls)
    job = calls[0].job if calls else None
    waits = _first_waits(found)
    if job is None or job.threads < _LEAST or len(waits) < _LEAST:
        return
    last, blur = waits[-1].after, _BLUR + calls[0].timeline.jitter
    if min(wait.lasted for wait in waits) < _CLEAR * blur:
        return
    if not (_is_series(waits, blur) and _goes_on_between(found, waits)):
        yield last, KEPT
        return
    lengths = ", ".join(f"{wait.lasted:.1f}" for wait in waits)
    hint = "The wait after a 429 is for its own thread: use no lock and no counter that all of them share."
    yield last, Broken("waits", "no longer ones because of the 429s of other pictures", f"{lengths} s", hint)


def _first_waits(found: Sequence[Chain[ClientCall]]) -> list[_Wait]:
    """Return the waits after first answers of 429 that came before any of these pictures went on, in order of ends."""
    waits = [
        _Wait(learned(chain.tries[0].exchange), chain.tries[1])
        for chain in found
        if len(chain.tries) > 1 and status(chain.tries[0]) == _TOO_MANY and not chain.tries[0].header("Retry-After")
    ]
    waits.sort(key=lambda wait: wait.resumed)
    return [wait for wait in waits if wait.told < waits[0].resumed]


def _is_series(waits: Sequence[_Wait], blur: float) -> bool:
    """Tell whether the waits grow as one counter, or one lock, for all threads makes them grow."""
    lengths = sorted(wait.lasted for wait in waits)
    ends = [wait.resumed - waits[0].resumed + waits[0].lasted for wait in waits]
    return (
        _follows(lengths, lambda number: number + 1, blur)
        or _follows(lengths, lambda number: 2**number, blur)
        or _follows(ends, lambda number: number + 1, blur)
    )


def _follows(values: Sequence[float], times: Callable[[int], int], blur: float) -> bool:
    """Tell whether each of *values* is so many *times* the first as its number, from 0, says."""
    return all(abs(one - times(number) * values[0]) <= times(number) * blur for number, one in enumerate(values))


def _goes_on_between(found: Sequence[Chain[ClientCall]], waits: Sequence[_Wait]) -> bool:
    """Tell whether other pictures were begun between any two ends of *waits*: nothing else held the client back."""
    begun = [chain.tries[0].exchange.received for chain in found]
    return all(any(one.resumed < moment < other.resumed for moment in begun) for one, other in pairwise(waits))
