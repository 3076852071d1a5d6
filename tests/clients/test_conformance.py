"""Some clients are put to the test; ``python -m tests.clients`` does that with all of them."""

from __future__ import annotations

import pytest

from contracts.judge import Verdict
from tests.clients.bugs import Bug, bugs
from tests.clients.programs import PROGRAMS, Program, require
from tests.clients.trial import catch, played

GOOD = {
    "pixian-pixian_requests.py": ("auth", "backoff", "parameter.test"),
    "pixian-pixian.sh": ("success.truncated",),
    "xty-xty_requests.py": ("auth", "request.text"),
}
"""Clients, and the rules by which they are judged here."""
BUGS = ("pixian bearer-scheme", "pixian test-dropped", "pixian no-backoff", "xty error-saved", "xty key-in-url")
SLOW = ("pixian no-backoff", "xty error-saved", "pixian-pixian_requests.py")


@pytest.fixture(autouse=True)
def _answers_keep_the_contract() -> None:
    """Take the place of the watch over all answers: here, some are wrong on purpose."""


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(one, marks=[pytest.mark.thorough] if str(one) in SLOW else [], id=str(one))
        for one in PROGRAMS
        if str(one) in GOOD
    ],
)
def test_a_good_client_conforms(program: Program) -> None:
    """Nothing is blamed, and what was to be seen is seen."""
    require(program.runtime)
    prefixes = tuple(f"{program.provider}.client.{topic}" for topic in GOOD[str(program)])
    run = played(program.provider, program.command, only=prefixes, threads=False)
    assert not [one.rule.id for one in run.judgements if one.verdict in {Verdict.FAIL, Verdict.OBSERVED}]
    assert run.count(Verdict.PASS) >= len(prefixes)


@pytest.mark.parametrize(
    "bug",
    [
        pytest.param(one, marks=[pytest.mark.thorough] if name in SLOW else [], id=name.replace(" ", "-"))
        for one in bugs()
        if (name := f"{one.provider} {one.name}") in BUGS
    ],
)
def test_a_bug_is_caught(bug: Bug) -> None:
    """By the rules that it breaks."""
    assert catch(bug).missed == ()
