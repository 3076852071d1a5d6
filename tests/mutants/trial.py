"""Putting a mutant on trial: is the rule that it breaks reported as broken, and which others are?"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contracts.cases import Credentials
from contracts.conformance.pictures import PictureHost
from contracts.conformance.server import Options, ServerCheck
from contracts.conformance.transport import Transport
from contracts.judge import Verdict
from contracts.providers import discover, kit_of
from tests.mutants.mutant import MutantSender

if TYPE_CHECKING:
    from contracts.conformance.run import Run
    from tests.mutants.mutant import Mutant

EXAMPLES = (0, 20)
"""Generated cases: at first none, for the fixed ones find most; then some."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What becomes of a mutant: ``verdict`` on the rule that it breaks, and ``others`` that are said to be broken.

    A rule whose assurance cannot fail is ``observed`` at most; any other has to fail. ``others`` are rules that fail,
    by their ids, in the campaigns of the rule that it breaks.
    """

    verdict: Verdict
    others: tuple[str, ...]

    @property
    def is_killed(self) -> bool:
        """Whether somebody noticed."""
        return self.verdict in {Verdict.FAIL, Verdict.OBSERVED}


def credentials(provider: str) -> Credentials:
    """Return credentials that nobody used before, so that every trial has a tenant of its own."""
    name = uuid.uuid4().hex[:12]
    return Credentials("" if provider == "xty" else name, f"sk-{name}")


def judge(mutant: Mutant, origin: str, examples: int, seed: int = 0) -> Run:
    """Check *mutant*, a change to the mock at *origin*, for all rules, with the campaigns of the one that it breaks."""
    name, _, topic = mutant.rule.split(".", 2)
    provider = discover()[name]
    kit = kit_of(provider)
    with Transport(patience=30) as transport, PictureHost() as host:
        check = ServerCheck(
            provider,
            kit,
            origin,
            credentials(provider.name),
            MutantSender(mutant, transport),
            options=Options(seed=seed, examples=examples),
            host=host,
            campaigns=tuple(campaign for campaign in kit.campaigns if campaign.exercises(topic)),
        )
        return check.run()


def sentence(mutant: Mutant, origin: str) -> Sentence:
    """Return what becomes of *mutant*."""
    found = Sentence(Verdict.NOT_EXERCISED, ())
    for examples in EXAMPLES:
        found = _sentence(mutant, judge(mutant, origin, examples))
        if found.is_killed:
            break
    return found


def _sentence(mutant: Mutant, run: Run) -> Sentence:
    verdicts = {one.rule.id: one.verdict for one in run.judgements}
    others = sorted(rule for rule, verdict in verdicts.items() if verdict is Verdict.FAIL and rule != mutant.rule)
    return Sentence(verdicts[mutant.rule], tuple(others))
