"""Tries after a try that failed: not at once, not for ever, and not where they cannot help."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from itertools import groupby
from typing import TYPE_CHECKING

from contracts.checks.claims import is_whole
from contracts.checks.finding import KEPT, Broken, demand
from contracts.checks.tries import MOMENT, chains, hesitated, learned, pause, status, too_many_in_a_row, waited
from contracts.model import Claim
from contracts.providers.xty.client.checks.registry import CLIENT_CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from contracts.checks.finding import Finding
    from contracts.checks.tries import Chain
    from contracts.providers.xty.client.checks.call import ClientCall

_GROWTH = 1.1
"""How many times as long as the first wait a longer one is at least."""
_BLUR = 0.2
"""Share of the first wait that the jitter may be, for waits to be compared."""
_REFUSED = frozenset({401, 403})
_WRONG = frozenset({400, 404, 405, 413})
_GONE_FOR_EVER = "model_not_found"
_A_FEW = 10
"""Tries after which nobody can say that it is a few."""
_ENDLESS = 300.0
"""Seconds of trying after which a client that has to be stopped would have gone on."""
_ANOTHER_RUN = 600.0
"""Seconds after which a request is somebody's new start rather than a try."""
_USELESS = "This error does not pass by itself; tell the user."
_SECONDS = re.compile(r"[0-9]{1,9}")


@CLIENT_CHECKS.together("retry.rate-limited")
def waits_after_too_many_requests(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """There is a moment before each next try; among the waits of a row some later one is longer than the first."""
    for chain in chains(calls):
        for row in _rows(chain):
            yield from _moments(row, "after 429")
            # Who was told how long to wait need not wait longer each time.
            told = any(before.header("Retry-After") is not None for before, _ in row)
            if len(row) > 1 and not told:
                yield from _growth(row)


@CLIENT_CHECKS.together("retry.server-error")
def waits_a_moment_after_server_errors(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """There is a moment between an answer with a status of 500 or above and the next try."""
    for before, after in _pairs(calls):
        if status(before) >= 500:
            yield from _moments([(before, after)], f"after {status(before)}")


@CLIENT_CHECKS.together("retry.retry-after")
def heeds_retry_after(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """The next try comes no earlier than ``Retry-After`` says."""
    for before, after in _pairs(calls):
        seconds = _told(before)
        if seconds:
            yield after, waited(before, after, seconds, "after Retry-After said so", "Read that field first.")


@CLIENT_CHECKS.together("retry.refused-key")
def refused_key_is_not_tried_again(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """The same key does not come again for the same picture after 401 or 403."""

    def judge(before: ClientCall, after: ClientCall) -> Finding:
        name = "Authorization"
        same = before.request.headers.get_all(name) == after.request.headers.get_all(name)
        return demand(not same, "tries", f"none after {status(before)}", "another one with the same key", _USELESS)

    yield from _after(calls, _REFUSED, judge)


@CLIENT_CHECKS.together("retry.bad-request")
def bad_request_is_not_repeated(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """The same question does not come again after an answer that says that it is wrong."""

    def judge(before: ClientCall, after: ClientCall) -> Finding:
        return demand(
            not _is_same(before, after), "tries", f"none after {status(before)}", "the same one again", _USELESS
        )

    yield from _after(calls, _WRONG, judge)


@CLIENT_CHECKS.together("retry.permanent-503")
def lasting_503_is_given_up(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """No more than ten tries in a row get this error, and a client that is stopped has not gone on for minutes."""
    for chain in chains(calls):
        for lasting, group in groupby(chain.tries, _lasts):
            if not lasting:
                continue
            row = list(group)
            stopped = row[-1] is chain.tries[-1] and _goes_on(row)
            kept = len(row) <= _A_FEW and not stopped
            expected = f"{_A_FEW} at most after {_GONE_FOR_EVER}, and then an end"
            yield row[-1], demand(kept, "tries", expected, f"{len(row)}" + (" and no end" if stopped else ""), _USELESS)


def _pairs(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, ClientCall]]:
    return (pair for chain in chains(calls) for pair in chain.pairs)


def _rows(chain: Chain[ClientCall]) -> list[list[tuple[ClientCall, ClientCall]]]:
    """Return the tries that got 429, each with the next one, row by row."""
    rows: list[list[tuple[ClientCall, ClientCall]]] = []
    for before, after, number in too_many_in_a_row(chain):
        if number == 1:
            rows.append([])
        rows[-1].append((before, after))
    return rows


def _moments(pairs: Sequence[tuple[ClientCall, ClientCall]], why: str) -> Iterator[tuple[ClientCall, Finding]]:
    """Judge whether there was a moment between the tries of each pair, where that can be told."""
    for before, after in pairs:
        finding = hesitated(before, after, why, "Wait, and longer each time.")
        if finding is not None:
            yield after, finding


def _growth(row: Sequence[tuple[ClientCall, ClientCall]]) -> Iterator[tuple[ClientCall, Finding]]:
    """Judge whether any later wait of the *row* was longer than the first, where they are long enough to compare."""
    first, *later = [max(pause(before, after), 0.0) for before, after in row]
    after, jitter = row[-1][1], row[-1][1].timeline.jitter
    if first < MOMENT or jitter > first * _BLUR:
        return
    longest = max(later)
    if longest >= first * _GROWTH:
        yield after, KEPT
    elif longest + jitter < first * _GROWTH:
        received = f"{first:.1f} s, then {longest:.1f} s at most"
        yield after, Broken("waits", "longer ones after each further 429", received, "Double the wait each time.")


def _after(
    calls: Sequence[ClientCall], statuses: frozenset[int], judge: Callable[[ClientCall, ClientCall], Finding]
) -> Iterator[tuple[ClientCall, Finding]]:
    """Yield what *judge* finds of the tries that follow one with one of the *statuses*; without any that is kept."""
    for chain in chains(calls):
        following = {before: after for before, after in chain.pairs if pause(before, after) < _ANOTHER_RUN}
        for one in chain.tries:
            if status(one) in statuses:
                yield (following[one], judge(one, following[one])) if one in following else (one, KEPT)


def _told(call: ClientCall) -> float | None:
    """Return for how many seconds ``Retry-After`` says to wait, ``None`` if it does not."""
    said = (call.header("Retry-After") or "").strip()
    if _SECONDS.fullmatch(said):
        return float(said)
    try:
        moment = parsedate_to_datetime(said).timestamp()
    except ValueError:
        return None
    # Dates have whole seconds.
    return max(moment - learned(call.exchange) - 1, 0.0)


def _is_same(before: ClientCall, after: ClientCall) -> bool:
    """Tell whether both ask the same question, whatever else is in their bodies."""
    if before.request.body == after.request.body:
        return True
    first, second = before.question.body, after.question.body
    names = ("model", "messages")
    return bool(first) and [first.get(name) for name in names] == [second.get(name) for name in names]


def _lasts(call: ClientCall) -> bool:
    """Tell whether the answer is an error that does not pass, though its status says that it does."""
    if status(call) != 503 or call.answer is None or not is_whole(call.exchange):
        return False
    return call.answer.code == _GONE_FOR_EVER


def _goes_on(row: Sequence[ClientCall]) -> bool:
    """Tell whether the client had to be stopped after it had tried for minutes."""
    outcome = row[-1].timeline.outcome
    if outcome is None or outcome.claim is not Claim.NONE or len(row) == 1:
        return False
    return outcome.ended - row[0].exchange.received >= _ENDLESS
