"""Driving a client under test: trial by trial, each on a fresh stage, judged by what it did and what it says."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from contracts.clock import stopwatch
from contracts.conformance.client.doubts import hung
from contracts.conformance.client.findings import Findings
from contracts.conformance.client.options import EXAMPLES, Options
from contracts.conformance.client.performer import PerformerError
from contracts.conformance.client.player import Player
from contracts.conformance.client.programme import Programme
from contracts.conformance.client.rehearsal import Rehearsal
from contracts.conformance.client.theatre import Theatre
from contracts.conformance.client.trouble import failure_in, trouble_with
from contracts.conformance.run import STOPPED, Run, StoppedError
from contracts.judge import SURE
from contracts.model import Claim, Level, Subject
from contracts.rules import load_rules
from contracts.trials import SPEED

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.cases import Campaign, Kit
    from contracts.conformance.client.performer import Performer
    from contracts.conformance.client.rehearsal import Pace
    from contracts.conformance.client.stage import Stage
    from contracts.conformance.client.story import Story
    from contracts.conformance.client.watcher import Watcher
    from contracts.model import Provider, Rule
    from contracts.trials import Trial

_IDLE_HANDS = 4
"""Clients that can wait beside each other for each one that could work."""


@dataclass
class ClientCheck:
    """One run against one client, the ``performer``, on stages that ``build`` makes, with HTTPS if it is told so."""

    provider: Provider
    kit: Kit
    performer: Performer
    build: Callable[[bool], Stage]
    options: Options = field(default_factory=Options)
    watcher: Watcher | None = None

    def __post_init__(self) -> None:
        """Prepare to judge."""
        only = self.options.only
        known = load_rules(self.provider.folder, self.provider.name)
        self.rules: tuple[Rule, ...] = tuple(
            rule for rule in known if rule.subject is Subject.CLIENT and (not only or rule.id in only)
        )
        self._judged = frozenset(rule.id for rule in self.rules)
        self._findings = Findings(self.rules)
        self._over = threading.Event()
        self._reached = False
        self._programme = Programme(
            self.chosen(),
            self.options,
            findings=self._findings,
            binding=frozenset(rule.id for rule in self.rules if rule.assurance in SURE and rule.level is not Level.MAY),
            over=self._over,
        )

    def chosen(self) -> list[Campaign[Trial]]:
        """Return the campaigns that exercise the chosen rules."""
        return [one for one in self.kit.client_campaigns if any(one.exercises(rule.topic) for rule in self.rules)]

    def trials(self) -> list[Trial]:
        """Return the fixed trials that this client has to go through."""
        return self._programme.fixed

    def run(self) -> Run:
        """Test the client."""
        self._programme.watcher = self.watcher
        began, stopped = stopwatch(), ""
        try:
            with ExitStack() as stack:
                stopped = self._run(stack, began)
        except (StoppedError, PerformerError) as error:
            stopped = str(error)
        except OSError as error:
            stopped = f"The test itself failed, which says nothing of the client: {error}."
        except KeyboardInterrupt:
            stopped = STOPPED
        if not stopped and not self._findings.succeeded:
            stopped = "The client never claimed success with a result, so that little could be seen of it."
        return self._told(stopped, stopwatch() - began)

    def _told(self, stopped: str, seconds: float) -> Run:
        """Return the run, which took so many *seconds*, and was *stopped* for a reason, or not."""
        found, stories = self._findings, self._findings.stories
        return Run(
            subject="client",
            provider=self.provider,
            target=self.performer.name,
            seed=self.options.seed,
            judgements=found.judgements,
            exchanges={one.number: one for story in stories.values() for one in story.timeline.exchanges},
            requests=found.requests,
            credits=Decimal(0),
            seconds=seconds,
            succeeded=self._reached,
            stopped=stopped,
            notes=tuple(filter(None, (*found.notes, self.performer.remark))),
            speed=found.speed,
            descriptions={number: story.trial.told() for number, story in stories.items()},
            reproductions=dict.fromkeys(stories, self._command()),
            stories=stories,
        )

    def _command(self) -> str:
        """Return the command that repeats the run, as far as it can be told in a line."""
        options = self.options
        words = [
            *(["--threads"] if options.threads else []),
            *([f"--speed {options.speed:g}"] if options.speed is not None else []),
            *([f"--max-examples {options.examples}"] if options.examples != EXAMPLES else []),
            *([f"--seed {options.seed}"] if options.seed else []),
        ]
        asked = " ".join(["matteproof check", Subject.CLIENT, self.provider.name, *words])
        return f"{asked} -- {self.performer.name}"

    def _run(self, stack: ExitStack, began: float) -> str:
        """Play the fixed trials, and then generated ones, as fast as the client's clock can run.

        Return why that says too little after all, or nothing.
        """
        first = stack.enter_context(Theatre(self.performer, self.build))
        pace, failure = self._rehearsed(first)
        several = min(self.options.workers, self.performer.at_once)
        hands = several * _IDLE_HANDS if pace.is_idle and self.performer.at_once > 1 else several
        theatres = [first, *(stack.enter_context(Theatre(self.performer, self.build)) for _ in range(hands - 1))]
        player = Player(
            self.kit,
            self.performer,
            self._findings,
            rules=self._judged,
            pace=pace,
            timeout=self.options.patience,
            over=self._over,
        )
        self._programme.play(player, theatres if pace.is_idle else [], theatres[:several], began)
        return failure

    def _rehearsed(self, theatre: Theatre) -> tuple[Pace, str]:
        """Return how fast the client can go, once it has done a plain job, or failed it, in which case that is told.

        Raises:
            StoppedError: it does not even try.
        """
        plain = next(one for campaign in self.kit.client_campaigns for one in campaign.cases())
        self._programme.tell("a plain job, to see how fast the client's clock can run", None)
        rehearsal = Rehearsal(theatre, plain, self.kit.anonymous("rehearsal"), self.performer)
        patience, most = self.options.first_patience, self.options.speed or SPEED
        first = self._heard(rehearsal.plain(patience, most))
        trouble = trouble_with(first, patience)
        if trouble and hung(first):
            # It may only be slow, or never come back for a result that has an end: ten virtual minutes will tell.
            first, trouble = self._told_by_fast_time(rehearsal, first)
        if trouble:
            self._reached = self._findings.are_of_the_wire()
            raise StoppedError(trouble)
        self._reached = True
        failure = ""
        if _failed(first) and _failed(again := self._heard(rehearsal.plain(patience))):
            failure = failure_in(again)
        pace = rehearsal.pace(most, first, self.options.patience)
        if pace.note:
            self._findings.note(pace.note)
            self._programme.tell(pace.note, None)
        if pace.hang is not None:
            self._programme.show(self._heard(pace.hang), [])
        return pace, failure

    def _told_by_fast_time(self, rehearsal: Rehearsal, first: Story) -> tuple[Story, str]:
        """Return how the plain job goes in real time that hung there at *first*, and what trouble there is with it.

        There is none if it ends under a fast clock. If it does not, and was only thought to do nothing more, it gets
        all its time.
        """
        patience = self.options.first_patience
        late = rehearsal.in_fast_time(self.options.speed or SPEED, first)
        if late is not None and not hung(late := self._heard(late)):
            return first, trouble_with(late, patience)
        if rehearsal.was_cut_short:
            first = self._heard(rehearsal.plain(patience))
        return first, trouble_with(first, patience)

    def _heard(self, story: Story) -> Story:
        """Return *story*, numbered, once it is judged."""
        story = self._findings.numbered(story)
        self._findings.hear(story, list(self.kit.client_checks.judge(story.timeline, self._judged)))
        return story


def _failed(story: Story) -> bool:
    """Tell whether the client reported failure."""
    return story.timeline.outcome is not None and story.timeline.outcome.claim is Claim.FAILURE
