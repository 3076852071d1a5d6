"""The trials of a run against a client, fixed and generated, shared out among the hands that play them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from contracts.clock import stopwatch
from contracts.conformance.client.crew import share_out
from contracts.conformance.client.options import EXAMPLES
from contracts.conformance.client.performer import PerformerError
from contracts.conformance.client.stage import StageError
from contracts.conformance.run import StoppedError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Sequence

    from contracts.cases import Campaign
    from contracts.checks.registry import Outcome
    from contracts.conformance.client.findings import Findings
    from contracts.conformance.client.options import Options
    from contracts.conformance.client.player import Judged, Player
    from contracts.conformance.client.story import Story
    from contracts.conformance.client.theatre import Theatre
    from contracts.conformance.client.watcher import Watcher
    from contracts.trials import Trial

    Work = Callable[[Theatre], None]
    """What a hand does in its theatre."""

_SHRINKING = 20.0
"""Real seconds that a campaign may spend on making trials smaller."""
_GENERATED, _LEAST_GENERATED, _RUN = 45.0, 20.0, 90.0
"""Real seconds for generated trials of a campaign: at the most, at least, and for a whole run, which may leave less."""
_CUT_SHORT = (
    "Not all generated trials were played, which would have taken too long; --max-examples gives them more time."
)


class Programme:
    """What a client goes through after its plain job: the trials of *campaigns* that ``options`` allow.

    ``binding`` are the ids of the rules that a generated trial is made smaller for. ``over`` ends it early. Whatever
    happens is shown to the ``watcher``, if there is one.
    """

    def __init__(
        self,
        campaigns: Sequence[Campaign[Trial]],
        options: Options,
        *,
        findings: Findings,
        binding: frozenset[str],
        over: threading.Event,
    ) -> None:
        """Have what happens noted in *findings*."""
        self._campaigns = campaigns
        self._options = options
        self._findings = findings
        self._binding = binding
        self.watcher: Watcher | None = None
        self._over = over
        self._generates = False

    @property
    def fixed(self) -> list[Trial]:
        """The fixed trials that the client has to go through."""
        return [trial for campaign in self._campaigns for trial in campaign.cases() if self._allows(trial)]

    def play(self, player: Player, idle: Sequence[Theatre], busy: Sequence[Theatre], began: float) -> None:
        """Play the fixed trials, and then generated ones, in a run that *began* then.

        Those of one picture are for the *idle* hands, where there are any; threads need a quieter machine. Whoever of
        the *busy* hands has no more fixed trials goes on to a campaign, while others may still look at one again. What
        is found in fixed trials is told in their order.

        Raises:
            PerformerError: the client cannot be started any more.
        """
        trials = self.fixed
        self.tell("fixed trials", len(trials))
        found: dict[int, Judged] = {}

        def fixed(number: int, trial: Trial) -> Work:
            return lambda theatre: self._play_fixed(
                theatre, player, trial, lambda judged: found.update({number: judged})
            )

        def generated(campaign: Campaign[Trial]) -> Work:
            return lambda theatre: self._explore(theatre, player, campaign, began)

        numbered = list(enumerate(trials))
        campaigns = [one for one in self._campaigns if one.generated is not None] if self._options.examples else []
        if idle:
            # Whoever waits longest begins first, so that the others are done meanwhile.
            alone = sorted((one for one in numbered if len(one[1].inputs) == 1), key=lambda one: -one[1].lasts)
            first = [*(fixed(*one) for one in alone), *map(generated, campaigns)]
            rest = [fixed(*one) for one in numbered if len(one[1].inputs) > 1]
        else:
            first, rest = [], [*(fixed(*one) for one in numbered), *map(generated, campaigns)]
        try:
            share_out(first, idle, lambda theatre, one: one(theatre), self._over)
            share_out(rest, busy, lambda theatre, one: one(theatre), self._over)
            settle = partial(self._settle, player)
            share_out(player.take_postponed(), busy, settle, self._over)
        finally:
            for _, judged in sorted(found.items()):
                self._findings.hear(*judged)

    def show(self, story: Story, outcomes: Iterable[Outcome]) -> None:
        """Count the *outcomes* of *story*, and let the watcher see it, unless all is over."""
        if self._over.is_set():
            return
        broken = self._findings.count(story, outcomes)
        if self.watcher:
            self.watcher.trial(story.trial, broken)

    def tell(self, name: str, total: int | None) -> None:
        """Let the watcher know that the part *name* begins, of *total* trials if that is known."""
        if self.watcher:
            self.watcher.phase(name, total)

    def _allows(self, trial: Trial) -> bool:
        return self._options.threads or len(trial.inputs) == 1

    def _time_to_generate(self, spent: float) -> float:
        """Return the real seconds for generated trials, after so many were *spent*; who asks for more gets more."""
        seconds = min(_GENERATED, max(_LEAST_GENERATED, _RUN - spent))
        return seconds * max(1.0, self._options.examples / EXAMPLES)

    def _play_fixed(self, theatre: Theatre, player: Player, trial: Trial, keep: Callable[[Judged], None]) -> None:
        """Play one fixed *trial*, and have what is found in it kept."""
        if player.is_deaf_to(trial):
            self._findings.note(f"Not played, since sockets here keep real time (try speed 1): {trial.name}.")
            return
        try:
            judged = player.fairly(theatre, trial)
        except StageError as error:
            self._findings.note(f"One trial could not be played ({trial.name}): {error}")
        else:
            keep(judged)
            self.show(*judged)

    def _settle(self, player: Player, theatre: Theatre, postponed: tuple[Judged, frozenset[str]]) -> None:
        """Look again at what was left to another hand and was not confirmed there."""
        found, rules = postponed
        try:
            judged = player.settled(theatre, found, rules)
        except StageError as error:
            self._findings.note(f"One trial could not be played ({found[0].trial.name}): {error}")
            return
        if judged is not None:
            self._findings.hear(*judged)
            self.show(*judged)

    def _explore(self, theatre: Theatre, player: Player, campaign: Campaign[Trial], began: float) -> None:
        """Play the generated trials of *campaign*, as many as there is time for in a run that *began* then."""
        from contracts.conformance.explore import explore  # noqa: PLC0415  Hypothesis is heavy

        if campaign.generated is None:
            return
        if not self._generates:
            self._generates = True
            self.tell("generated trials", None)
        end = stopwatch() + self._time_to_generate(stopwatch() - began)

        def play(trial: Trial) -> str | None:
            if player.is_deaf_to(trial) or not self._allows(trial):
                return None
            if stopwatch() + trial.lasts / player.speed_of(trial) > end:
                self._findings.note(_CUT_SHORT)
                return None
            story, outcomes = player.fairly(theatre, trial)
            self._findings.hear(story, outcomes)
            self.show(story, outcomes)
            return min((one.rule for one in outcomes if one.violation and one.rule in self._binding), default=None)

        explore(
            campaign.generated(),
            play,
            seed=self._options.seed,
            examples=self._options.examples,
            shrinking=_SHRINKING,
            ends=(StoppedError, PerformerError, StageError),
        )
