"""Every rule about servers that can be seen from outside has a check, and a mutant that proves it."""

from __future__ import annotations

from collections import defaultdict

import pytest

from contracts.model import Subject
from contracts.providers import checks_of, discover
from contracts.rules import load_mutants, load_rules
from tests.mutants import pixian, xty

MUTANTS = {"pixian": pixian.MUTANTS, "xty": xty.MUTANTS}


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_every_observable_rule_is_checked_and_proved(name: str) -> None:
    """What has neither says in rules.yaml why nobody can see it."""
    provider = discover()[name]
    rules = [rule for rule in load_rules(provider.folder, name) if rule.subject is Subject.SERVER]
    checks = checks_of(provider, Subject.SERVER)
    assert checks is not None
    observable = {rule.id for rule in rules if rule.observable}
    assert observable - checks.rules == set(), "rules without a check"
    assert observable - {mutant.rule for mutant in MUTANTS[name]} == set(), "rules without a mutant"
    assert checks.rules - {rule.id for rule in rules} == set(), "checks of rules that do not exist"
    assert checks.rules & {rule.id for rule in rules if not rule.observable} == set(), "checks of what cannot be seen"


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_the_list_of_mutants_is_that_of_the_tests(name: str) -> None:
    """``matteproof rules`` names the mutants from a file that travels with the package; see CONTRIBUTING.md."""
    listed: dict[str, list[str]] = defaultdict(list)
    for mutant in MUTANTS[name]:
        listed[mutant.rule].append(mutant.name)
    assert load_mutants(discover()[name].folder) == dict(sorted(listed.items())), "run: python -m tests.mutants --list"


def test_no_two_mutants_have_the_same_name() -> None:
    """A table with both would tell nothing."""
    names = [str(mutant) for mutants in MUTANTS.values() for mutant in mutants]
    assert len(names) == len(set(names))
