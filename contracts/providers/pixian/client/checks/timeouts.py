"""How long a client waits for an answer, and what it sends meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken
from contracts.checks.tries import chains, ended_with_others, is_open, learned, silence_left, tolerance
from contracts.model import Ending
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.checks import Finding
    from contracts.providers.pixian.client.checks.call import ClientCall

    Found = Iterator[tuple[ClientCall, Finding]]

_IDLE = 180.0
_START = 3.0
"""Seconds of a fast clock that may pass from the start of a client's timer until its request is complete."""
_LONG = 60.0
"""Seconds of waiting that show something of a client's timeout."""
_AT_ONCE = 5.0
"""Seconds within which a client that does not want the rest of an answer leaves it."""


@CLIENT_CHECKS.each("timeout.idle")
def idle(call: ClientCall) -> Finding | None:
    """Whoever leaves an answer has heard nothing for 180 s, unless it wants no more of it, or ends as a whole."""
    if not call.is_try:
        return None
    silence = silence_left(call)
    if silence is None:
        exchange = call.exchange
        waited = exchange.answered - exchange.received if exchange.answered is not None else 0.0
        return KEPT if exchange.ending is not Ending.GONE and waited >= _LONG else None
    if silence >= _enough(call):
        return KEPT
    if _is_unwanted(call, silence) or ended_with_others(call):
        return None
    return Broken(
        "wait for the answer", f"at least {_IDLE:g} s of silence", f"{max(silence, 0):.1f} s, then the client left"
    )


@CLIENT_CHECKS.together("timeout.duplicate")
def duplicate(calls: Sequence[ClientCall]) -> Found:
    """No try is sent while an earlier one for the same picture may still be answered, for 180 s at most.

    It makes no difference whether the client has left the earlier one: the work goes on.
    """
    for chain in chains(calls):
        unanswered: list[ClientCall] = []
        for number, after in enumerate(chain.tries):
            unanswered = [before for before in unanswered if is_open(before, after, _enough(after))]
            if unanswered:
                since = after.exchange.received - unanswered[0].exchange.received
                received = f"one {max(since, 0):.1f} s after the first, which was not answered yet"
                hint = "Both are worked on and charged. Wait for the answer for 180 s."
                yield after, Broken("request", "no second one for the picture", received, hint)
            elif _was_slow(after) or (number and chain.tries[number - 1].exchange.ending is Ending.GONE):
                yield after, KEPT
            unanswered.append(after)


def _was_slow(call: ClientCall) -> bool:
    return learned(call.exchange) - call.exchange.received >= _LONG


def _is_unwanted(call: ClientCall, silence: float) -> bool:
    """Tell whether the client may have left because of the head of the answer, and not of silence."""
    if call.exchange.answered is None:
        return False
    return call.status != 200 or silence < _AT_ONCE


def _enough(call: ClientCall) -> float:
    """Return the seconds that 180 s of a client's timer may seem to be."""
    return _IDLE - _START - tolerance(call.timeline)
