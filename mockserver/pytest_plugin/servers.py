"""The rules about servers as test items."""

from __future__ import annotations

import os
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import pytest

from contracts.conformance.access import (
    ID,
    KEY,
    SECRET,
    AccessError,
    Wishes,
    credentials,
    credits_in,
)
from contracts.conformance.server import EXAMPLES, Options
from contracts.conformance.target import Target
from contracts.judge import Verdict
from contracts.providers import discover, kit_of
from contracts.suggestion import did_you_mean
from mockserver.pytest_plugin.examination import PREFIX, Examination, Finding, is_known, told
from mockserver.pytest_plugin.rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from contracts.model import Rule

_MARKS = {
    "matteproof": "every rule about servers",
    "must": "rules that bind",
    "should": "rules that are recommended; breaking one is an expected failure",
    "may": "rules that leave a choice",
}


_RUN = "matteproof_run"
_NOT_EXERCISED = "not exercised: nothing that this server did, and that may be asked of it, has to do with the rule"


class Servers:
    """A plugin that adds an item for every rule of the providers whose servers are to be checked."""

    def __init__(self, config: pytest.Config) -> None:
        """Prepare what the options of *config* ask for; nothing is sent yet.

        Raises:
            pytest.UsageError: they make no sense, or a permission is missing.
        """
        self._run: str = getattr(config, "workerinput", {}).get(_RUN, f"{os.getpid()}-{token_hex(4)}")
        try:
            self._examinations = [_examination(config, text, self._run) for text in config.getoption("matteproof_url")]
        except AccessError as error:
            raise pytest.UsageError(str(error)) from error
        for name, meaning in _MARKS.items():
            config.addinivalue_line("markers", f"{name}: {meaning} (matteproof)")
        for provider in discover().values():
            config.addinivalue_line("markers", f"{provider.name}: rules of {provider.title} (matteproof)")

    @pytest.hookimpl(wrapper=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> Generator[None, object, object]:
        """Add the rules, before any are deselected, or named after their groups by pytest-xdist."""
        for one in self._examinations:
            server = _Server.from_parent(session, name=one.provider.name, nodeid="matteproof", examination=one)
            server.ihook.pytest_collectstart(collector=server)
            report = server.ihook.pytest_make_collect_report(collector=server)
            server.ihook.pytest_collectreport(report=report)  # pytest counts what it is told
            items += report.result
        return (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:  # noqa: ANN401  of pytest-xdist
        """Tell a worker of pytest-xdist which run it is a part of."""
        node.workerinput[_RUN] = self._run

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Let go of connections."""
        for one in self._examinations:
            one.close(last=not hasattr(config, "workerinput"))


class _Server(pytest.Collector):
    """All rules about one server."""

    def __init__(self, *, examination: Examination, **named: Any) -> None:  # noqa: ANN401  pytest's own
        super().__init__(**named)
        self.examination = examination

    def collect(self) -> list[pytest.Item]:
        """Return an item for every rule that can be seen."""
        return [_RuleItem.from_parent(self, name=rule.id, rule=rule) for rule in rules_of(self.examination.provider)]


class _RuleItem(pytest.Item):
    """One rule about one server."""

    def __init__(self, *, rule: Rule, **named: Any) -> None:  # noqa: ANN401  pytest's own
        super().__init__(**named)
        self.rule = rule
        self._finding: Finding
        for mark in ("matteproof", rule.provider, rule.level.value):
            self.add_marker(mark)

    def setup(self) -> None:
        """Ask the server, unless that has been done for another rule; fail if it cannot be asked all that it takes."""
        parent = self.parent
        if not isinstance(parent, _Server):
            raise TypeError("a rule is an item of a server")
        self._finding = parent.examination.finding(self.rule)
        judgement = self._finding.judgement
        self.user_properties.append(("verdict", str(judgement.verdict)))
        if judgement.troubles:
            pytest.fail(f"A check failed itself: {judgement.troubles[0]}. Please report it.", pytrace=False)
        if self._finding.stopped and not is_known(self._finding):
            pytest.fail(f"{self.rule.id} could not be checked. {self._finding.stopped}", pytrace=False)

    def runtest(self) -> None:
        """Judge."""
        finding = self._finding
        judgement = finding.judgement
        if not is_known(finding):
            pytest.skip(_NOT_EXERCISED)
        elif judgement.is_breach:
            pytest.fail(told(finding), pytrace=False)
        elif judgement.verdict is not Verdict.PASS:
            pytest.xfail(f"{judgement.verdict}: {judgement.violations[0].summary}")

    def reportinfo(self) -> tuple[str, None, str]:
        """Return what the headline of a report says."""
        return "matteproof", None, self.rule.id


def _examination(config: pytest.Config, text: str, run: str) -> Examination:
    """Return the examination that the option *text*, a provider and a URL, asks for, as a part of the *run*."""
    name, _, url = text.partition("=")
    known = discover()
    if name not in known or not url:
        hint = did_you_mean(name, known) if url else ""
        raise pytest.UsageError(
            f"{PREFIX}url {text}: write it as PROVIDER=URL, where PROVIDER is one of {', '.join(known)}.{hint}"
        )
    try:
        target = Target.at(url)
    except ValueError as error:
        raise pytest.UsageError(f"{PREFIX}url {text}: {error}.") from error
    provider, kit, live = known[name], kit_of(known[name]), not target.is_local
    limits = _wishes(config).limits(live=live, free=kit.has_tests)
    if live and limits.charges and not config.getoption("matteproof_yes"):
        raise pytest.UsageError(f"This may spend credits at {target.origin}: add {PREFIX}yes if that is meant.")
    asked = config.getoption("matteproof_max_examples")
    options = Options(
        seed=config.getoption("matteproof_seed"),
        examples=(0 if live else EXAMPLES) if asked is None else asked,
        charges=limits.charges,
        live=live,
    )
    who = credentials(*map(os.environ.get, (ID, SECRET, KEY)), by_key=kit.by_key, options=False)
    return Examination(provider, kit, target, who, limits, options, run)


def _wishes(config: pytest.Config) -> Wishes:
    amount = config.getoption("matteproof_max_credits")
    return Wishes(
        config.getoption("matteproof_allow_charges"),
        config.getoption("matteproof_max_requests"),
        None if amount is None else credits_in(amount),
        PREFIX,
    )
