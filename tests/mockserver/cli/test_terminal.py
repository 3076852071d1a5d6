"""The summary of a run, as a terminal shows it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contracts.conformance.run import Run
from contracts.judge import Judgement
from contracts.model import Assurance, Level, Rule, Source, Subject, Violation
from contracts.providers import discover
from mockserver.cli.check.terminal import summarise

if TYPE_CHECKING:
    import pytest


def broken(topic: str, level: Level, assurance: Assurance) -> Judgement:
    """Return that a rule was broken."""
    source = Source("document", "section")
    rule = Rule(f"pixian.server.{topic}", "pixian", Subject.SERVER, level, assurance, f"About {topic}.", source)
    return Judgement(rule, 2, 1, (Violation(rule.id, 0, "status", "200", "[b]201[/b]"),))


def summary(capsys: pytest.CaptureFixture[str], *judgements: Judgement) -> str:
    """Return what is printed of a run with *judgements*."""
    summarise(Run("server", discover()["pixian"], "there", 0, judgements, {}, 1, Decimal(0), 1.0, succeeded=True))
    return capsys.readouterr().out


def test_observed_rules_have_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    """After those that are broken; no more than a screen of them."""
    guesses = [broken(f"guess-{number}", Level.MUST, Assurance.ASSUMED) for number in range(10)]
    told = summary(capsys, *guesses, broken("weak", Level.SHOULD, Assurance.SEED))
    assert told.index("pixian.server.weak") < told.index("observed: pixian.server.guess-0 (must, assumed): status")
    assert "[b]201[/b]" in told
    assert told.count("observed: ") == 8
    assert "... and 2 more that were observed." in told


def test_what_does_not_decide_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """One and many."""
    weak = broken("weak", Level.SHOULD, Assurance.SEED)
    assert "conforms, but for 1 rule that is no must:" in summary(capsys, weak)
    assert "conforms, but for 2 rules that are no musts:" in summary(capsys, weak, weak)
