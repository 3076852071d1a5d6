"""Looking for cases that break a rule, with Hypothesis, and making them small."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis.errors import Flaky

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

_Case = TypeVar("_Case")


class RuleBrokenError(Exception):
    """The case at hand breaks a rule. Each rule has a class of its own, by which Hypothesis tells faults apart."""


def explore(strategy: SearchStrategy[_Case], play: Callable[[_Case], str | None], *, seed: int, examples: int) -> None:
    """Play up to *examples* cases from *strategy*, always the same for the same *seed*.

    *play* returns the rule that a case breaks, if it is to be made smaller; Hypothesis then plays smaller cases.
    """

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
        broken = play(case)
        if broken:
            raise _broken(broken)

    try:
        run()
    except (RuleBrokenError, Flaky, BaseExceptionGroup) as error:
        _only_ours(error)


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
