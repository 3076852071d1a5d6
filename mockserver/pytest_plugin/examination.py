"""A server under test, asked campaign by campaign as rules are judged."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from contracts.conformance.budget import Budget
from contracts.conformance.pictures import PictureHost
from contracts.conformance.run import in_words
from contracts.conformance.secrets import without_secrets
from contracts.conformance.server import ServerCheck
from contracts.conformance.transport import Transport
from contracts.judge import Judgement, Verdict
from contracts.providers import behaviour_of
from mockserver.pytest_plugin.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contracts.cases import Campaign, Case, Credentials, Kit
    from contracts.conformance.access import Limits
    from contracts.conformance.server import Options
    from contracts.conformance.target import Target
    from contracts.model import Provider, Rule

PREFIX = "--matteproof-"
"""What the names of the plugin's options begin with."""
_PATIENCE, _LIVE_PATIENCE = 30.0, 180.0
"""Seconds that an answer may take; a live server may be as slow as its documents say."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of a rule.

    ``description`` and ``reproduction`` are of a request that breaks it; ``stopped`` is why no more is known.
    """

    judgement: Judgement
    description: str
    reproduction: str
    stopped: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one campaign: as in a :class:`contracts.conformance.run.Run`, but without the exchanges."""

    judgements: tuple[Judgement, ...]
    descriptions: Mapping[int, str]
    reproductions: Mapping[int, str]
    requests: int
    credits: Decimal
    stopped: str
    credits_at_most: bool = False
    repeated: int = 0


@dataclass
class Examination:
    """Checks the ``target``, each campaign once, when the first of the rules that it exercises is asked for.

    Workers of pytest-xdist that have the same ``run`` share what comes of campaigns, and the limits. A live server is
    asked by one of them at a time.
    """

    provider: Provider
    kit: Kit
    target: Target
    credentials: Credentials
    limits: Limits
    options: Options
    run: str
    _resources: ExitStack = field(default_factory=ExitStack)
    _broken_off: list[Result] = field(default_factory=list)

    def finding(self, rule: Rule) -> Finding:
        """Return what is known of *rule* after all campaigns that exercise it."""
        results = [self._result(one) for one in self.kit.campaigns if one.exercises(rule.topic)]
        found = [(result, one) for result in results for one in result.judgements if one.rule.id == rule.id]
        broken = [(result, violation) for result, one in found for violation in one.violations]
        judgement = Judgement(
            rule,
            sum(one.exercised for _, one in found),
            sum(one.broken for _, one in found),
            tuple(violation for _, violation in broken),
            tuple(trouble for _, one in found for trouble in one.troubles),
        )
        return Finding(
            judgement,
            next((result.descriptions.get(one.exchange, "") for result, one in broken), ""),
            next((result.reproductions.get(one.exchange, "") for result, one in broken), ""),
            next((result.stopped for result in results if result.stopped), ""),
        )

    @property
    def credits(self) -> Decimal:
        """What all campaigns have cost so far, or at most, for all workers together."""
        return sum((one.credits for one in self._shelf.all()), Decimal(0))

    def summary(self) -> str:
        """Return in words what was sent so far and what it cost; nothing if nothing was sent.

        It was sent by any worker, but for a campaign that the user has interrupted: only its own process knows of that.
        """
        results = [*self._shelf.all(), *self._broken_off]
        requests, repeated = sum(one.requests for one in results), sum(one.repeated for one in results)
        if not requests:
            return ""
        spent = sum((one.credits for one in results), Decimal(0))
        cost = in_words(spent, at_most=any(one.credits_at_most for one in results))
        many = f"{requests} request" if requests == 1 else f"{requests} requests"
        lost = f" ({repeated} lost on connections that the server closed, and sent once more)" if repeated else ""
        return f"{self.provider.name} at {self.target.origin}: {many}{lost}, {cost}"

    def close(self, *, last: bool) -> None:
        """Let go of connections, and as the *last* process of the run, of all results."""
        self._resources.close()
        if last:
            self._shelf.close()

    @cached_property
    def _shelf(self) -> Shelf[Result]:
        capped = self.limits.max_requests is not None or self.limits.max_credits is not None
        place = hashlib.sha256(f"{self.provider.name} {self.target.origin}".encode()).hexdigest()[:16]
        return Shelf(f"{self.run}-{place}", in_turn=self.options.live or capped)

    @cached_property
    def _transport(self) -> Transport:
        patience = _LIVE_PATIENCE if self.options.live else _PATIENCE
        return self._resources.enter_context(Transport(patience=patience, home=self.target))

    @cached_property
    def _host(self) -> PictureHost | None:
        return None if self.options.live else self._resources.enter_context(PictureHost())

    def _result(self, campaign: Campaign[Case]) -> Result:
        return self._shelf.get(campaign.name, lambda: self._made(campaign))

    def _made(self, campaign: Campaign[Case]) -> Result:
        """Return what comes of *campaign*; once a run was stopped, nothing more is sent."""
        before = self._shelf.all()
        stopped = next((one for one in before if one.stopped), None)
        if stopped is not None:
            return Result((), {}, {}, 0, Decimal(0), stopped.stopped)
        sent, check = self._transport.sent, self._check(campaign, before)
        spent = check.budget.credits
        run = without_secrets(check.run(), self.credentials, behaviour_of(self.provider).without_secrets)
        result = Result(
            run.judgements,
            dict(run.descriptions),
            dict(run.reproductions),
            self._transport.sent - sent,
            run.credits - spent,
            run.stopped,
            run.credits_at_most,
            run.repeated,
        )
        if run.is_interrupted:
            self._broken_off.append(result)
            raise KeyboardInterrupt
        return result

    def _check(self, campaign: Campaign[Case], before: Sequence[Result]) -> ServerCheck:
        return ServerCheck(
            self.provider,
            self.kit,
            self.target.origin,
            self.credentials,
            self._transport,
            budget=self._budget(before),
            options=self.options,
            host=self._host,
            knock=None if before else self._transport.knock,
            campaigns=(campaign,),
        )

    def _budget(self, before: Sequence[Result]) -> Budget:
        """Return a budget of which what was done *before* is spent."""
        budget = Budget(self.limits.max_requests, self.limits.max_credits, prefix=PREFIX)
        budget.requests = sum(one.requests for one in before)
        budget.credits = self.credits
        return budget


def told(finding: Finding) -> str:
    """Return for a reader what *finding* says of a rule that is not kept."""
    judgement = finding.judgement
    rule, violation = judgement.rule, judgement.violations[0]
    lines = [
        f"{rule.id} ({rule.level}, {rule.assurance}): {rule.text}",
        f"  {violation.where}",
        f"  expected {violation.expected}",
        f"  received {violation.received}",
        *([f"  {violation.hint}"] if violation.hint else []),
        *([f"  request: {finding.description}"] if finding.description else []),
        f"  source: {rule.source}",
        f"  {judgement.broken} of {judgement.exercised} times",
        *(["", *finding.reproduction.splitlines()] if finding.reproduction else []),
    ]
    return "\n".join(lines)


def is_known(finding: Finding) -> bool:
    """Tell whether the rule came into play."""
    return finding.judgement.verdict is not Verdict.NOT_EXERCISED
