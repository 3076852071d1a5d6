"""What a client sends again after an error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand
from contracts.checks.tries import chains, hesitated, status
from contracts.model import Claim
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from contracts.checks import Finding
    from contracts.checks.tries import Chain
    from contracts.providers.pixian.client.checks.call import ClientCall

    Found = Iterator[tuple[ClientCall, Finding]]

_CLIENT_ERRORS, _SERVER_ERRORS = range(400, 500), range(500, 600)
_UNPAID, _TOO_MANY = 402, 429
_MOST_TRIES = 20
_STILL_TRYING = 10
"""Tries at the end of which, after its whole time, a client shows no sign of an end."""
_BOUNDARY = re.compile(r"boundary=\"?([^\";]+)", re.IGNORECASE)


@CLIENT_CHECKS.together("error.client-class")
def client_class(calls: Sequence[ClientCall]) -> Found:
    """After 400 to 499 other than 429 the next try for the picture, if there is one, is another request.

    The documents say of these statuses that something is wrong with what the request tells. A 402 is about the account:
    nothing in the request is wrong, and once there are credits the same request is right. So the same one after 402 is
    blamed only if it got 402 again; whoever had bought credits would not have.
    """
    for chain in chains(calls):
        for before, after in chain.pairs:
            if _is_refused(before) and not _is_paid(before, after):
                received = f"the same request again after status {status(before)}"
                same = _content(before) == _content(after)
                yield after, demand(not same, "request", "no repetition", received, "The answer will be the same.")
        if _is_refused(chain.tries[-1]):
            yield chain.tries[-1], KEPT


@CLIENT_CHECKS.together("error.server-class-wait")
def server_class_wait(calls: Sequence[ClientCall]) -> Found:
    """Between an answer of 500 to 599 and the next try for the picture there are 0.2 s, if that can be measured."""
    for chain in chains(calls):
        for before, after in chain.pairs:
            finding = hesitated(before, after, "after the error", "Wait a moment before the next try.")
            if status(before) in _SERVER_ERRORS and finding is not None:
                yield after, finding


@CLIENT_CHECKS.together("error.server-class-end")
def server_class_end(calls: Sequence[ClientCall]) -> Found:
    """No more than 20 tries in a row got 500 to 599, nor more than 10 at the end of a client's whole time.

    Where no end is known, a run of such tries says nothing until it is too long.
    """
    for chain in chains(calls):
        longest, last = _runs(chain)
        outcome = chain.tries[-1].timeline.outcome
        if not longest:
            continue
        if longest > _MOST_TRIES:
            yield chain.tries[-1], _endless(f"{longest} in a row")
        elif outcome is not None and outcome.claim is Claim.NONE and last > _STILL_TRYING:
            yield chain.tries[-1], _endless(f"{last}, and more to come when its time was over")
        elif outcome is not None and outcome.claim is not Claim.NONE:
            yield chain.tries[-1], KEPT


def _is_refused(call: ClientCall) -> bool:
    return status(call) in _CLIENT_ERRORS and status(call) != _TOO_MANY


def _is_paid(before: ClientCall, after: ClientCall) -> bool:
    """Tell whether the account could not pay *before*, and *after* was not refused for that."""
    return status(before) == _UNPAID and status(after) != _UNPAID


def _endless(received: str) -> Broken:
    expected = "an end of the tries after 500 to 599"
    return Broken("tries", expected, received, "Give up after some; a lasting problem calls for an e-mail.")


def _runs(chain: Chain[ClientCall]) -> tuple[int, int]:
    """Return how many tries in a row got 500 to 599: the longest run, and the one at the end."""
    longest = run = 0
    for one in chain.tries:
        run = run + 1 if status(one) in _SERVER_ERRORS else 0
        longest = max(longest, run)
    return longest, run


def _content(call: ClientCall) -> Hashable:
    """Return what makes a request the same as another, whatever the boundary: place, credentials, form or body."""
    request = call.request
    head = request.method, request.path, request.query, request.headers.get("Authorization")
    kind = (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    fields = call.form.fields
    if fields is not None:
        return *head, kind, tuple((one.name, one.data, one.filename is None, one.content_type) for one in fields)
    boundary = _BOUNDARY.search(request.headers.get("Content-Type") or "")
    body = request.body.replace(boundary[1].encode(), b"") if boundary else request.body
    return *head, kind, body
