"""Back-off, repetition, timeouts and threads: too little is blamed, and more than enough never."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts.model import Claim, Ending, Input
from contracts.providers.pixian.campaigns.form import upload
from contracts.strategies import Drawing, draw
from tests.contracts.checks.pixian.client.runs import (
    BUSY,
    JOB,
    LATE,
    RESULT,
    SORRY,
    TOO_MANY,
    WRONG,
    Try,
    judged,
    left,
    run,
)
from tests.contracts.checks.pixian.exchanges import refusal, result

UNPAID = refusal(402, 1011)
PICTURES = [draw(Drawing(width=40 + number, left=15 + number)).data for number in range(8)]
BATCH = replace(JOB, inputs=tuple(Input(f"{number}.png", data) for number, data in enumerate(PICTURES)), threads=8)


def at(number: int, moment: float, lasts: float = 2.0, response: Any = None) -> Try:  # noqa: ANN401  an answer
    """Return a try for the picture *number*."""
    body = draw(Drawing(height=40 + number)).data
    return Try(moment, response or result(body=body), upload(PICTURES[number]), lasts)


def batch(*tries: Try, threads: int = 8, **changes: Any) -> Any:  # noqa: ANN401  see run
    """Return a run of several pictures whose outcome is not known."""
    ordered = sorted(tries, key=lambda one: one.at)
    return run(*ordered, job=replace(BATCH, threads=threads), claim=None, **changes)


def told_at_once(*waits: float, others: bool = True, told: Any = TOO_MANY, **changes: Any) -> Any:  # noqa: ANN401  as above
    """Return a run in which pictures get 429 at the same moment, and go on after so many seconds each.

    A further thread begins the *others* meanwhile.
    """
    late = [one for number, wait in enumerate(waits) for one in (at(number, 0, 0.01, told), at(number, 0.01 + wait, 3))]
    begun = [at(len(waits) + number, 3.1 * number, 3) for number in range(8 - len(waits) if others else 1)]
    return batch(*late, *begun, threads=len(waits) + 1, **changes)


def of_thread(thread: int, number: int, moment: float, response: Any = None) -> Try:  # noqa: ANN401  an answer
    """Return a try for the picture *number* by a *thread* that is known."""
    return replace(at(number, moment, 1, response), thread=thread)


def busy(times: int, wait: float = 3.0) -> list[Try]:
    """Return so many tries that got 503."""
    return [Try(number * wait, BUSY) for number in range(times)]


FAIR = {
    "just enough": run(Try(0, TOO_MANY), Try(5, TOO_MANY), Try(15, TOO_MANY), Try(30)),
    "timers are a little early": run(Try(0, TOO_MANY), Try(4.97)),
    "almost, by the timer": run(Try(0, TOO_MANY), Try(4.96), jitter=0.4),
    "exponential": run(Try(0, TOO_MANY), Try(5, TOO_MANY), Try(15, TOO_MANY), Try(35, TOO_MANY), Try(75)),
    "no second try": run(Try(0, TOO_MANY), **SORRY),
    "a new row after another answer": run(Try(0, TOO_MANY), Try(5, BUSY), Try(6, TOO_MANY), Try(11)),
    "a short wait, perhaps": run(Try(0, BUSY), Try(0.25), jitter=0.2),
    "a moment": run(Try(0, BUSY), Try(0.2)),
    "at once after a broken connection": run(Try(0, None, ending=Ending.RESET), Try(0.01)),
    "another request after 400": run(Try(0, WRONG), Try(1, RESULT, upload(PICTURES[0]))),
    "another picture after a wait": batch(of_thread(1, 0, 0, TOO_MANY), of_thread(1, 1, 6)),
    "another picture by another thread": batch(of_thread(1, 0, 0, TOO_MANY), of_thread(2, 1, 1.1), of_thread(1, 0, 6)),
    "another picture by who knows whom": batch(at(0, 0, 1, TOO_MANY), at(1, 1.1, 1)),
    "many tries": run(*busy(20), **SORRY),
    "the same after 402, once there are credits": run(Try(0, UNPAID), Try(6)),
    "the same after 402, which is paid and busy": run(Try(0, UNPAID), Try(6, TOO_MANY), Try(12)),
    "402, and no other try": run(Try(0, UNPAID), **SORRY),
    "few tries, and the time was over": run(*busy(9, 60.0), left(590, 10), **LATE),
    "180 s": run(left(0, 180), **SORRY),
    "almost 180 s of a fast clock": run(left(0, 178), jitter=0.5, **SORRY),
    "a long wait for the answer": run(Try(0, RESULT, lasts=170)),
    "stopped": run(left(500, 100), **LATE),
    "an error is left at its head": run(Try(0, WRONG, lasts=0.1, ending=Ending.GONE, sent=10), **SORRY),
    "a second one after 180 s": run(left(0, 181), Try(182)),
    "a second one after almost 180 s of a fast clock": run(left(0, 178.5), Try(178.6), jitter=0.5),
    "a second one after a broken connection": run(Try(0, RESULT, lasts=20, ending=Ending.RESET, sent=10), Try(20.1)),
    "five at once": batch(*(at(number, 0) for number in range(5)), *(at(number, 2.1) for number in range(5, 8))),
    "six after each other": batch(*(at(number, 0, 6) for number in range(5)), at(5, 6.1)),
    "one at a time": batch(*(at(number, 2.5 * number) for number in range(8))),
    "a thread goes on": batch(
        at(0, 0, 0, TOO_MANY), at(1, 0), at(2, 2.01), at(3, 4.02), at(0, 5.1), at(4, 6.1), threads=2
    ),
    "groups": batch(at(0, 0, 0, TOO_MANY), at(1, 0), at(0, 5.1), at(2, 7.2), at(3, 7.2), threads=2),
    "one after the other": batch(at(0, 0, 0, TOO_MANY), at(0, 5.1), at(1, 7.2), at(2, 9.3), threads=2),
    "three wait for the same time": told_at_once(5, 5, 5),
    "three wait for long": told_at_once(30, 30, 30),
    "three wait by chance": told_at_once(5.3, 8.7, 12.1),
    "three wait by chance, far apart": told_at_once(6, 15, 29),
    "one thread has all that are late": told_at_once(5, 8.1, 11.2),
    "one thread waits for each of them": told_at_once(5, 13.1, 21.2),
    "waits by the number of the thread": told_at_once(5, 15, 20),
    "a limit of its own, one in five seconds": told_at_once(5, 10, 15, others=False),
    "two of them": told_at_once(5, 10),
    "each was told its time": told_at_once(
        5, 10, 15, told=replace(TOO_MANY, headers=TOO_MANY.headers.with_fields(("Retry-After", "5")))
    ),
    "one after the other got it": batch(
        *(one for number in range(3) for one in (at(number, 6 * number, 0, TOO_MANY), at(number, 11 * number + 5))),
        *(at(number, 4 * number - 10) for number in range(4, 8)),
        threads=4,
    ),
    "too busy a machine to tell": told_at_once(5, 10, 15, jitter=0.6),
    "another picture fails, and all ends": run(
        at(0, 0, 1, WRONG),
        replace(at(1, 0, 1.2), response=None, ending=Ending.GONE),
        job=replace(BATCH, inputs=BATCH.inputs[:2]),
        claim=Claim.FAILURE,
        outputs=(None, None),
        said="Something is wrong.",
        ended=1.5,
    ),
}


@pytest.mark.parametrize("name", FAIR)
def test_whoever_waits_long_enough_is_not_blamed(name: str) -> None:
    """Whatever way a client has."""
    assert judged(FAIR[name]).broken == frozenset()


BROKEN = {
    "another picture by the same thread": (
        {"backoff.first"},
        batch(of_thread(1, 0, 0, TOO_MANY), of_thread(2, 1, 0.5), of_thread(1, 2, 5.9)),
    ),
    "no wait": ({"backoff.first"}, run(Try(0, TOO_MANY), Try(0.02))),
    "always the same wait": ({"backoff.linear"}, run(Try(0, TOO_MANY), Try(5, TOO_MANY), Try(10))),
    "the third is too short": (
        {"backoff.linear"},
        run(Try(0, TOO_MANY), Try(5, TOO_MANY), Try(15, TOO_MANY), Try(25)),
    ),
    "Retry-After alone": (
        {"backoff.first"},
        run(Try(0, replace(TOO_MANY, headers=TOO_MANY.headers.with_fields(("Retry-After", "1")))), Try(1)),
    ),
    "the same after 400": ({"error.client-class"}, run(Try(0, WRONG), Try(6))),
    "the same after 408": ({"error.client-class"}, run(Try(0, refusal(408)), Try(6))),
    "the same after 402, and 402 again": ({"error.client-class"}, run(Try(0, UNPAID), Try(6, UNPAID), **SORRY)),
    "402 again and again until it is paid": (
        {"error.client-class"},
        run(Try(0, UNPAID), Try(6, UNPAID), Try(12)),
    ),
    "the same after 400 and 402": ({"error.client-class"}, run(Try(0, WRONG), Try(6, UNPAID), **SORRY)),
    "at once after 503": ({"error.server-class-wait"}, run(Try(0, BUSY), Try(0.02))),
    "21 tries": ({"error.server-class-end"}, run(*busy(21), **SORRY)),
    "still trying": ({"error.server-class-end"}, run(*busy(12, 50.0), **LATE)),
    "60 s": ({"timeout.idle"}, run(left(0, 60), **SORRY)),
    "60 s in the middle of an answer": (
        {"timeout.idle"},
        run(Try(0, RESULT, lasts=60, ending=Ending.GONE, sent=10, heard=0.1), **SORRY),
    ),
    "60 s, and again": ({"timeout.idle", "timeout.duplicate"}, run(left(0, 60), Try(61))),
    "a second one beside the first": ({"timeout.duplicate"}, run(Try(0, RESULT, lasts=50), Try(20))),
    "six at once": ({"ramp-up.start"}, batch(*(at(number, 0.1 * number) for number in range(6)))),
    "a sixth after ten seconds": (
        {"ramp-up.step"},
        batch(*(at(number, 0, 60) for number in range(5)), at(5, 10, 60)),
    ),
    "a counter for all": ({"backoff.per-thread"}, told_at_once(5, 10, 15)),
    "a counter for all, in another order": ({"backoff.per-thread"}, told_at_once(15, 5, 10)),
    "a counter for all, with longer waits": ({"backoff.per-thread"}, told_at_once(6, 12.1, 18)),
    "a counter for all that doubles": ({"backoff.per-thread"}, told_at_once(5, 10.1, 20)),
    "a counter for all, and a slow clock": ({"backoff.per-thread"}, told_at_once(5, 10.4, 15.7, jitter=0.1)),
    "a lock in which they sleep": (
        {"backoff.per-thread"},
        batch(
            *(at(number, 0.8 * number, 0.01, TOO_MANY) for number in range(3)),
            *(at(number, 5.01 + 5 * number, 3) for number in range(3)),
            *(at(3 + number, 3.1 * number, 3) for number in range(5)),
            threads=4,
        ),
    ),
    "the fifth is no longer": (
        {"backoff.linear"},
        run(*(Try(moment, TOO_MANY) for moment in (0, 5, 15, 30, 50)), Try(70)),
    ),
    "another's success is taken for its own": (
        {"backoff.linear"},
        batch(at(0, 0, 0.01, TOO_MANY), at(1, 0, 3), at(2, 3.1, 3), at(0, 5.1, 0.01, TOO_MANY), at(0, 10.2), threads=2),
    ),
    "175 s": ({"timeout.idle"}, run(left(0, 175), jitter=0.5, **SORRY)),
    "all wait for one": (
        {"backoff.per-thread"},
        batch(at(0, 0, 0, TOO_MANY), at(1, 0), at(0, 5.1), at(2, 5.15), at(3, 7.2), threads=2),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_whoever_is_in_a_hurry_breaks_just_that_rule(name: str) -> None:
    """Nothing else is blamed for it."""
    rules, timeline = BROKEN[name]
    assert judged(timeline).broken == rules


def test_a_ramp_of_five_minutes_is_exercised_and_kept() -> None:
    """A sixth thread after them is right."""
    found = judged(batch(*(at(number, 0, 400) for number in range(5)), at(5, 300, 400)))
    assert {"ramp-up.step", "ramp-up.start"} <= found.kept
    assert {"ramp-up.step", "ramp-up.start"} <= judged(FAIR["six after each other"]).kept
    assert "ramp-up.step" not in judged(FAIR["one at a time"]).kept


def test_threads_of_one_client_alone_are_judged() -> None:
    """Where pictures are done one by one, the rule does not come into play; where groups are, neither."""
    for name in ("one after the other", "groups", "one at a time"):
        assert "backoff.per-thread" not in judged(FAIR[name]).kept
    for name in ("a thread goes on", "three wait for the same time", "three wait by chance"):
        assert "backoff.per-thread" in judged(FAIR[name]).kept


@pytest.mark.parametrize(
    ("story", "rule"),
    [
        (run(Try(0, TOO_MANY), Try(4.6), jitter=0.4), "backoff.first"),
        (run(Try(0, BUSY), Try(0.1), jitter=0.2), "error.server-class-wait"),
    ],
)
def test_a_busy_machine_makes_no_wait_shorter(story: Any, rule: str) -> None:  # noqa: ANN401  see run
    """What seems too short was too short, however late the machine is."""
    assert rule in judged(story).broken
