"""A server under test, asked campaign by campaign as rules are judged."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from contracts.conformance.budget import Budget
from contracts.conformance.pictures import PictureHost
from contracts.conformance.secrets import without_secrets
from contracts.conformance.server import ServerCheck
from contracts.conformance.transport import Transport
from contracts.judge import Judgement, Verdict
from contracts.providers import behaviour_of

if TYPE_CHECKING:
    from contracts.cases import Campaign, Case, Credentials, Kit
    from contracts.conformance.access import Limits
    from contracts.conformance.run import Run
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


@dataclass
class Examination:
    """Checks the ``target``, each campaign once, when the first of the rules that it exercises is asked for."""

    provider: Provider
    kit: Kit
    target: Target
    credentials: Credentials
    limits: Limits
    options: Options
    _runs: dict[str, Run] = field(default_factory=dict)
    _resources: ExitStack = field(default_factory=ExitStack)

    def finding(self, rule: Rule) -> Finding:
        """Return what is known of *rule* after all campaigns that exercise it."""
        topic = rule.id.split(".", 2)[2]
        runs = [self._run(one) for one in self.kit.campaigns if one.exercises(topic)]
        found = [(run, one) for run in runs for one in run.judgements if one.rule.id == rule.id]
        broken = [(run, violation) for run, one in found for violation in one.violations]
        judgement = Judgement(
            rule,
            sum(one.exercised for _, one in found),
            sum(one.broken for _, one in found),
            tuple(violation for _, violation in broken),
            tuple(trouble for _, one in found for trouble in one.troubles),
        )
        return Finding(
            judgement,
            next((run.descriptions.get(one.exchange, "") for run, one in broken), ""),
            next((run.reproductions.get(one.exchange, "") for run, one in broken), ""),
            next((run.stopped for run in runs if run.stopped), ""),
        )

    def group(self, rule: Rule) -> str:
        """Return the name of the group of rules that one worker of pytest-xdist should judge, for ``--dist loadgroup``.

        A live server is asked by one worker; else rules go together that the same campaign exercises first.
        """
        if self.options.live:
            return f"matteproof {self.provider.name}"
        topic = rule.id.split(".", 2)[2]
        first = next((one.name for one in self.kit.campaigns if one.exercises(topic)), "")
        return f"matteproof {self.provider.name} {first}"

    def close(self) -> None:
        """Let go of connections."""
        self._resources.close()

    @cached_property
    def _budget(self) -> Budget:
        return Budget(self.limits.max_requests, self.limits.max_credits, prefix=PREFIX)

    @cached_property
    def _transport(self) -> Transport:
        patience = _LIVE_PATIENCE if self.options.live else _PATIENCE
        return self._resources.enter_context(Transport(patience=patience, home=self.target))

    @cached_property
    def _host(self) -> PictureHost | None:
        return None if self.options.live else self._resources.enter_context(PictureHost())

    def _run(self, campaign: Campaign[Case]) -> Run:
        """Return what came of *campaign*; once a run was stopped, nothing more is sent."""
        if campaign.name not in self._runs:
            stopped = next((run for run in self._runs.values() if run.stopped), None)
            self._runs[campaign.name] = stopped or self._checked(campaign)
        return self._runs[campaign.name]

    def _checked(self, campaign: Campaign[Case]) -> Run:
        check = ServerCheck(
            self.provider,
            self.kit,
            self.target.origin,
            self.credentials,
            self._transport,
            budget=self._budget,
            options=self.options,
            host=self._host,
            knock=None if self._runs else self._transport.knock,
            campaigns=(campaign,),
        )
        return without_secrets(check.run(), self.credentials, behaviour_of(self.provider).without_secrets)


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
