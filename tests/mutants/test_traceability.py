"""Every rule that can be seen from outside has a check, and a server or a client that breaks it, to prove the check."""

from __future__ import annotations

import pytest

from contracts.model import Subject
from contracts.providers import checks_of, discover
from contracts.rules import load_mutants, load_rules
from tests.mutants.listing import SERVERS, listing


@pytest.mark.parametrize("name", sorted(SERVERS))
@pytest.mark.parametrize("subject", Subject)
def test_every_observable_rule_is_checked_and_proved(name: str, subject: Subject) -> None:
    """What has neither says in rules.yaml why nobody can see it."""
    provider = discover()[name]
    rules = [rule for rule in load_rules(provider.folder, name) if rule.subject is subject]
    checks = checks_of(provider, subject)
    assert checks is not None
    observable = {rule.id for rule in rules if rule.observable}
    assert observable - checks.rules == set(), "rules without a check"
    assert observable - listing(name).keys() == set(), "rules without a mutant"
    assert checks.rules - {rule.id for rule in rules} == set(), "checks of rules that do not exist"
    assert checks.rules & {rule.id for rule in rules if not rule.observable} == set(), "checks of what cannot be seen"


@pytest.mark.parametrize("name", sorted(SERVERS))
def test_the_list_of_mutants_is_that_of_the_tests(name: str) -> None:
    """``matteproof rules`` names the mutants from a file that travels with the package; see CONTRIBUTING.md."""
    assert load_mutants(discover()[name].folder) == listing(name), "run: python -m tests.mutants --list"


def test_no_two_mutants_have_the_same_name() -> None:
    """A table with both would tell nothing."""
    names = [str(mutant) for mutants in SERVERS.values() for mutant in mutants]
    assert len(names) == len(set(names))
