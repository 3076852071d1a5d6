"""What checks say of a timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contracts.checks import Checks
    from contracts.model import Timeline


@dataclass(frozen=True)
class Found:
    """Rules without provider and subject: those that are kept, those that are broken, and those of failed checks."""

    kept: frozenset[str]
    broken: frozenset[str]
    troubled: frozenset[str]


def found_by(checks: Checks[Any], timeline: Timeline) -> Found:
    """Return what *checks* find in *timeline*."""
    outcomes = tuple(checks.judge(timeline))
    return Found(
        kept=frozenset(topic(one.rule) for one in outcomes if one.violation is None and not one.trouble),
        broken=frozenset(topic(one.rule) for one in outcomes if one.violation is not None),
        troubled=frozenset(topic(one.rule) for one in outcomes if one.trouble),
    )


def topic(rule: str) -> str:
    """Return the *rule* without provider and subject."""
    return rule.split(".", 2)[2]
