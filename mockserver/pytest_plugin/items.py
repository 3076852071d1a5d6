"""Rules about servers as items of pytest: what they are called, and what comes of each."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Self

import pytest

from contracts.providers import discover
from mockserver.pytest_plugin.rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.model import Provider, Rule
    from mockserver.pytest_plugin.examination import Examination, Finding

_MARKS = {
    "matteproof": "every rule about servers",
    "must": "rules that bind",
    "should": "rules that are recommended; breaking one is an expected failure",
    "may": "rules that leave a choice",
}
_NOT_EXERCISED = "not exercised: nothing that this server did, and that may be asked of it, has to do with the rule"


def register_marks(config: pytest.Config) -> None:
    """Make the marks of the items known to *config*."""
    for name, meaning in _MARKS.items():
        config.addinivalue_line("markers", f"{name}: {meaning} (matteproof)")
    for provider in discover().values():
        config.addinivalue_line("markers", f"{provider.name}: rules of {provider.title} (matteproof)")


class Server(pytest.Collector):
    """All rules about one server; without an examination they can only be listed."""

    def __init__(self, *, provider: Provider, examination: Examination | None, **named: Any) -> None:  # noqa: ANN401  pytest's own
        """Have the rules of *provider*."""
        super().__init__(**named)
        self._provider = provider
        self.examination = examination

    @classmethod
    def of(cls, session: pytest.Session, provider: Provider, examination: Examination | None = None) -> Self:
        """Return a server of *provider* in *session*."""
        terms = {"provider": provider, "examination": examination}
        server: Self = cls.from_parent(session, name=provider.name, nodeid="matteproof", **terms)
        return server

    def collect(self) -> list[pytest.Item]:
        """Return an item for every rule that can be seen."""
        return [RuleItem.from_parent(self, name=rule.id, rule=rule) for rule in rules_of(self._provider)]


class RuleItem(pytest.Item):
    """One rule about one server.

    It has what conftests and plugins ask of test functions, too: no fixtures, no class, and a function that does
    nothing.
    """

    cls: None = None
    module = sys.modules[__name__]

    def __init__(self, *, rule: Rule, **named: Any) -> None:  # noqa: ANN401  pytest's own
        """Be the item of *rule*."""
        super().__init__(**named)
        self.rule = rule
        self.fixturenames: list[str] = []
        self.function = self.obj = _function(rule)
        self._finding: Finding
        for mark in ("matteproof", rule.provider, rule.level.value):
            self.add_marker(mark)

    def setup(self) -> None:
        """Ask the server, unless that has been done for another rule; fail if it cannot be asked all that it takes."""
        from mockserver.pytest_plugin.examination import is_known  # noqa: PLC0415  needs more than a list does

        parent = self.parent
        if not isinstance(parent, Server) or parent.examination is None:
            raise TypeError("a rule is an item of a server that is examined")
        self._finding = parent.examination.finding(self.rule)
        judgement = self._finding.judgement
        self.user_properties.append(("verdict", str(judgement.verdict)))
        if judgement.troubles:
            pytest.fail(f"A check failed itself: {judgement.troubles[0]}. Please report it.", pytrace=False)
        if self._finding.stopped and not is_known(self._finding):
            pytest.fail(f"{self.rule.id} could not be checked. {self._finding.stopped}", pytrace=False)

    def runtest(self) -> None:
        """Judge."""
        from contracts.judge import Verdict  # noqa: PLC0415  likewise
        from mockserver.pytest_plugin.examination import is_known, told  # noqa: PLC0415  likewise

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


def _function(rule: Rule) -> Callable[[], None]:
    """Return a function that stands for *rule* where somebody wants to look at one."""

    def function() -> None:
        pass

    function.__name__ = function.__qualname__ = rule.id
    function.__doc__ = rule.text
    return function
