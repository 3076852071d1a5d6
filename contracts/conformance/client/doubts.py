"""What a fast clock may have brought about, and what is known of that."""

from __future__ import annotations

import threading
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


class Doubts:
    """Remembers what was confirmed in real time, and what was not. All methods may be called by any thread.

    ``usual`` is how many real seconds a plain job takes.
    """

    def __init__(self, usual: float) -> None:
        """Know nothing but that."""
        self._lock = threading.Lock()
        self._sure: frozenset[str] = frozenset()
        self._hangs = False
        self._cleared = 0
        self._usual = usual

    @property
    def are_too_many(self) -> bool:
        """Whether so much was wrong only under a fast clock that there should be none."""
        return self._cleared >= _MOST_CLEARED

    def about(self, story: Story, outcomes: list[Outcome]) -> frozenset[str]:
        """Return the rules that *story*, which went fast, may seem to break because of the clock alone.

        That may be where the client hung, or left, or had threads: threads that are late by different times look as if
        they had waited for each other.
        """
        if self._hangs and hung(story):
            return frozenset()
        left = any(one.ending is Ending.GONE for one in story.timeline.exchanges)
        if not (left or hung(story) or len(story.trial.inputs) > 1):
            return frozenset()
        return frozenset(one.rule for one in outcomes if one.violation) - self._sure

    def settle(self, doubtful: frozenset[str], story: Story, outcomes: list[Outcome]) -> bool:
        """Learn from *story*, which counts for the *doubtful* rules; tell whether any of them is broken."""
        broken = doubtful & {one.rule for one in outcomes if one.violation}
        with self._lock:
            self._sure |= broken
            self._hangs = self._hangs or (bool(broken) and hung(story))
            self._cleared += not broken
        return bool(broken)

    def patience(self, trial: Trial, speed: float) -> float:
        """Return the real seconds for *trial* at *speed* with a client that is known to hang, 0 if this one is not."""
        return (trial.lasts + _HOPELESS) / speed + _TIMES * self._usual if self._hangs else 0.0

    def second_patience(self, story: Story) -> float:
        """Return the real seconds for the trial of *story* once more, in real time."""
        return story.trial.lasts + (_HOPELESS if hung(story) else _SPARE) + _TIMES * self._usual


def hung(story: Story) -> bool:
    """Tell whether the client had not ended when its time was over."""
    outcome = story.timeline.outcome
    return outcome is not None and outcome.claim is Claim.NONE
