"""The rules that can be items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.model import Subject
from contracts.rules import load_rules

if TYPE_CHECKING:
    from contracts.model import Provider, Rule


def rules_of(provider: Provider) -> tuple[Rule, ...]:
    """Return the rules about servers of *provider* that can be seen to be kept or broken."""
    rules = load_rules(provider.folder, provider.name)
    return tuple(rule for rule in rules if rule.subject is Subject.SERVER and rule.observable)
