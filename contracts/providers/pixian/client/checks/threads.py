"""How many pictures a client works on at once, and whether they wait for each other."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand
from contracts.checks.tries import chains, learned, status, too_many_in_a_row
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.checks import Finding
    from contracts.checks.tries import Chain
    from contracts.providers.pixian.client.checks.call import ClientCall

    Found = Iterator[tuple[ClientCall, Finding]]

_TOO_MANY = 429
_MOST_AT_FIRST = 5
_MOMENTS = 5.0
"""Seconds that are the first moments of a batch."""
_STEP = 300.0
"""Seconds from one further thread to the next."""
_SLACK = 1.0
"""Seconds within which two things happen at the same time, besides the jitter."""


@CLIENT_CHECKS.together("backoff.per-thread")
def per_thread(calls: Sequence[ClientCall]) -> Found:
    """While one picture's chain waits because of a 429, a thread that has done another picture begins the next one.

    This is judged where a thread became free during the wait, pictures were left, and the client has worked on two at
    once. Whoever begins the next one some time after the delayed one has gone on waits for something else, such as the
    end of a group.
    """
    found = chains(calls)
    if not _is_batch(calls, 2) or not _overlap(found):
        return
    for chain in found:
        for before, after, _ in too_many_in_a_row(chain):
            finding = _wait_of_others(found, chain, before, after)
            if finding is not None:
                yield after, finding


@CLIENT_CHECKS.together("ramp-up.start")
def start(calls: Sequence[ClientCall]) -> Found:
    """In the first moments of a batch there are no more than 5 tries at once."""
    found = chains(calls)
    if not found or not _is_batch(calls, _MOST_AT_FIRST + 1):
        return
    began = found[0].tries[0].exchange.received
    peaks = [(call, count) for call, count in _counts(found) if call.exchange.received < began + _MOMENTS]
    call, most = max(peaks, key=lambda peak: peak[1])
    received = f"{most} within {_MOMENTS:g} s"
    yield call, demand(most <= _MOST_AT_FIRST, "tries at once", f"at most {_MOST_AT_FIRST} at first", received)


@CLIENT_CHECKS.together("ramp-up.step")
def step(calls: Sequence[ClientCall]) -> Found:
    """Whenever more tries run at once than ever before, after the first moments, 5 minutes have passed since the last.

    Up to five there is nothing to wait for. A batch of five that goes on without a further one keeps the rule as well.
    """
    found = chains(calls)
    if not found or not _is_batch(calls, _MOST_AT_FIRST + 1):
        return
    last = began = found[0].tries[0].exchange.received
    most = 0
    call = found[0].tries[0]
    for call, count in _counts(found):
        moment = call.exchange.received
        if count <= most:
            continue
        if count > _MOST_AT_FIRST and moment >= began + _MOMENTS:
            since = moment - last
            kept = since >= _STEP - _SLACK - call.timeline.jitter
            yield (
                call,
                demand(kept, "tries at once", "one more every 5 minutes", f"{count}, {since:.0f} s after {most}"),
            )
            last = moment
        most = count
    if most == _MOST_AT_FIRST and call.exchange.received >= began + _MOMENTS:
        yield call, KEPT


def _is_batch(calls: Sequence[ClientCall], least: int) -> bool:
    """Tell whether a job is known that allows *least* threads and has at least as many inputs."""
    job = calls[0].job if calls else None
    return job is not None and job.threads >= least and len(job.inputs) >= least


def _counts(found: Sequence[Chain[ClientCall]]) -> Iterator[tuple[ClientCall, int]]:
    """Yield each try, in order, and how many chains have one under way when it begins."""
    tries = sorted((one for chain in found for one in chain.tries), key=lambda one: one.exchange.received)
    for one in tries:
        moment = one.exchange.received
        yield one, sum(any(_is_under_way(other, moment) for other in chain.tries) for chain in found)


def _overlap(found: Sequence[Chain[ClientCall]]) -> bool:
    """Tell whether tries for two pictures were ever under way at once."""
    return any(count > 1 for _, count in _counts(found))


def _is_under_way(call: ClientCall, moment: float) -> bool:
    return call.exchange.received <= moment < _freed(call)


def _freed(call: ClientCall) -> float:
    """Return the moment from which the thread that sent *call* was free again."""
    return inf if call.exchange.ended is None else learned(call.exchange)


def _wait_of_others(
    found: Sequence[Chain[ClientCall]], waiting: Chain[ClientCall], before: ClientCall, after: ClientCall
) -> Finding | None:
    """Find whether other pictures were begun while the chain *waiting* paused between *before* and *after*."""
    others = [chain for chain in found if chain is not waiting]
    slack = _SLACK + before.timeline.jitter
    began, resumed = learned(before.exchange), after.exchange.received
    free = _earliest_free(others, began, resumed - 2 * slack)
    starts = [chain.tries[0].exchange.received for chain in others]
    later = [moment for moment in starts if free is not None and moment >= free]
    if free is None or not later:
        return None
    if min(later) < resumed - slack:
        return KEPT
    if min(later) >= min(_freed(after), resumed + slack):
        return None
    received = f"none for {min(later) - free:.1f} s, until the delayed one went on"
    hint = "The wait after a 429 is for its own thread: use no lock and no counter that all of them share."
    return Broken("other pictures", "the next one as soon as a thread is free", received, hint)


def _earliest_free(others: Sequence[Chain[ClientCall]], began: float, limit: float) -> float | None:
    """Return when, from *began* on and before *limit*, the first thread had done a picture, if any had."""
    done = [_freed(chain.tries[-1]) for chain in others if status(chain.tries[-1]) != _TOO_MANY]
    return min((moment for moment in done if began <= moment < limit), default=None)
