"""How long a client waits after 429."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks.tries import TOO_MANY, chains, pause, status, too_many_in_a_row, waited
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.checks import Finding
    from contracts.providers.pixian.client.checks.call import ClientCall

    Found = Iterator[tuple[ClientCall, Finding]]

_STEP = 5.0
"""Seconds by which each wait is longer than the one before."""


@CLIENT_CHECKS.together("backoff.first")
def first(calls: Sequence[ClientCall]) -> Found:
    """Between a first 429 and the next try for the picture there are 5 s."""
    for after, finding, row in _waits(calls):
        if row == 1:
            yield after, finding


@CLIENT_CHECKS.together("backoff.first")
def first_of_thread(calls: Sequence[ClientCall]) -> Found:
    """Where it is known which thread sent what, there are 5 s between a 429 and its next try, also for other pictures.

    The waits between the tries for one picture are judged by themselves.
    """
    for before, after in _by_thread(calls):
        if status(before) == TOO_MANY and before.subject != after.subject:
            hint = "The whole thread waits, and not only the picture that was refused."
            yield after, waited(before, after, _STEP, "after a 429, before the thread's next picture", hint)


@CLIENT_CHECKS.together("backoff.linear")
def linear(calls: Sequence[ClientCall]) -> Found:
    """Between the nth 429 in a row, from the second on, and the next try for the picture there are n times 5 s."""
    for after, finding, row in _waits(calls):
        if row > 1:
            yield after, finding


def _waits(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding, int]]:
    """Yield each try after a 429, what is found of the wait, and how many 429 there have been in a row.

    A try that was on its way before the 429 came cannot have waited for it.
    """
    for chain in chains(calls):
        for before, after, row in too_many_in_a_row(chain):
            if pause(before, after) >= 0:
                hint = f"Wait {_STEP:g} s after the first 429, and {_STEP:g} s more after each further one in a row."
                yield after, waited(before, after, row * _STEP, f"after the {_ordinal(row)} 429", hint), row


def _by_thread(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, ClientCall]]:
    """Yield each try with the next one of the same thread, where that is known."""
    last: dict[int, ClientCall] = {}
    for call in calls:
        thread = call.exchange.thread
        if call.is_try and thread:
            if thread in last:
                yield last[thread], call
            last[thread] = call


def _ordinal(number: int) -> str:
    return {1: "1st", 2: "2nd", 3: "3rd"}.get(number, f"{number}th")
