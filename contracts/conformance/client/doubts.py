"""What a fast clock may have brought about, and what is known of that."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contracts.checks.claims import HANGING
from contracts.model import Claim, Ending

if TYPE_CHECKING:
    from contracts.checks.registry import Outcome
    from contracts.conformance.client.story import Story
    from contracts.trials import Trial

_MOST_CLEARED = 3
"""Trials that go wrong only under a fast clock after which the clock is left real."""
_SPARE, _TIMES = 5.0, 10.0
"""Real seconds that a client may take in real time beyond what its waits come to, besides so many plain jobs."""
_HOPELESS = HANGING + 5.0
"""Virtual seconds beyond its waits that a client still gets which is thought, or known, to hang."""
_LOOK = 30.0
"""Virtual seconds beyond its waits that a client gets where the clock runs slower than it could."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is doubtful in a trial that went fast.

    ``rules`` seem to be broken, and ``hang`` tells whether the client seems to hang, which is to be looked at again in
    real time. ``withheld`` are rules of which somebody else finds that out just now; those that are not confirmed there
    have to be looked at again here.
    """

    rules: frozenset[str] = frozenset()
    hang: bool = False
    withheld: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether there is anything to look at again."""
        return bool(self.rules) or self.hang


class Doubts:
    """Remembers what was confirmed in real time, and what was not. All methods may be called by any thread.

    Whatever is found out in several steps is locked; a number and a truth value that are only read need no lock.
    ``usual`` is how many real seconds a plain job takes, ``lag`` how many virtual seconds a slow client waits in it,
    and ``hangs`` whether the client is known to hang in some trials.
    """

    def __init__(self, usual: float, lag: float = 0.0, *, hangs: bool = False) -> None:
        """Know nothing but that."""
        self._lock = threading.Lock()
        self._sure: frozenset[str] = frozenset()
        self._asked: frozenset[str] = frozenset()
        self._hang_is_asked = False
        self._cleared = 0
        self._usual = usual
        self._lag = lag
        self.hangs = hangs

    @property
    def are_too_many(self) -> bool:
        """Whether so much was wrong only under a fast clock that there should be none."""
        return self._cleared >= _MOST_CLEARED

    def about(self, story: Story, outcomes: list[Outcome]) -> Doubt:
        """Return what *story*, which went fast, may only seem to show because of the clock.

        That may be where the client hung, or left, or had threads: threads that are late by different times look as if
        they had waited for each other. Each rule is looked at again by one hand at a time, which has to settle it.
        """
        stuck = hung(story)
        left = any(one.ending is Ending.GONE for one in story.timeline.exchanges)
        with self._lock:
            if (stuck and self.hangs) or not (stuck or left or len(story.trial.inputs) > 1):
                return Doubt()
            broken = frozenset(one.rule for one in outcomes if one.violation) - self._sure
            rules, withheld = broken - self._asked, broken & self._asked
            # A client that takes minutes of its own is stopped now and then, and real time would not show why.
            hang = stuck and not self._hang_is_asked and not self._lag
            self._asked |= rules
            self._hang_is_asked |= hang
        return Doubt(rules, hang, withheld)

    def settle(self, doubt: Doubt, story: Story, outcomes: list[Outcome]) -> bool:
        """Learn from *story*, which counts for the *doubt*; tell whether it was right."""
        broken, stuck = doubt.rules & {one.rule for one in outcomes if one.violation}, hung(story)
        right = bool(broken) or (doubt.hang and stuck)
        with self._lock:
            self._sure |= broken
            self._asked -= doubt.rules
            # One that breaks no rule by that may only be slow, and gets all its time on; but it is not looked at again.
            self.hangs |= stuck and bool(broken)
            self._hang_is_asked &= stuck or not doubt.hang
            self._cleared += not right
        return right

    def unsure(self, rules: frozenset[str]) -> frozenset[str]:
        """Return those of *rules* that nobody has confirmed so far."""
        with self._lock:
            return rules - self._sure

    def drop(self, doubt: Doubt) -> None:
        """Let somebody else settle *doubt*, which could not be looked at again."""
        with self._lock:
            self._asked -= doubt.rules
            self._hang_is_asked &= not doubt.hang

    def saw(self, story: Story) -> None:
        """Learn from *story*, which was in real time, so that nothing in it is doubtful."""
        if hung(story):
            with self._lock:
                self.hangs = True

    def patience(self, trial: Trial, speed: float) -> float:
        """Return the real seconds for *trial* at *speed* with a client that is known to hang, 0 if this one is not."""
        return self._beyond(trial, _HOPELESS, speed) if self.hangs else 0.0

    def look(self, trial: Trial, speed: float) -> float:
        """Return the real seconds for *trial* at *speed*, where a higher one is left for who takes longer."""
        return self._beyond(trial, _LOOK, speed)

    def second_patience(self, story: Story) -> float:
        """Return the real seconds for the trial of *story* once more, in real time."""
        return story.trial.lasts + (_HOPELESS if hung(story) else _SPARE) + _TIMES * self._usual

    def _beyond(self, trial: Trial, spare: float, speed: float) -> float:
        return (trial.lasts + self._lag + spare) / speed + _TIMES * self._usual


def hung(story: Story) -> bool:
    """Tell whether the client had not ended when its time was over."""
    outcome = story.timeline.outcome
    return outcome is not None and outcome.claim is Claim.NONE
