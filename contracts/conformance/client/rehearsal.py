"""Before a client is judged: does it do a plain job at all, and does its clock follow?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contracts.checks.tries import learned
from contracts.model import Claim

if TYPE_CHECKING:
    from contracts.cases import Credentials
    from contracts.conformance.client.performer import Performer
    from contracts.conformance.client.stage import Stage
    from contracts.conformance.client.story import Story
    from contracts.conformance.client.theatre import Theatre
    from contracts.trials import Trial

_WORK = 30.0
"""Virtual seconds for which a fast job is worked on, so that it can be seen who is connected."""
_UNMOVED = 4.0
"""Real seconds between two tries from which on a wait of 5 seconds has not been any faster."""
_SHOWN = 300
"""Characters of what a client says that are repeated."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the trials are played at the most, and what a reader should know of it."""

    speed: float
    note: str = ""


class Rehearsal:
    """Plays a plain job in real time, and then faster and faster."""

    def __init__(self, theatre: Theatre, plain: Trial, credentials: Credentials, performer: Performer) -> None:
        """Have *performer* do the job of *plain* in *theatre*."""
        self._theatre = theatre
        self._plain = plain
        self._credentials = credentials
        self._performer = performer

    def plain(self, patience: float) -> Story:
        """Return how the plain job went in real time, for which there were *patience* seconds.

        Raises:
            PerformerError: the client cannot be started.
        """
        return self._theatre.play(self._plain, self._credentials, speed=1.0, patience=patience)

    def in_fast_time(self, speed: float, first: Story) -> Story | None:
        """Return how the plain job goes at *speed*, if a clock can be so fast and the *first* was begun at all.

        Raises:
            PerformerError: the client cannot be started.
        """
        if speed <= 1 or self._performer.obstacle() or not first.timeline.exchanges:
            return None
        return self._theatre.play(self._plain, self._credentials, speed=speed)

    def pace(self, speed: float, first: Story) -> Pace:
        """Return how fast a client can go that did the *first* job in real time: at *speed*, or not at all.

        Raises:
            PerformerError: the client cannot be started.
        """
        if speed <= 1:
            return Pace(1.0)
        if obstacle := self._performer.obstacle():
            return Pace(1.0, f"The client was tested in real time, which takes minutes: {obstacle}.")
        if missed := self._missed(first, speed):
            return Pace(1.0, f"The client was tested in real time, since {missed}.")
        return Pace(speed)

    def _missed(self, first: Story, speed: float) -> str:
        """Return why the client's clock cannot run *speed* times faster, or nothing."""
        unreached: set[str] = set()

        def watch(stage: Stage, process: int | None) -> bool:
            if process is not None:
                unreached.update(self._performer.unreached(urlsplit(stage.origin).port or 0, process))
            return False

        # Whether the client has the patience for it or not: while it waits, it can be seen who is connected.
        self._theatre.play(replace(self._plain, latency=_WORK), self._credentials, speed=speed, watch=watch)
        if unreached:
            return f"the clock of {' and '.join(sorted(unreached))} cannot be reached"
        fast = self._theatre.play(self._plain, self._credentials, speed=speed)
        if _claim(fast) is not _claim(first) and _claim(first) is not Claim.NONE:
            return "it does not do a plain job under a clock that runs faster"
        busy = replace(self._plain, script=("429",))
        waited = self._theatre.play(busy, self._credentials, speed=speed)
        return "its waits take as long as ever" if _pause(waited) / speed > _UNMOVED else ""


def _claim(story: Story) -> Claim:
    return story.timeline.outcome.claim if story.timeline.outcome else Claim.NONE


def _pause(story: Story) -> float:
    """Return how many virtual seconds there were between the first answer and the next request, 0 without such."""
    first, *others = story.timeline.exchanges or (None,)
    return others[0].received - learned(first) if first is not None and others and others[0] is not None else 0.0


def trouble_with(story: Story, patience: float) -> str:
    """Return why a client that did a plain job like this, in *patience* real seconds, cannot be tested, or nothing."""
    outcome, reached = story.timeline.outcome, bool(story.timeline.exchanges)
    if outcome is None:
        return ""
    said = f" It said: {said[-_SHOWN:]}" if (said := " ".join(outcome.said.split())) else " It said nothing."
    where = "the address in MATTEPROOF_BASE_URL"
    if outcome.claim is Claim.UNABLE:
        return "The client says, with status 77, that it cannot do a plain job with one picture." + said
    if outcome.claim is Claim.NONE:
        never = "" if reached else f" and sent no request to the API at {where}"
        return f"The client did not end within {patience:g} seconds{never}; --timeout gives it more." + said
    if not reached:
        ended = "claims success" if outcome.claim is Claim.SUCCESS else "reports failure"
        return f"The client {ended} and sent no request to the API at {where}." + said
    if outcome.claim is Claim.SUCCESS and not any(outcome.outputs):
        return "The client claims success and has written nothing to the path in MATTEPROOF_OUTPUT." + said
    return ""
