"""Waits that took real time while the clock stood still: for the verdict they are as long as they were."""

from __future__ import annotations

from dataclasses import replace
from heapq import heappop, heappush
from math import inf
from typing import TYPE_CHECKING

from contracts.model import Ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.model import Exchange
    from mockserver.testing.journal import Call

_BLUR = 0.1
"""Real seconds that count for nothing: everything takes some."""


def with_real_waits(calls: Sequence[Call]) -> tuple[list[Call], float]:
    """Return *calls* with moments between which no less time passes than really did, and the longest real wait.

    From the end of each call to the request of any later one there is what passed on the clock, or what really passed,
    whichever is more. A call takes as long as by the clock, unless the client has left: for it had waited in its own
    time. The longest wait is that of the whole client between two calls, if no clock has told of it.
    """
    late = longest = last = 0.0
    ahead = -inf
    is_open = False
    under_way: list[tuple[float, float]] = []
    told = []
    for call in calls:
        exchange, (received, over) = call.exchange, call.real
        while under_way and under_way[0][0] <= received:
            last, lead = heappop(under_way)
            ahead = max(ahead, lead)
        missing = ahead + received - (exchange.received + late)
        if missing > _BLUR:
            late += missing
            longest = max(longest, 0.0 if under_way or is_open else received - last)
        ended = exchange.ended
        if ended is not None and over is not None:
            if exchange.ending is Ending.GONE:
                ended = max(ended, exchange.received + over - received)
            heappush(under_way, (over, ended + late - over))
        is_open = is_open or ended is None
        told.append(replace(call, exchange=_later(replace(exchange, ended=ended), late)))
    return told, longest


def _later(exchange: Exchange, seconds: float) -> Exchange:
    """Return *exchange* as if it had been so many *seconds* later."""
    answered = None if exchange.answered is None else exchange.answered + seconds
    ended = None if exchange.ended is None else exchange.ended + seconds
    return replace(exchange, received=exchange.received + seconds, answered=answered, ended=ended)
