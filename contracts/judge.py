"""From what happened to a verdict on every rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from operator import itemgetter
from typing import TYPE_CHECKING

from contracts.model import Assurance, Level, Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from contracts.checks.registry import Outcome

SURE = frozenset({Assurance.SEED, Assurance.DOC, Assurance.PROTOCOL})
"""Assurances on which somebody may be told that they are wrong; the others are guesses, more or less likely."""
_SHOWN = 3
"""Violations of one rule that are kept, where nobody asks for more."""


class Verdict(StrEnum):
    """What is known of a rule after a run."""

    PASS = "pass"  # noqa: S105  no password
    FAIL = "fail"
    OBSERVED = "observed"
    """It was not kept, but the provider itself never promised that it would be."""
    NOT_EXERCISED = "not_exercised"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A rule, how often it was exercised, how often it was broken, and the violations that show it best.

    ``troubles`` are the words of checks that failed themselves, so that nothing is known.
    """

    rule: Rule
    exercised: int
    broken: int
    violations: tuple[Violation, ...]
    troubles: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The verdict: what the provider itself did not document, and what may be, cannot fail."""
        if self.violations:
            binding = self.rule.assurance in SURE and self.rule.level is not Level.MAY
            return Verdict.FAIL if binding else Verdict.OBSERVED
        return Verdict.PASS if self.exercised else Verdict.NOT_EXERCISED

    @property
    def is_breach(self) -> bool:
        """Whether somebody breaks what is surely demanded of them."""
        return self.rule.level is Level.MUST and self.verdict is Verdict.FAIL


class Bench:
    """Collects the outcomes of checks for some rules."""

    def __init__(self, rules: Sequence[Rule], shown: int = _SHOWN) -> None:
        """Know *rules*, of which nothing is found yet; of each, keep *shown* violations."""
        self._tallies = {rule.id: _Tally(rule, shown) for rule in rules}

    def hear(self, outcomes: Iterable[Outcome], weight: int = 0) -> tuple[Violation, ...]:
        """Take note of *outcomes*, and return the violations among them.

        Of each rule's violations those with the smallest *weight* are kept: the least to look at shows a fault best.
        """
        heard = [self._tallies[outcome.rule].hear(outcome, weight) for outcome in outcomes]
        return tuple(violation for violation in heard if violation is not None)

    def shown(self) -> frozenset[int]:
        """Return the numbers of the exchanges of which a violation is kept."""
        return frozenset(violation.exchange for tally in self._tallies.values() for _, violation in tally.kept)

    def judgements(self) -> tuple[Judgement, ...]:
        """Return what is known of every rule, in the rules' order."""
        return tuple(tally.judgement() for tally in self._tallies.values())


@dataclass(slots=True)
class _Tally:
    """What the checks of one rule have found so far; the violations are kept with their weights, lightest first."""

    rule: Rule
    shown: int
    exercised: int = 0
    broken: int = 0
    kept: list[tuple[int, Violation]] = field(default_factory=list)
    troubles: dict[str, None] = field(default_factory=dict)

    def hear(self, outcome: Outcome, weight: int) -> Violation | None:
        if outcome.trouble:
            self.troubles[outcome.trouble] = None
            return None
        self.exercised += 1
        if outcome.violation is not None:
            self.broken += 1
            # Of equals the latest is the simplest: Hypothesis ends with what it could make no smaller.
            self.kept = sorted([(weight, outcome.violation), *self.kept], key=itemgetter(0))[: self.shown]
        return outcome.violation

    def judgement(self) -> Judgement:
        violations = tuple(violation for _, violation in self.kept)
        return Judgement(self.rule, self.exercised, self.broken, violations, tuple(self.troubles))
