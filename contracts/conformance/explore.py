"""Looking for cases that break a rule, with Hypothesis, and making them small."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Generic, TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis.errors import Flaky

from contracts.clock import stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

_Case = TypeVar("_Case")


class RuleBrokenError(Exception):
    """The case at hand breaks a rule. Each rule has a class of its own, by which Hypothesis tells faults apart."""


def explore(  # noqa: PLR0913  the terms of a search, by keyword
    strategy: SearchStrategy[_Case],
    play: Callable[[_Case], str | None],
    *,
    seed: int,
    examples: int,
    shrinking: float,
    ends: tuple[type[BaseException], ...],
) -> None:
    """Play up to *examples* cases from *strategy*, always the same for the same *seed*.

    *play* returns the rule that a case breaks, if it is to be made smaller; Hypothesis then plays smaller cases, for
    *shrinking* real seconds at the most.

    Raises:
        BaseException: one of *ends*, which *play* has raised; nothing is played after that.
    """
    search = _Search(play, shrinking, ends)

    @hypothesis.seed(seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        print_blob=False,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=True,
    )
    @given(strategy)
    def run(case: _Case) -> None:
        broken = search.play(case)
        if broken:
            raise _broken(broken)

    try:
        run()
    except (RuleBrokenError, Flaky, BaseExceptionGroup) as error:
        _only_ours(error)
    if search.end is not None:
        raise search.end


class _Search(Generic[_Case]):
    """Plays cases until there is an end; then all that Hypothesis still wants to play breaks nothing."""

    def __init__(
        self, play: Callable[[_Case], str | None], shrinking: float, ends: tuple[type[BaseException], ...]
    ) -> None:
        """Play by *play*, which may raise *ends*, and so many real seconds (*shrinking*) after the first find."""
        self._play = play
        self._shrinking = shrinking
        self._ends = ends
        self._found_at: float | None = None
        self.end: BaseException | None = None

    def play(self, case: _Case) -> str | None:
        """Return the rule that *case* breaks, if any."""
        late = self._found_at is not None and stopwatch() - self._found_at > self._shrinking
        if late or self.end is not None:
            return None
        try:
            broken = self._play(case)
        except self._ends as error:
            self.end = error
            return None
        if broken and self._found_at is None:
            self._found_at = stopwatch()
        return broken


@cache
def _class_for(rule: str) -> type[RuleBrokenError]:
    return type("RuleBrokenError", (RuleBrokenError,), {"rule": rule})


def _broken(rule: str) -> RuleBrokenError:
    return _class_for(rule)(rule)


def _only_ours(error: BaseException) -> None:
    """Raise *error* again if it holds anything but broken rules; a server may well answer differently each time."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            _only_ours(one)
    elif not isinstance(error, RuleBrokenError | Flaky):
        raise error
