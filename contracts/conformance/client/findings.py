"""What was found of a client so far, by all hands that play trials."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from contracts.checks.claims import OUTPUT
from contracts.conformance.client.doubts import hung
from contracts.judge import Bench
from contracts.model import Claim

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from contracts.checks.registry import Outcome
    from contracts.conformance.client.story import Story
    from contracts.judge import Judgement
    from contracts.model import Rule


class Findings:
    """Judgements, the stories that show them, and what else a report tells. All methods may be called by any thread.

    ``requests`` counts those of all stories. ``succeeded`` tells whether the client ever claimed success with a result.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Know *rules*, of which nothing is found yet."""
        self._lock = threading.Lock()
        self._bench = Bench(rules)
        self._numbers = count()
        self._stories: dict[int, Story] = {}
        self._notes: dict[str, None] = {}
        self._broken: set[str] = set()
        self._unended: list[str] = []
        self._virtual = self._real = 0.0
        self.requests = 0
        self.succeeded = False

    @property
    def stories(self) -> Mapping[int, Story]:
        """The stories that show violations, by the number of each exchange that a violation is about."""
        shown = self._bench.shown()
        return {number: story for number, story in self._stories.items() if number in shown}

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """What is known of every rule."""
        return self._bench.judgements()

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know besides, each sentence once."""
        return (*self._notes, *filter(None, [self._stops]))

    @property
    def _stops(self) -> str:
        """In how many trials the client had to be stopped, in words."""
        names, trials = self._unended, "1 trial" if len(self._unended) == 1 else f"{len(self._unended)} trials"
        return f"The client did not end and had to be stopped in {trials}, such as: {names[0]}." if names else ""

    @property
    def speed(self) -> float:
        """How many virtual seconds passed in a real one, over all stories."""
        return round(self._virtual / self._real, 1) if self._real else 1.0

    def numbered(self, story: Story) -> Story:
        """Return *story* with numbers of exchanges that no other has, and count what it adds to the whole."""
        timeline = story.timeline
        with self._lock:
            exchanges = tuple(replace(one, number=next(self._numbers)) for one in timeline.exchanges)
            self.requests += len(exchanges)
            self._virtual += story.seconds * story.speed
            self._real += story.seconds
            outcome = timeline.outcome
            if outcome is not None and outcome.claim is Claim.SUCCESS and any(outcome.outputs):
                self.succeeded = True
        return replace(story, timeline=replace(timeline, exchanges=exchanges))

    def hear(self, story: Story, outcomes: Sequence[Outcome]) -> None:
        """Take note of the *outcomes* of *story*, and keep it if it shows a violation."""
        with self._lock:
            self._bench.hear(outcomes, story.trial.weight)
            self._stories.update({one.number: story for one in story.timeline.exchanges})
            shown = self._bench.shown()
            self._stories = {number: one for number, one in self._stories.items() if number in shown}

    def count(self, story: Story, outcomes: Iterable[Outcome]) -> int:
        """Return how many rules are broken so far, by these *outcomes* of *story* as well; they need not be heard yet.

        Whether the client had to be stopped in it is noted as well.
        """
        with self._lock:
            if hung(story):
                self._unended.append(story.trial.name)
            self._broken |= {one.rule for one in outcomes if one.violation}
            return len(self._broken)

    def note(self, text: str) -> None:
        """Have a reader know *text*, unless it is empty."""
        if text:
            with self._lock:
                self._notes[text] = None

    def are_of_the_wire(self) -> bool:
        """Tell whether a breach was seen that is not only a missing output, as of a command that is no client."""
        breaches = [one.violations for one in self.judgements if one.is_breach]
        return any(violation.where != OUTPUT for violations in breaches for violation in violations)
