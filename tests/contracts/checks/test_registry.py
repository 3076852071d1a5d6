"""Checks are collected, run, and kept from harming each other."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, Call, Checks, Outcome, demand, equal
from contracts.judge import Bench, Verdict
from contracts.model import (
    Assurance,
    Ending,
    Exchange,
    Level,
    Request,
    Response,
    Rule,
    Source,
    Subject,
    Timeline,
    Violation,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.checks import Finding


def timeline(*statuses: int) -> Timeline:
    """Return a timeline of answers with these statuses."""
    return Timeline(
        tuple(
            Exchange(number, 0, Request("GET", "/"), Response(status), 0.0, 1.0, Ending.DONE)
            for number, status in enumerate(statuses)
        )
    )


def checks() -> Checks[Call]:
    """Return an empty collection."""
    return Checks("toy.server", lambda timeline: [Call(one, {}) for one in timeline.exchanges])


def test_findings_become_outcomes() -> None:
    """Kept, broken, and not come into play."""
    own = checks()

    @own.each("ok")
    def ok(call: Call) -> Finding | None:
        return None if call.status == 404 else equal("status", call.status, 200, "look")

    outcomes = list(own.judge(timeline(200, 404, 500)))
    assert outcomes == [
        Outcome("toy.server.ok", 0),
        Outcome("toy.server.ok", 2, Violation("toy.server.ok", 2, "status", "200", "500", "look")),
    ]
    assert own.rules == {"toy.server.ok"}
    (name,) = own.names("toy.server.ok")
    assert name.endswith(".ok")


def test_calls_are_compared_with_each_other() -> None:
    """A check over all calls names the call that each finding is about."""
    own = checks()

    @own.together("same")
    def same(calls: Sequence[Call]) -> Iterator[tuple[Call, Finding]]:
        for before, after in pairwise(calls):
            yield after, demand(before.status == after.status, "status", "the same", after.status)

    assert [one.violation is None for one in own.judge(timeline(200, 200, 500))] == [True, False]


def test_a_check_that_fails_takes_nothing_with_it() -> None:
    """It is told as trouble, and the others' findings stay."""
    own = checks()

    @own.each("bad")
    def bad(call: Call) -> Finding | None:
        raise ValueError(f"no {call.status}\x1b[31m")

    @own.each("good")
    def good(call: Call) -> Finding | None:
        del call
        return KEPT

    outcomes = list(own.judge(timeline(200)))
    assert [(one.rule, bool(one.trouble)) for one in outcomes] == [("toy.server.bad", True), ("toy.server.good", False)]
    assert outcomes[0].trouble == r"ValueError: no 200\x1b[31m"
    rules = [
        Rule(name, "toy", Subject.SERVER, Level.MUST, Assurance.SEED, "", Source("", ""))
        for name in ("toy.server.bad", "toy.server.good")
    ]
    bench = Bench(rules)
    bench.hear(outcomes)
    bad_one, good_one = bench.judgements()
    assert bad_one.verdict is Verdict.NOT_EXERCISED
    assert bad_one.troubles
    assert good_one.verdict is Verdict.PASS


def test_nothing_that_a_server_sends_reaches_a_terminal_unseen() -> None:
    """Escapes, line feeds and lone surrogates are spelt out."""
    own = checks()

    @own.each("said")
    def said(call: Call) -> Finding | None:
        del call
        return Broken("body", "text", "\x1b]0;x\x07\n\ud800 ü", "\u202e")

    (outcome,) = own.judge(timeline(200))
    assert outcome.violation is not None
    assert outcome.violation.received == r"\x1b]0;x\x07\n\ud800 ü"
    assert outcome.violation.hint == r"\u202e"


def test_only_the_chosen_rules_are_judged() -> None:
    """A check may judge several rules; the others are left out."""
    own = checks()

    @own.each("one", "two")
    def both(call: Call) -> Finding | None:
        del call
        return KEPT

    assert [one.rule for one in own.judge(timeline(200), {"toy.server.two"})] == ["toy.server.two"]
