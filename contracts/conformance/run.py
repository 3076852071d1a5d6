"""What came of a run against a server or a client, and the verdict that follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from contracts.judge import Verdict
from contracts.model import Level

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from contracts.conformance.client.story import Story
    from contracts.judge import Judgement
    from contracts.model import Exchange, Provider

STOPPED = "The run was stopped by the user; what was found until then is told."
"""Why a run ended that somebody has interrupted."""


class Conclusion(StrEnum):
    """What a run comes to."""

    CONFORMS = "conforms"
    VIOLATES = "violates"
    INCONCLUSIVE = "inconclusive"


class StoppedError(Exception):
    """The run cannot go on; the text says why."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of checks.

    ``subject`` is ``server``, ``client`` or ``capture``; ``target`` says what was tested. ``exchanges`` are those that
    violations refer to, or all if the run was to be recorded, by number. ``requests`` counts what was sent, ``credits``
    what the answers say it cost, or with ``credits_at_most`` how much that can be at most, ``seconds`` are real.
    ``stopped`` tells why the run ended before its end, or is empty; ``succeeded`` whether any operation ever did, and
    ``failure`` what to do where none has. ``repeated`` of the requests were lost on a connection that the server had
    kept open, and sent once more. ``notes`` are for the reader.
    ``descriptions`` say what the requests of exchanges ask for, ``reproductions`` are commands that repeat them, and
    ``stories`` are the trials of a client that they were a part of.
    """

    subject: str
    provider: Provider
    target: str
    seed: int
    judgements: tuple[Judgement, ...]
    exchanges: Mapping[int, Exchange]
    requests: int
    credits: Decimal
    seconds: float
    succeeded: bool
    stopped: str = ""
    failure: str = ""
    repeated: int = 0
    notes: tuple[str, ...] = ()
    speed: float = 1.0
    credits_at_most: bool = False
    descriptions: Mapping[int, str] = field(default_factory=dict)
    reproductions: Mapping[int, str] = field(default_factory=dict)
    stories: Mapping[int, Story] = field(default_factory=dict)

    @property
    def conclusion(self) -> Conclusion:
        """The verdict on the whole. Only a breach of what is surely demanded counts as a violation.

        What a run found before it was stopped stays found; but where no operation ever succeeded, nothing is sure.
        """
        if self.succeeded and any(judgement.is_breach for judgement in self.judgements):
            return Conclusion.VIOLATES
        return Conclusion.INCONCLUSIVE if self.doubt else Conclusion.CONFORMS

    @property
    def doubt(self) -> str:
        """Why nothing can be said for sure, or nothing."""
        if self.stopped:
            return self.stopped
        if not self.succeeded:
            return self.failure or "No operation ever succeeded."
        musts = [one for one in self.judgements if one.rule.level is Level.MUST and one.rule.observable]
        exercised = sum(one.verdict is not Verdict.NOT_EXERCISED for one in musts)
        if 2 * exercised < len(musts):
            return f"Only {exercised} of {len(musts)} rules that bind were exercised; less than half says too little."
        return ""

    @property
    def is_interrupted(self) -> bool:
        """Whether the user has stopped the run."""
        return self.stopped == STOPPED

    @property
    def cost(self) -> str:
        """What the run cost, in words: credits, or where a client ran with a clock of its own, how fast that was."""
        if self.subject == "client":
            return f"{self.speed:g} virtual seconds a real one"
        return in_words(self.credits, at_most=self.credits_at_most)

    def count(self, verdict: Verdict) -> int:
        """Return how many rules have this *verdict*."""
        return sum(judgement.verdict is verdict for judgement in self.judgements)


def in_words(credit: Decimal, *, at_most: bool) -> str:
    """Return how many credits something has cost, or *at_most* can have cost."""
    return f"{'up to ' if at_most else ''}{credit.normalize():f} credits"


def is_success(exchange: Exchange) -> bool:
    """Tell whether *exchange* was answered with a status of success."""
    return exchange.response is not None and exchange.response.is_success
