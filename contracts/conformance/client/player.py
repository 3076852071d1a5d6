"""Trials, each played until it is fair to judge by it."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from contracts.conformance.client.doubts import Doubt, Doubts, hung
from contracts.conformance.client.trouble import words_of
from contracts.model import Claim
from contracts.trials import PATIENCE

if TYPE_CHECKING:
    import threading
    from collections.abc import Collection

    from contracts.cases import Kit
    from contracts.checks.registry import Outcome
    from contracts.conformance.client.findings import Findings
    from contracts.conformance.client.performer import Performer
    from contracts.conformance.client.rehearsal import Pace
    from contracts.conformance.client.story import Story
    from contracts.conformance.client.theatre import Theatre
    from contracts.trials import Trial

_LONG = 15.0
"""Virtual seconds of silence that may be waited for in real time, where a client's sockets know no other."""
_LONGEST = 20.0
"""Real seconds that a trial with a slow client is to take at the most, though its clock could run slower."""

Judged = tuple["Story", "list[Outcome]"]
"""How a trial went, and what the checks find in that."""


class Player:
    """Plays trials for all hands, at the ``pace`` that the client's clock can go.

    Nothing is blamed on a client that was stopped because it is ``over``.
    """

    def __init__(  # noqa: PLR0913  its collaborators and terms, by keyword
        self,
        kit: Kit,
        performer: Performer,
        findings: Findings,
        *,
        rules: Collection[str],
        pace: Pace,
        timeout: float,
        over: threading.Event,
    ) -> None:
        """Judge by the *rules* of *kit*; a job may take *timeout* seconds in real time."""
        self._kit = kit
        self._performer = performer
        self._findings = findings
        self._rules = rules
        self._speed = pace.speed
        self._lag = pace.lag
        self._usual = pace.usual
        self._timeout = timeout
        self._over = over
        self._doubts = Doubts(pace.usual, pace.lag, hangs=pace.hang is not None)
        self._names = count(1)
        self._postponed: list[tuple[Judged, frozenset[str]]] = []

    def is_deaf_to(self, trial: Trial) -> bool:
        """Tell whether *trial* would have to be played in real time, and take long, for the client's sockets."""
        return self._speed > 1 and trial.silence > max(self._performer.longest_silence, _LONG)

    def speed_of(self, trial: Trial) -> float:
        """Return how fast *trial* is to go: no faster than it can be judged well, unless that takes too long."""
        if self._doubts.are_too_many or trial.silence > self._performer.longest_silence:
            return 1.0
        return min(self._speed, max(trial.speed, (trial.lasts + self._lag) / _LONGEST if self._lag else 0.0))

    def fairly(self, theatre: Theatre, trial: Trial) -> Judged:
        """Play *trial*; what only a fast clock, or a name without a dot, may have brought about is looked at again.

        Raises:
            PerformerError: the client cannot be started.
            StageError: the trial cannot be played here.
        """
        judged = self._with_a_name(theatre, trial, self._with_a_request(theatre, trial))
        if judged[0].speed == 1:
            self._doubts.saw(judged[0])
            return judged
        doubt = self._doubts.about(*judged)
        if doubt.is_open:
            judged = self._confirmed(theatre, judged, doubt)
        if judged[0].speed == 1:
            return judged
        if doubt.withheld:
            self._postponed.append((judged, doubt.withheld))
        return judged[0], [one for one in judged[1] if not (one.violation and one.rule in doubt.withheld)]

    def take_postponed(self) -> list[tuple[Judged, frozenset[str]]]:
        """Return, once, what was left to another hand, which looked at the same rules then."""
        taken, self._postponed = self._postponed, []
        return taken

    def settled(self, theatre: Theatre, found: Judged, rules: frozenset[str]) -> Judged | None:
        """Look at what was *found* about *rules* again, in real time, unless another trial has confirmed it.

        Raises:
            PerformerError: the client cannot be started.
            StageError: the trial cannot be played here.
        """
        unsure = self._doubts.unsure(rules)
        if not unsure:
            return None
        story, outcomes = self._confirmed(theatre, found, Doubt(unsure))
        return story, [one for one in outcomes if one.rule in unsure]

    def judge(self, story: Story) -> list[Outcome]:
        """Return what the checks find in *story*."""
        return list(self._kit.client_checks.judge(story.timeline, self._rules))

    def _with_a_request(self, theatre: Theatre, trial: Trial) -> Judged:
        """Play *trial*, and again if the client failed before it asked for anything."""
        judged = self._patiently(theatre, trial)
        if _was_silent(judged[0]):
            judged = self._patiently(theatre, trial)
            if _was_silent(judged[0]):
                said = f" It said: {words}" if (words := words_of(judged[0])) else ""
                self._findings.note(f"The client reported failure without any request, twice: {trial.name}.{said}")
        return judged

    def _patiently(self, theatre: Theatre, trial: Trial) -> Judged:
        """Play *trial*; if the client takes long where the clock runs slower than it could, once more, and faster.

        Waits seem longer then, and never shorter, so that nobody is blamed for it.
        """
        speed = self.speed_of(trial)
        if not 1 < speed < self._speed or self._doubts.hangs:
            return self._play(theatre, trial, speed)
        judged = self._play(theatre, trial, speed, patience=self._doubts.look(trial, speed))
        if not hung(judged[0]) or any(one.violation for one in judged[1]):
            return judged
        return self._play(theatre, trial, self._speed)

    def _with_a_name(self, theatre: Theatre, trial: Trial, judged: Judged) -> Judged:
        """Return *judged*; or the same with a dot in the server's name, if the client said none, as some may."""
        shakes = judged[0].timeline.handshakes
        if shakes is None or shakes.named or not shakes.nameless:
            return judged
        again = self._play(theatre, trial, judged[0].speed, dotted=True)
        shakes = again[0].timeline.handshakes
        return again if shakes and (shakes.named or shakes.nameless) else judged

    def _confirmed(self, theatre: Theatre, found: Judged, doubt: Doubt) -> Judged:
        """Play the trial in which *found* was found again, in real time, and see whether *doubt* was right.

        A client that hangs there, too, does so for reasons of its own; then what it did in ten virtual minutes counts.
        """
        trial = found[0].trial
        patience = min(self._timeout, self._doubts.second_patience(found[0]))
        try:
            judged = self._play(theatre, trial, 1.0, patience=patience)
        except BaseException:
            self._doubts.drop(doubt)
            raise
        if hung(found[0]) and hung(judged[0]):
            judged = found
        if not self._doubts.settle(doubt, *judged) and not self._over.is_set():
            self._findings.note(f"This went wrong only while the clock ran fast, and is not counted: {trial.name}.")
        return judged

    def _play(
        self, theatre: Theatre, trial: Trial, speed: float, *, patience: float = 0.0, dotted: bool = False
    ) -> Judged:
        """Play *trial* once and judge it."""
        story = theatre.play(
            trial,
            self._kit.anonymous(f"client{next(self._names)}"),
            speed=speed,
            patience=patience or self._patience(trial, speed),
            dotted=dotted,
            watch=lambda _, __: self._over.is_set(),
        )
        story = self._findings.numbered(story)
        return story, [] if self._over.is_set() else self.judge(story)

    def _patience(self, trial: Trial, speed: float) -> float:
        """Return the real seconds for *trial* at *speed*."""
        known = self._doubts.patience(trial, speed)
        if speed == 1:
            longest = min(self._timeout, trial.lasts + self._timeout / 2)
            return min(known, longest) if known else longest
        return known or (PATIENCE + (trial.lasts if self._lag else 0.0)) / speed + self._usual


def _was_silent(story: Story) -> bool:
    """Tell whether the client failed before it asked for anything; that may be a fault of its way to the mock."""
    outcome, shakes = story.timeline.outcome, story.timeline.handshakes
    failed = outcome is not None and outcome.claim is Claim.FAILURE
    return failed and not story.timeline.exchanges and shakes is None
