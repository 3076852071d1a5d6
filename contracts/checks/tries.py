"""The tries of a client for its pictures: what came of each, and how long the client waited between them.

A *try* is a request for work on one picture; a *chain* is the tries for one picture, in order. Moments and durations
are seconds of the clock that drives the waiting.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from contracts.checks.finding import demand
from contracts.model import Claim, Ending

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from contracts.checks.finding import Finding
    from contracts.model import Exchange, Timeline

TOO_MANY = 429
"""The status of a refusal because of too many requests."""
MOMENT = 0.2
"""Seconds that count as the moment which the documents ask for."""
_TIMER = 0.05
"""Seconds by which timers may be early, whatever the jitter."""
_AT_THE_END = 1.0
"""Seconds before the end of a client in which it leaves whatever is under way."""


class Try(Protocol):
    """A call of a client, as far as it matters here."""

    @property
    def exchange(self) -> Exchange:
        """The exchange itself."""

    @property
    def timeline(self) -> Timeline:
        """The whole of which it is a part."""

    @property
    def is_try(self) -> bool:
        """Whether work on a picture was asked for."""

    @property
    def subject(self) -> Hashable:
        """What tells the picture from others: its bytes or its URL; ``None`` where it cannot be told."""


_Try = TypeVar("_Try", bound=Try)


@dataclass(frozen=True, slots=True)
class Chain(Generic[_Try]):
    """The tries for one picture; ``input`` is its index among those of the job, ``None`` where that is not known."""

    tries: tuple[_Try, ...]
    input: int | None = None

    @property
    def pairs(self) -> Iterator[tuple[_Try, _Try]]:
        """Each try with the next one."""
        return pairwise(self.tries)


def chains(calls: Sequence[_Try]) -> list[Chain[_Try]]:
    """Return the chains among *calls*. A job of one input has one chain, whatever pictures its tries show."""
    tries = [call for call in calls if call.is_try]
    if not tries:
        return []
    job = tries[0].timeline.job
    if job is not None and len(job.inputs) == 1:
        return [Chain(tuple(tries), 0)]
    groups: dict[Hashable, list[_Try]] = {}
    for one in tries:
        if one.subject is not None:
            groups.setdefault(one.subject, []).append(one)
    inputs: dict[Hashable, int] = (
        {} if job is None else {one.url or one.data: number for number, one in enumerate(job.inputs)}
    )
    return [Chain(tuple(group), inputs.get(subject)) for subject, group in groups.items()]


def status(one: Try) -> int:
    """Return the status that the client has seen, 0 if it got no head of an answer."""
    response = one.exchange.response
    return response.status if response is not None else 0


def learned(exchange: Exchange) -> float:
    """Return the earliest moment at which the client can have known how *exchange* would end."""
    if exchange.ending is Ending.GONE or exchange.answered is None:
        return exchange.received if exchange.ended is None else exchange.ended
    return exchange.answered


def pause(before: Try, after: Try) -> float:
    """Return how many seconds there were at most from the end of *before* to the request of *after*."""
    return after.exchange.received - learned(before.exchange)


def tolerance(timeline: Timeline) -> float:
    """Return by how many seconds what a client does may seem earlier or later than it was."""
    return _TIMER + timeline.jitter


def too_many_in_a_row(chain: Chain[_Try]) -> Iterator[tuple[_Try, _Try, int]]:
    """Yield each try that got 429, the next one, and how many 429 there have been in a row until then."""
    row = 0
    for before, after in chain.pairs:
        row = row + 1 if status(before) == TOO_MANY else 0
        if row:
            yield before, after, row


def waited(before: Try, after: Try, seconds: float, why: str, hint: str) -> Finding:
    """Find that there were at least *seconds* between the two tries; *why* ends the sentence of what is expected."""
    real = pause(before, after)
    # What is late on a busy machine is the second request, and never the first answer, so that waits only seem longer.
    kept = real >= seconds - _TIMER
    return demand(kept, "wait", f"at least {seconds:g} s {why}", f"{max(real, 0):.1f} s", hint)


def hesitated(before: Try, after: Try, why: str, hint: str) -> Finding | None:
    """Find that there was a moment between the two tries; *why* ends the sentence of what is expected.

    A wait only seems longer than it was. So what is shorter than a moment is none, however busy the machine; but what
    is longer may be none, too, where moments are late by as much.
    """
    if pause(before, after) >= MOMENT and after.timeline.jitter >= MOMENT / 2:
        return None
    return waited(before, after, MOMENT, why, hint)


def is_open(before: Try, after: Try, seconds: float) -> bool:
    """Tell whether *before* may still have been answered when *after* was sent, *seconds* at most after it was.

    That is so while nothing has come of it, also if the client has left meanwhile: the provider works on.
    """
    first, second = before.exchange, after.exchange
    if first.ending is Ending.GONE and not first.sent:
        return second.received < first.received + seconds
    return first.ended is None or second.received < learned(first)


def was_stopped(one: Try) -> bool:
    """Tell whether it was not the client's own doing that it left: its time was over."""
    outcome, exchange = one.timeline.outcome, one.exchange
    if outcome is None or outcome.claim is not Claim.NONE or exchange.ending is not Ending.GONE:
        return False
    return exchange.ended is None or exchange.ended >= outcome.ended


def silence_left(one: Try) -> float | None:
    """Return after how many seconds of silence the client has left at the most, ``None`` if it has not left.

    Where bytes had come, silence began no earlier than with the first of them.
    """
    exchange = one.exchange
    if exchange.ending is not Ending.GONE or exchange.ended is None or was_stopped(one):
        return None
    began = exchange.answered if exchange.answered is not None else exchange.received
    return exchange.ended - began


def ended_with_others(one: Try) -> bool:
    """Tell whether the client left *one* because all of it ended just then, perhaps because of another picture."""
    job, outcome, ended = one.timeline.job, one.timeline.outcome, one.exchange.ended
    if job is None or outcome is None or ended is None or len(job.inputs) == 1:
        return False
    return outcome.claim is not Claim.SUCCESS and ended >= outcome.ended - _AT_THE_END - tolerance(one.timeline)
