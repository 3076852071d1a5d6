"""The rules about servers as test items: which there are, how they are chosen, and what they say."""

from __future__ import annotations

import os
import re
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from contracts.model import Subject
from contracts.providers import discover
from contracts.rules import load_rules
from mockserver.faults import FaultRule
from mockserver.mock import Mock

if TYPE_CHECKING:
    from collections.abc import Iterator

BROKEN = "pixian.server.header.charged"


@pytest.fixture(autouse=True)
def _answers_keep_the_contract() -> None:
    """Take the place of the watch over all answers: here, some are wrong on purpose."""


@pytest.fixture
def server() -> Iterator[Mock]:
    """Return a server that keeps all rules."""
    with Mock(fetch="loopback") as mock:
        yield mock


@pytest.fixture
def check(project: pytest.Pytester, server: Mock, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Return what runs the rules about the server of Pixian."""
    monkeypatch.setenv("MATTEPROOF_API_ID", "me")
    monkeypatch.setenv("MATTEPROOF_API_SECRET", "hush-secret")
    monkeypatch.setenv("MATTEPROOF_API_KEY", "sk-hush-secret")
    return Check(project, f"pixian={server.url}")


class Check:
    """Runs pytest with the rules about a server as items."""

    def __init__(self, project: pytest.Pytester, target: str) -> None:
        """Run in *project*, against *target*."""
        self.project = project
        self.target = target

    def __call__(self, *options: str) -> pytest.RunResult:
        """Run with *options*."""
        return self.project.runpytest("--matteproof-url", self.target, "--matteproof-max-examples", "0", *options)


def ids(result: pytest.RunResult) -> list[str]:
    """Return the items that pytest has collected."""
    return [line for line in result.outlines if line.startswith("matteproof::")]


def seen(provider: str) -> list[str]:
    """Return the ids of the rules that can be seen."""
    rules = load_rules(discover()[provider].folder, provider)
    return [f"matteproof::{rule.id}" for rule in rules if rule.subject is Subject.SERVER and rule.observable]


def test_every_rule_that_can_be_seen_is_an_item(check: Check) -> None:
    """Its id is that of the rule; the tests of the project stay what they are."""
    check.project.makepyfile("def test_own(): pass")
    result = check("--collect-only", "-q")
    assert ids(result) == seen("pixian")
    result.stdout.fnmatch_lines(["*::test_own", f"{len(seen('pixian')) + 1} tests collected in *"])


def test_rules_are_chosen_by_name_and_by_mark(check: Check) -> None:
    """Level and provider are marks."""
    assert set(ids(check("--collect-only", "-q", "-k", "auth"))) == {one for one in seen("pixian") if "auth" in one}
    musts = ids(check("--collect-only", "-q", "-m", "must and pixian and not should"))
    assert 0 < len(musts) < len(seen("pixian"))
    assert ids(check("--collect-only", "-q", "-m", "xty")) == []


def test_a_server_that_keeps_the_rules_passes(check: Check) -> None:
    """What does not come into play is skipped, with a reason."""
    result = check("-m", "matteproof", "-k", "auth or account or errors", "-rs")
    outcomes = result.parseoutcomes()
    assert outcomes["passed"] > 10
    assert set(outcomes) <= {"passed", "skipped", "deselected"}
    result.stdout.fnmatch_lines(["SKIPPED * not exercised: nothing that this server did*"])


@pytest.mark.parametrize(
    "options", [[], pytest.param(["-n", "2"], marks=pytest.mark.thorough)], ids=["alone", "workers"]
)
def test_what_was_sent_and_spent_is_told(check: Check, server: Mock, options: list[str]) -> None:
    """By all workers together, at most, as not all answers tell what they cost; nothing where nothing was sent."""
    rule = FaultRule.read(
        "once", {"fault": {"fault": "close"}, "count": 1, "match": {"operation": "removeBackground"}}, ()
    )
    server.engine.rules.add([rule], 0.0)
    result = check("-k", "header.charged or account.minimum", *options)
    (line,) = [one for one in result.outlines if one.startswith("pixian at ")]
    told = re.fullmatch(r"pixian at (\S+): (\d+) requests \(1 lost [^()]+\), up to (\S+) credits", line)
    assert told is not None
    assert told[1] == server.url
    assert int(told[2]) == server.journal.next_number
    assert Decimal(told[3]) > sum(tenant.ledger.charged for tenant in server.state.tenants.all())
    result.stdout.fnmatch_lines(["-* servers that were checked -*"])
    assert "servers that were checked" not in check("--collect-only").stdout.str()


def test_a_broken_rule_fails_with_all_there_is_to_say(check: Check, server: Mock) -> None:
    """Rule, place, expected, received, source, and a command that repeats it; no secret."""
    word = {"fault": "headers", "remove": ["X-Credits-Charged"]}
    rule = FaultRule.read("all", {"fault": word, "match": {"operation": "removeBackground"}}, ())
    server.engine.rules.add([rule], 0.0)
    result = check("-k", "header.charged", "--junit-xml", "junit.xml")
    told = result.stdout.str()
    assert f"{BROKEN} (must" in told
    for words in (
        "  expected ",
        "  received ",
        "  source: ",
        " times\n",
        "  request: image ",
        "| curl ",
        "${MATTEPROOF_API_SECRET}",
    ):
        assert words in told
    assert "hush-secret" not in told
    failed = [
        case.get("name")
        for case in ET.parse(check.project.path / "junit.xml").iter("testcase")  # noqa: S314  we wrote it
        if case.find("failure") is not None
    ]
    assert BROKEN in failed


def test_recommendations_and_guesses_are_expected_failures(check: Check, server: Mock) -> None:
    """They never make the run fail."""
    word = {"fault": "headers", "set": {"X-Input-Orientation": "0"}}
    rule = FaultRule.read("all", {"fault": word, "match": {"operation": "removeBackground"}}, ())
    server.engine.rules.add([rule], 0.0)
    result = check("-k", "orientation-none", "-rx")
    assert set(result.parseoutcomes()) == {"xfailed", "deselected"}
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["XFAIL matteproof::pixian.server.header.orientation-none - observed: *"])


def test_nothing_passes_where_nobody_answers(check: Check) -> None:
    """The reason is told instead."""
    check.target = "pixian=http://127.0.0.1:9"
    result = check("-k", "auth")
    assert set(result.parseoutcomes()) == {"errors", "deselected"}
    result.stdout.fnmatch_lines(
        ["pixian.server.auth.basic could not be checked. http://127.0.0.1:9 cannot be reached: *"]
    )


@pytest.mark.thorough
def test_requests_are_limited_over_all_workers(check: Check, server: Mock) -> None:
    """Rules for which there is none left are not told to pass."""
    result = check("-n", "2", "-k", "auth or layout", "--matteproof-max-requests", "7")
    assert result.parseoutcomes()["errors"] > 0
    result.stdout.fnmatch_lines(["*All 7 requests are sent; --matteproof-max-requests allows more.*"])
    assert server.journal.next_number <= 7


@pytest.mark.thorough
def test_workers_share_the_rules(check: Check, server: Mock) -> None:
    """Under pytest-xdist no worker asks what another has asked, and nothing is left on disk."""
    alone = check("-k", "auth or account")
    number = server.journal.next_number
    result = check("-n", "2", "-k", "auth or account")
    assert set(result.parseoutcomes()) <= {"passed", "skipped"}
    assert result.parseoutcomes() == {key: count for key, count in alone.parseoutcomes().items() if key != "deselected"}
    # Whoever begins a run looks whether the server is there; here both may.
    assert number <= server.journal.next_number - number <= number + 1
    assert not list(Path(tempfile.gettempdir()).glob(f"matteproof-{os.getuid()}-{os.getpid()}-*"))


LIVE = "--matteproof-url xty=https://api.xty.app"
WRONG = {
    "--matteproof-url pixan=http://localhost:1": (
        "--matteproof-url pixan=http://localhost:1: write it as PROVIDER=URL, where PROVIDER is one of pixian, xty. "
        "Did you mean 'pixian'?"
    ),
    "--matteproof-url pixian": "write it as PROVIDER=URL",
    "--matteproof-url pixian=http://me:hush-password@localhost:1": (
        "--matteproof-url pixian=http://***@localhost:1: The address is more than an origin; leave everything out but "
        "http://localhost:1."
    ),
    "--matteproof-url pixian=http://me:hush-/password@localhost:1": "'http://***@localhost:1' is no URL",
    "--matteproof-url pixian=me:hush-password@localhost:1": "'***@localhost:1' is no address of a server",
    "--matteproof-url http://me:hush-password@localhost:1": "--matteproof-url http://***@localhost:1: write it as",
    "--matteproof-list --matteproof-url http://me:hush-password@x": "There is no provider 'http://***@x'.",
    "--matteproof-url pixian=http://localhost:1/api": "The address is more than an origin",
    LIVE: "This provider has no test mode",
    f"{LIVE} --matteproof-allow-charges": "--matteproof-allow-charges needs --matteproof-max-requests N",
    f"{LIVE} --matteproof-allow-charges --matteproof-max-requests 9": (
        "This may spend credits at https://api.xty.app: add --matteproof-yes if that is meant."
    ),
    "--matteproof-url pixian=http://localhost:1 --matteproof-max-requests 0": "'0' is no number, 1 or more",
    "--matteproof-port 70000": "'70000' is no port, 0 to 65535",
    "--matteproof-url pixian=http://localhost:1 --matteproof-max-credits much": "'much' is no number of credits",
}


@pytest.mark.parametrize("options", WRONG)
def test_wrong_options_are_told(check: Check, options: str) -> None:
    """With what to change; nothing is sent."""
    result = check.project.runpytest(*options.split())
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert WRONG[options] in " ".join(result.stderr.str().split())
    assert "password" not in result.stderr.str() + result.stdout.str()


def test_missing_credentials_are_told(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the names of the variables."""
    monkeypatch.delenv("MATTEPROOF_API_SECRET")
    result = check()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*wants an API id and its secret; missing: MATTEPROOF_API_SECRET.*"])


@pytest.mark.thorough
def test_rules_are_listed(check: Check) -> None:
    """Of all providers, or of those that are asked for; no test runs."""
    check.project.makepyfile("def test_own(): assert False")
    everything = check.project.runpytest_subprocess("--matteproof-list")
    assert everything.ret == pytest.ExitCode.OK
    found = re.findall(r"matteproof::([\w.-]+)", everything.stdout.str())
    assert [f"matteproof::{one}" for one in found] == seen("pixian") + seen("xty")
    one = check.project.runpytest_subprocess("--matteproof-list", "--matteproof-url", "xty=http://localhost:1")
    assert re.findall(r"matteproof::[\w.-]+", one.stdout.str()) == seen("xty")
    words = ("-k", "auth and pixian", "-m", "must")
    some = check.project.runpytest_subprocess("--matteproof-list", *words, "--strict-markers")
    chosen = re.findall(r"matteproof::[\w.-]+", some.stdout.str())
    assert chosen == ids(check("--collect-only", "-q", *words))
    assert 0 < len(chosen) < len(seen("pixian"))
    one.stdout.fnmatch_lines([f"{len(seen('xty'))} rules. -k and -m choose among them: pytest --matteproof-url xty=*"])


def test_rules_bear_what_conftests_ask_of_tests(check: Check) -> None:
    """They have no fixtures, no class, and a function whose words are the rule's."""
    with (check.project.path / "conftest.py").open("a") as file:
        file.write(
            """
import inspect

def pytest_collection_modifyitems(items):
    for one in items:
        if "db" in one.fixturenames or inspect.iscoroutinefunction(one.function):
            one.add_marker("slow")
        one.fixturenames.insert(0, "db")
        assert one.function.__doc__ and one.obj.__name__ and one.cls is None and one.module.__name__
        assert one.get_closest_marker("matteproof")

def pytest_runtest_setup(item):
    assert "db" in item.fixturenames
"""
        )
    result = check("-k", "auth.basic")
    assert set(result.parseoutcomes()) == {"passed", "deselected"}
