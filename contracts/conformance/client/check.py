"""Driving a client under test: trial by trial, each on a fresh stage, judged by what it did and what it says."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Protocol

from contracts.checks.claims import HANGING, OUTPUT
from contracts.clock import stopwatch
from contracts.conformance.client.crew import share_out
from contracts.conformance.client.options import EXAMPLES, Options
from contracts.conformance.client.performer import PerformerError
from contracts.conformance.client.rehearsal import Pace, Rehearsal, trouble_with
from contracts.conformance.client.stage import StageError
from contracts.conformance.client.theatre import Theatre
from contracts.conformance.run import STOPPED, Run, StoppedError
from contracts.judge import SURE, Bench
from contracts.model import Claim, Ending, Level, Subject
from contracts.rules import load_rules
from contracts.trials import SPEED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from contracts.cases import Campaign, Kit
    from contracts.checks.registry import Outcome
    from contracts.conformance.client.performer import Performer
    from contracts.conformance.client.stage import Stage
    from contracts.conformance.client.story import Story
    from contracts.model import Provider, Rule
    from contracts.trials import Trial

_SHRINKING = 20.0
"""Real seconds that a campaign may spend on making trials smaller."""
_MOST_CLEARED = 3
"""Trials that go wrong only under a fast clock after which the clock is left real."""
_LONG = 15.0
"""Virtual seconds of silence that may be waited for in real time, where a client's sockets know no other."""
_FIRST = 60.0
"""Real seconds that a plain job may take, be the client started ever so slowly."""
_SPARE, _TIMES = 5.0, 10.0
"""Real seconds that a client may take in real time beyond what its waits come to, besides so many plain jobs."""
_HOPELESS = HANGING + 5.0
"""Virtual seconds beyond its waits that a client still gets which is thought, or known, to hang."""


class Watcher(Protocol):
    """Whoever wants to see how a run goes on."""

    def phase(self, name: str, total: int | None) -> None:
        """Be told that a part of the run begins, of *total* trials if that is known."""

    def trial(self, trial: Trial, broken: int) -> None:
        """Be told that *trial* is over, and how many rules are broken so far."""


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
        self._binding = {rule.id for rule in self.rules if rule.assurance in SURE and rule.level is not Level.MAY}
        self._judged = frozenset(rule.id for rule in self.rules)
        self._bench = Bench(self.rules)
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._numbers = count()
        self._names = count(1)
        self._stories: dict[int, Story] = {}
        self._notes: dict[str, None] = {}
        self._pace = Pace(1.0)
        self._broken: set[str] = set()
        self._sure: set[str] = set()
        self._cleared = 0
        self._usual = 0.0
        self._hangs = False
        self._requests = 0
        self._virtual = self._real = 0.0
        self._reached = self._succeeded = False

    def chosen(self) -> list[Campaign[Trial]]:
        """Return the campaigns that exercise the chosen rules."""
        topics = [rule.id.split(".", 2)[2] for rule in self.rules]
        return [one for one in self.kit.client_campaigns if any(one.exercises(topic) for topic in topics)]

    def trials(self) -> list[Trial]:
        """Return the fixed trials that this client has to go through."""
        return [trial for campaign in self.chosen() for trial in campaign.cases() if self._allowed(trial)]

    def run(self) -> Run:
        """Test the client."""
        began, stopped = stopwatch(), ""
        try:
            with ExitStack() as stack:
                theatres = [
                    stack.enter_context(Theatre(self.performer, self.build))
                    for _ in range(min(self.options.workers, self.performer.at_once))
                ]
                self._run(theatres)
        except (StoppedError, PerformerError) as error:
            stopped = str(error)
        except OSError as error:
            stopped = f"The test itself failed, which says nothing of the client: {error}."
        except KeyboardInterrupt:
            stopped = STOPPED
        if not stopped and not self._succeeded:
            stopped = "The client never claimed success with a result, so that little could be seen of it."
        shown = self._bench.shown()
        stories = {number: story for number, story in self._stories.items() if number in shown}
        exchanges = {one.number: one for story in stories.values() for one in story.timeline.exchanges}
        return Run(
            subject="client",
            provider=self.provider,
            target=self.performer.name,
            seed=self.options.seed,
            judgements=self._bench.judgements(),
            exchanges=exchanges,
            requests=self._requests,
            credits=Decimal(0),
            seconds=stopwatch() - began,
            succeeded=self._reached,
            stopped=stopped,
            notes=tuple(self._notes),
            speed=round(self._virtual / self._real, 1) if self._real else 1.0,
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

    def _allowed(self, trial: Trial) -> bool:
        return self.options.threads or len(trial.inputs) == 1

    def _run(self, theatres: Sequence[Theatre]) -> None:
        trials = self.trials()
        plain = next(one for campaign in self.kit.client_campaigns for one in campaign.cases())
        self._tell("a plain job, to see how fast the client's clock can run", None)
        rehearsal = Rehearsal(theatres[0], plain, self.kit.anonymous("rehearsal"), self.performer)
        patience, most = min(self.options.timeout, _FIRST), self.options.speed or SPEED
        first = self._rehearsed(rehearsal.plain(patience))
        trouble = trouble_with(first, patience)
        if trouble and _hung(first) and (late := rehearsal.in_fast_time(most, first)):
            # It may only be slow, or never come back for a result that has an end: ten virtual minutes will tell.
            trouble = trouble_with(self._rehearsed(late), patience)
        if trouble:
            self._reached = self._is_wrong_on_the_wire()
            raise StoppedError(trouble)
        self._reached, self._usual = True, first.seconds
        self._pace = rehearsal.pace(most, first)
        self._note(self._pace.note)
        if self._pace.note:
            self._tell(self._pace.note, None)
        self._tell("fixed trials", len(trials))
        found: dict[int, tuple[Story, list[Outcome]]] = {}

        def play(theatre: Theatre, job: tuple[int, Trial]) -> None:
            if self._is_deaf_to(job[1]):
                self._note(f"Not played, since sockets in this process keep real time (try speed 1): {job[1].name}.")
                return
            try:
                found[job[0]] = self._fairly(theatre, job[1])
            except StageError as error:
                self._note(f"One trial could not be played ({job[1].name}): {error}")
            else:
                self._watch(job[1], found[job[0]][1])

        try:
            share_out(enumerate(trials), theatres, play, self._over)
        finally:
            for _, (story, outcomes) in sorted(found.items()):
                self._hear(story, outcomes)
        campaigns = [one for one in self.chosen() if one.generated is not None] if self.options.examples else []
        self._tell("generated trials", None)
        share_out(campaigns, theatres, self._explore, self._over)

    def _is_wrong_on_the_wire(self) -> bool:
        """Tell whether a breach was seen that is not only a missing output, as of a command that is no client."""
        breaches = [one.violations for one in self._bench.judgements() if one.is_breach]
        return any(violation.where != OUTPUT for violations in breaches for violation in violations)

    def _rehearsed(self, story: Story) -> Story:
        """Return *story*, numbered, once it is judged."""
        story = self._numbered(story)
        self._hear(story, list(self.kit.client_checks.judge(story.timeline, self._judged)))
        return story

    def _explore(self, theatre: Theatre, campaign: Campaign[Trial]) -> None:
        """Play the generated trials of *campaign*."""
        from contracts.conformance.explore import explore  # noqa: PLC0415  Hypothesis is heavy

        if campaign.generated is None:
            return

        def play(trial: Trial) -> str | None:
            if self._is_deaf_to(trial) or not self._allowed(trial):
                return None
            story, outcomes = self._fairly(theatre, trial)
            self._hear(story, outcomes)
            self._watch(trial, outcomes)
            return min((one.rule for one in outcomes if one.violation and one.rule in self._binding), default=None)

        explore(
            campaign.generated(),
            play,
            seed=self.options.seed,
            examples=self.options.examples,
            shrinking=_SHRINKING,
            ends=(StoppedError, PerformerError, StageError),
        )

    def _is_deaf_to(self, trial: Trial) -> bool:
        """Tell whether *trial* would have to be played in real time, and take long, for the client's sockets."""
        return self._pace.speed > 1 and trial.silence > max(self.performer.longest_silence, _LONG)

    def _fairly(self, theatre: Theatre, trial: Trial) -> tuple[Story, list[Outcome]]:
        """Play *trial*; what only a fast clock, or a name without a dot, may have brought about is looked at again."""
        silent = trial.silence > self.performer.longest_silence
        speed = 1.0 if silent else min(self._pace.speed, trial.speed)
        story, outcomes = self._play(theatre, trial, speed)
        if _was_silent(story):
            story, outcomes = self._play(theatre, trial, speed)
            if _was_silent(story):
                self._note(f"The client reported failure without any request, twice: {trial.name}.")
        if trial.tls and (shakes := story.timeline.handshakes) and shakes.nameless and not shakes.named:
            again, others = self._play(theatre, trial, speed, dotted=True)
            shakes = again.timeline.handshakes
            if shakes and (shakes.named or shakes.nameless):
                story, outcomes = again, others
        doubtful = frozenset(one.rule for one in outcomes if one.violation) - self._sure
        sure = self._hangs and _hung(story)
        if speed > 1 and doubtful and not sure and _may_be_of_the_clock(story):
            return self._confirmed(theatre, (story, outcomes), doubtful)
        return story, outcomes

    def _confirmed(
        self, theatre: Theatre, found: tuple[Story, list[Outcome]], doubtful: frozenset[str]
    ) -> tuple[Story, list[Outcome]]:
        """Play the trial in which *found* was found again, in real time, and see whether *doubtful* rules are broken.

        A client that hangs there, too, does so for reasons of its own; then what it did in ten virtual minutes counts.
        """
        trial, hung = found[0].trial, _hung(found[0])
        patience = trial.lasts + (_HOPELESS if hung else _SPARE) + _TIMES * self._usual
        story, outcomes = self._play(theatre, trial, 1.0, patience=min(self.options.timeout, patience))
        if hung and _hung(story):
            story, outcomes = found
        broken = doubtful & {one.rule for one in outcomes if one.violation}
        with self._lock:
            self._sure |= broken
            self._hangs = self._hangs or (bool(broken) and _hung(story))
            self._cleared += not broken
            if self._cleared == _MOST_CLEARED:
                self._pace = Pace(1.0)
        if not broken:
            self._note(f"Only while the clock ran fast, this went wrong, which counts as right: {trial.name}.")
        return story, outcomes

    def _play(
        self,
        theatre: Theatre,
        trial: Trial,
        speed: float,
        *,
        patience: float = 0.0,
        dotted: bool = False,
    ) -> tuple[Story, list[Outcome]]:
        """Play *trial* once and judge it."""
        with self._lock:
            credentials = self.kit.anonymous(f"client{next(self._names)}")
        if not patience and self._hangs:
            patience = (trial.lasts + _HOPELESS) / speed + _TIMES * self._usual
        in_real_time = min(self.options.timeout, trial.lasts + self.options.timeout / 2)
        story = theatre.play(
            trial,
            credentials,
            speed=speed,
            patience=patience or (in_real_time if speed == 1 else 0.0),
            dotted=dotted,
            watch=lambda _, __: self._over.is_set(),
        )
        story = self._numbered(story)
        if self._over.is_set():  # the client was stopped by us, which nobody may blame it for
            return story, []
        return story, list(self.kit.client_checks.judge(story.timeline, self._judged))

    def _numbered(self, story: Story) -> Story:
        """Return *story* with numbers of exchanges that no other has, and count what it adds to the whole."""
        timeline = story.timeline
        with self._lock:
            exchanges = tuple(replace(one, number=next(self._numbers)) for one in timeline.exchanges)
            self._requests += len(exchanges)
            self._virtual += story.seconds * story.speed
            self._real += story.seconds
            outcome = timeline.outcome
            if outcome is not None and outcome.claim is Claim.SUCCESS and any(outcome.outputs):
                self._succeeded = True
        return replace(story, timeline=replace(timeline, exchanges=exchanges))

    def _hear(self, story: Story, outcomes: Sequence[Outcome]) -> None:
        """Note what was found, and keep *story* if it is shown."""
        with self._lock:
            self._bench.hear(outcomes, story.trial.weight)
            self._stories.update({one.number: story for one in story.timeline.exchanges})
            shown = self._bench.shown()
            self._stories = {number: one for number, one in self._stories.items() if number in shown}

    def _watch(self, trial: Trial, outcomes: Iterable[Outcome]) -> None:
        with self._lock:
            self._broken |= {one.rule for one in outcomes if one.violation}
            if self.watcher:
                self.watcher.trial(trial, len(self._broken))

    def _tell(self, name: str, total: int | None) -> None:
        if self.watcher:
            self.watcher.phase(name, total)

    def _note(self, text: str) -> None:
        if text:
            with self._lock:
                self._notes[text] = None


def _may_be_of_the_clock(story: Story) -> bool:
    """Tell whether a clock that runs fast may have brought about what the client did: it hung, or left, or had threads.

    Threads that are late by different times look as if they had waited for each other.
    """
    return (
        _hung(story)
        or len(story.trial.inputs) > 1
        or any(one.ending is Ending.GONE for one in story.timeline.exchanges)
    )


def _was_silent(story: Story) -> bool:
    """Tell whether the client failed before it asked for anything; that may be a fault of its way to the mock."""
    outcome, shakes = story.timeline.outcome, story.timeline.handshakes
    failed = outcome is not None and outcome.claim is Claim.FAILURE
    return failed and not story.timeline.exchanges and shakes is None


def _hung(story: Story) -> bool:
    outcome = story.timeline.outcome
    return outcome is not None and outcome.claim is Claim.NONE
