"""How a client has kept the rules in one test, and the words for it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from textwrap import indent
from typing import TYPE_CHECKING

from contracts.checks.finding import quoting
from contracts.judge import Bench
from contracts.judge import Verdict as Kept
from contracts.model import Level, Subject, Timeline
from contracts.report.sequence import drawn
from contracts.rules import load_rules
from mockserver.testing.discretion import Discretion
from mockserver.testing.fairness import with_real_waits

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from contracts.cases import Kit
    from contracts.judge import Judgement
    from contracts.model import Job, Provider
    from mockserver.testing.journal import Call

_LATE = 0.01
"""Seconds by which a thread is thought to be woken up late on a machine that is not idle."""
_MOST = 5
"""Broken rules that are told of one by one."""
_AT_ONCE = 0.5
"""Seconds after an answer within which nobody has waited."""
_LONG = 1.0
"""Real seconds of a wait that is told of."""
_REAL_WAIT = (
    "{:.1f} real seconds passed between two calls under virtual_clock: a wait that does not follow it, such as "
    "time.sleep kept as a default argument, or work of the client. It counts for as long as it was."
)
_SAME_PICTURE = (
    "Requests with the same picture count as the tries of one thread. If several threads send the same picture here, "
    "give each one of its own."
)
_LEVELS = {Level.MUST: frozenset({Level.MUST}), Level.SHOULD: frozenset({Level.MUST, Level.SHOULD})}


class Verdict:
    """What the rules about clients of a provider say about some calls."""

    def __init__(  # noqa: PLR0913  what there is to know, the rest by keyword
        self, provider: Provider, kit: Kit, calls: Sequence[Call], job: Job, *, forgotten: int, is_timeless: bool
    ) -> None:
        """Judge *calls* for the *job* by the checks of *kit*.

        Those whose bodies are not, or no longer, held are left out of ``timeline``. Besides them *forgotten* ones may
        have been made. With *is_timeless* some moments are those of a clock that stands still while real time passes.
        """
        self._provider = provider
        self._calls, self._waited = with_real_waits(calls) if is_timeless else (list(calls), 0.0)
        self._held = [call for call in self._calls if call.is_whole]
        self._forgotten = forgotten
        self.timeline = Timeline(tuple(call.exchange for call in self._held), job=job, jitter=_LATE)
        self._kit = kit
        self._discretion = Discretion(provider, self.timeline.exchanges, job)

    @property
    def is_empty(self) -> bool:
        """Whether no call was made."""
        return not (self._calls or self._forgotten)

    @property
    def lost(self) -> str:
        """How many of the calls could not be judged because they are no longer held; empty if all could be."""
        lost = sum(call.was_read and not call.is_whole for call in self._calls) + self._forgotten
        return f"{lost} of {len(self._calls) + self._forgotten} calls are no longer held" if lost else ""

    @cached_property
    def rules(self) -> dict[str, Judgement]:
        """What is known of every rule, by its id."""
        known = load_rules(self._provider.folder, self._provider.name)
        bench = Bench([rule for rule in known if rule.subject is Subject.CLIENT])
        with quoting(self._discretion):
            bench.hear(self._kit.client_checks.judge(self.timeline))
        return {one.rule.id: self._told(one) for one in bench.judgements()}

    def broken(self, level: Level = Level.SHOULD, ignore: Collection[str] = ()) -> list[Judgement]:
        """Return what is known of rules of at least this *level* that are surely broken, but for those to *ignore*."""
        wanted = _LEVELS[level]
        failed = [one for one in self.rules.values() if one.verdict is Kept.FAIL and one.rule.level in wanted]
        return [one for one in failed if one.rule.id not in ignore]

    def told(self, broken: Sequence[Judgement]) -> str:
        """Return for a reader which rules are *broken*, where they come from, and where it shows."""
        count, verb = ("A rule", "is") if len(broken) == 1 else (f"{len(broken)} rules", "are")
        title = f"{count} about clients of {self._provider.title} {verb} broken."
        more = [f"... and {len(broken) - _MOST} more rules."] if len(broken) > _MOST else []
        return "\n\n".join([title, *map(_words, broken[:_MOST]), *more, self._drawn(broken)])

    def story(self) -> str:
        """Return for a reader what happened, why, and which rules are broken."""
        broken = self.broken()
        return "\n\n".join([self._drawn(broken), *map(_words, broken[:_MOST])])

    def _drawn(self, broken: Sequence[Judgement]) -> str:
        """Return the calls in a sequence, with the places where the rules are *broken*."""
        hide = self._discretion
        reasons = {call.number: [hide.text(one) for one in call.reasons] for call in self._held}
        timeline = replace(self.timeline, exchanges=tuple(map(hide.exchange, self.timeline.exchanges)))
        picture = drawn(timeline, [one.violations[0] for one in broken], reasons)
        notes = [hide.text(_unread(call)) for call in self._calls if not call.was_read][:_MOST]
        notes += [f"{self.lost}, and not judged."] if self.lost else []
        notes += [_REAL_WAIT.format(self._waited)] if self._waited >= _LONG else []
        notes += [_SAME_PICTURE] if broken and self._may_be_threads() else []
        return "\n\n".join([picture, *notes])

    def _told(self, judgement: Judgement) -> Judgement:
        """Return *judgement* with violations that may be shown."""
        return replace(judgement, violations=tuple(map(self._discretion.violation, judgement.violations)))

    def _may_be_threads(self) -> bool:
        """Tell whether a picture was sent again without any wait, as if several threads had the same one."""
        pictures = [self._kit.pictures(call.exchange)[0] for call in self._held]
        pairs = zip(self._held, self._held[1:], pictures, pictures[1:], strict=False)
        return any(
            picture is not None
            and picture == again
            and after.received - (before.answered or before.received) < _AT_ONCE
            for before, after, picture, again in pairs
        )


def _unread(call: Call) -> str:
    """Return what is said of a *call* whose body was too large."""
    came = "no answer" if call.status is None else call.status
    return f"{call.method} {call.path}, {call.size:,} bytes -> {came}: too large to be read, and not judged."


def _words(judgement: Judgement) -> str:
    """Return the rule, how it is broken, what is likely behind that, and the source."""
    rule, violation = judgement.rule, judgement.violations[0]
    lines = [violation.summary, *([violation.hint] if violation.hint else []), f"source: {rule.source}"]
    return f"{rule.id} ({rule.level}, {rule.assurance}): {rule.text}\n{indent(chr(10).join(lines), '  ')}"
