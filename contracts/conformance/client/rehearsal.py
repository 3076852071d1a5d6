"""Before a client is judged: does it do a plain job at all, and does its clock follow?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contracts.checks.tries import learned
from contracts.conformance.client.doubts import hung
from contracts.model import Claim
from contracts.trials import PATIENCE

if TYPE_CHECKING:
    from contracts.cases import Credentials
    from contracts.conformance.client.performer import Performer
    from contracts.conformance.client.stage import Stage
    from contracts.conformance.client.story import Story
    from contracts.conformance.client.theatre import Theatre
    from contracts.model import Exchange
    from contracts.trials import Trial

_WORK = 30.0
"""Virtual seconds for which a fast job is worked on, so that it can be seen who is connected."""
_UNMOVED = 4.0
"""Real seconds between two tries from which on a wait of 5 seconds has not been any faster."""
_CALM = 15.0
"""Real seconds after its last answer in which a client has done nothing, so that a fast clock shows sooner what it
waits for."""
_TILL_HUNG = 45.0
"""Real seconds after which a client is thought to hang that has not come back after 429 in ten virtual minutes."""
_LAG = 60.0
"""Virtual seconds that a client takes of its own for a plain job, from which on it is known to be slow."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the trials are played at the most, and what is known of the client's own time.

    ``note`` is for the reader. ``usual`` is how many real seconds a plain job takes, but for waits; ``lag`` how many
    virtual seconds a slow client waits in it. ``hang`` is the trial in which it hung, whatever its clock.
    """

    speed: float
    note: str = ""
    usual: float = 0.0
    lag: float = 0.0
    hang: Story | None = None

    @property
    def is_idle(self) -> bool:
        """Whether the client does little but wait, so that many can do so beside each other."""
        return self.speed == 1 or self.lag > 0 or self.hang is not None


class Rehearsal:
    """Plays a plain job in real time, and then faster and faster."""

    def __init__(self, theatre: Theatre, plain: Trial, credentials: Credentials, performer: Performer) -> None:
        """Have *performer* do the job of *plain* in *theatre*."""
        self._theatre = theatre
        self._plain = plain
        self._credentials = credentials
        self._performer = performer
        self._late: Story | None = None
        self.was_cut_short = False

    def plain(self, patience: float, speed: float = 1.0) -> Story:
        """Return how the plain job went in real time, for which there were *patience* seconds.

        If the client then does nothing for long, and a clock can go at *speed* instead, it ``was_cut_short``.

        Raises:
            PerformerError: the client cannot be started.
        """

        def watch(stage: Stage, _: int | None) -> bool:
            self.was_cut_short = stage.clock.now() - _latest(stage.exchanges()) > _CALM
            return self.was_cut_short

        if self._is_real(speed):
            return self._theatre.play(self._plain, self._credentials, speed=1.0, patience=patience)
        return self._theatre.play(self._plain, self._credentials, speed=1.0, patience=patience, watch=watch)

    def in_fast_time(self, speed: float, first: Story) -> Story | None:
        """Return how the plain job goes at *speed*, if a clock can be so fast and the *first* was begun at all.

        Raises:
            PerformerError: the client cannot be started.
        """
        if self._is_real(speed) or not first.timeline.exchanges:
            return None
        self._late = self._theatre.play(self._plain, self._credentials, speed=speed)
        return self._late

    def pace(self, speed: float, first: Story, patience: float) -> Pace:
        """Return how fast a client can go that did the *first* job in real time: at *speed*, or not at all.

        In real time a job may take *patience* seconds.

        Raises:
            PerformerError: the client cannot be started.
        """
        usual = _busy(first)
        if speed <= 1:
            return Pace(1.0, usual=usual)
        if obstacle := self._performer.obstacle():
            return Pace(1.0, f"The client was tested in real time, which takes minutes: {obstacle}.", usual)
        if unreached := self._unreached(speed):
            return _real(f"the clock of {' and '.join(sorted(unreached))} cannot be reached", usual)
        fast = self._late or self._theatre.play(self._plain, self._credentials, speed=speed)
        if _claim(fast) is not _claim(first) and _claim(first) is not Claim.NONE:
            return _real("it does not do a plain job under a clock that runs faster", usual)
        missed, hang = self._waits(speed, usual, min(_TILL_HUNG, patience))
        if missed:
            return _real(missed, usual)
        lag = (fast.seconds - usual) * speed
        return Pace(speed, usual=usual, lag=lag if lag > _LAG else 0.0, hang=hang)

    def _unreached(self, speed: float) -> set[str]:
        """Return the client's programs whose clock cannot run at *speed*, where they can be seen at work."""
        found: set[str] = set()

        def watch(stage: Stage, process: int | None) -> bool:
            if process is not None:
                found.update(self._performer.unreached(urlsplit(stage.origin).port or 0, process))
            return any(one.ended is not None and one.ended - one.received > _WORK / 2 for one in stage.exchanges())

        # Whether the client has the patience for it or not: while it waits, it can be seen who is connected.
        self._theatre.play(replace(self._plain, latency=_WORK), self._credentials, speed=speed, watch=watch)
        return found

    def _waits(self, speed: float, usual: float, patience: float) -> tuple[str, Story | None]:
        """Return why waits do not follow at *speed*, or nothing; and the story of a client that hangs after 429.

        One that hangs under the fast clock is not thought to do so unless it does in real time, for *patience* seconds.
        """
        busy = replace(self._plain, name="429 once, at first", script=("429",))
        waited = self._theatre.play(
            busy, self._credentials, speed=speed, patience=PATIENCE / speed + usual, watch=_comes_back
        )
        if _pause(waited) / speed > _UNMOVED:
            return "its waits take as long as ever", None
        if not hung(waited) or len(_tries(waited.timeline.exchanges)) != 1:
            return "", None
        again = self._theatre.play(busy, self._credentials, speed=1.0, patience=patience, watch=_comes_back)
        if hung(again) and len(_tries(again.timeline.exchanges)) == 1:
            return "", waited
        return "its waits do not end under a clock that runs faster", None

    def _is_real(self, speed: float) -> bool:
        """Tell whether there is no clock but the real one."""
        return speed <= 1 or bool(self._performer.obstacle())


def _real(reason: str, usual: float) -> Pace:
    return Pace(1.0, f"The client was tested in real time, which takes minutes, since {reason}.", usual)


def _claim(story: Story) -> Claim:
    return story.timeline.outcome.claim if story.timeline.outcome else Claim.NONE


def _tries(exchanges: tuple[Exchange, ...]) -> list[Exchange]:
    """Return those of *exchanges* that may have a picture in them."""
    return [one for one in exchanges if one.request.body]


def _comes_back(stage: Stage, _: int | None) -> bool:
    """Tell whether the client has tried again; what comes of that is another trial's matter."""
    return len(_tries(stage.exchanges())) > 1


def _pause(story: Story) -> float:
    """Return how many virtual seconds there were between the first answer and the next request, 0 without such."""
    first, *others = _tries(story.timeline.exchanges) or (None,)
    return others[0].received - learned(first) if first is not None and others and others[0] is not None else 0.0


def _latest(exchanges: tuple[Exchange, ...]) -> float:
    """Return when the last of *exchanges* ended, infinity while one is under way or none has begun."""
    ends = [float("inf") if one.ended is None else one.ended for one in exchanges]
    return max(ends, default=float("inf"))


def _busy(story: Story) -> float:
    """Return how many real seconds the client took in *story*, which is in real time, but for a wait at its end."""
    outcome, latest = story.timeline.outcome, _latest(story.timeline.exchanges)
    quiet = outcome.ended - latest if outcome is not None and hung(story) else 0.0
    return max(story.seconds - max(quiet, 0.0), 0.0)
