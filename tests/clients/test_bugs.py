"""For every rule about clients that can be seen there is a client that breaks it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from contracts.providers import discover
from contracts.rules import load_rules
from tests.clients.bugs import Bug, bugs

PROVIDERS = sorted({bug.provider for bug in bugs()})


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_rule_that_can_be_seen_is_broken_by_a_bug(provider: str) -> None:
    """No rule is left out, and no bug breaks a rule that is not there."""
    rules = load_rules(discover()[provider].folder, provider)
    seen = {rule.id for rule in rules if rule.subject == "client" and rule.observable}
    assert {rule for bug in bugs() if bug.provider == provider for rule in bug.breaks} == seen


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_bug_that_is_listed_can_be_had(provider: str) -> None:
    """The provider's buggy program knows the bugs that have no program of their own."""
    program = Path(__file__).parent / "python" / f"{provider}_buggy.py"
    listed = subprocess.run((sys.executable, program, "--list"), capture_output=True, text=True, check=True)
    assert {bug.name for bug in bugs() if bug.provider == provider and not bug.program} <= set(listed.stdout.split())


@pytest.mark.parametrize("bug", [bug for bug in bugs() if bug.program], ids=lambda bug: f"{bug.provider}-{bug.name}")
def test_every_program_that_is_listed_is_there(bug: Bug) -> None:
    """Bugs in other languages have a file."""
    assert Path(bug.command[-1]).is_file()
