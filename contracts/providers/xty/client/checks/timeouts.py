"""Patience: the client waits as long as pictures take, and sends none twice meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks.finding import KEPT, demand
from contracts.checks.tries import chains, ended_with_others, is_open, learned, silence_left, tolerance
from contracts.model import Claim, Ending
from contracts.providers.xty.client.checks.registry import CLIENT_CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.checks.finding import Finding
    from contracts.providers.xty.client.checks.call import ClientCall

LONGEST = 10.0
"""Seconds that the documents give for a complex picture."""
_LONG = 7.0
"""Seconds in which an impatient client has left."""
_COST = "Both can be charged; wait for the first answer."


@CLIENT_CHECKS.each("timeout.processing")
def answer_is_waited_for(call: ClientCall) -> Finding | None:
    """The client does not leave within ten seconds while nothing at all has come."""
    exchange = call.exchange
    if not call.is_try or _is_unable(call):
        return None
    if exchange.ending is not Ending.GONE:
        return KEPT if exchange.ended is not None and learned(exchange) - exchange.received >= _LONG else None
    silence = silence_left(call)
    if silence is None or exchange.sent or ended_with_others(call):
        return None
    kept = silence >= LONGEST - tolerance(call.timeline)
    hint = "Set a timeout of some minutes for reading."
    return demand(kept, "timeout", f"at least {LONGEST:g} s", f"{silence:.1f} s", hint)


@CLIENT_CHECKS.together("timeout.no-second-post")
def picture_is_not_sent_twice_at_once(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """No try is made while an earlier one for the same picture may still be worked on."""
    for chain in chains(calls):
        unanswered: list[ClientCall] = []
        for number, call in enumerate(chain.tries):
            unanswered = [one for one in unanswered if is_open(one, call, LONGEST - tolerance(call.timeline))]
            if number:
                received = "a second one while the first is open"
                yield call, demand(not unanswered, "tries", "one at a time for a picture", received, _COST)
            unanswered.append(call)


def _is_unable(call: ClientCall) -> bool:
    outcome = call.timeline.outcome
    return outcome is not None and outcome.claim is Claim.UNABLE
