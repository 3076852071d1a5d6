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
from contracts.conformance.target import Target, without_user
from contracts.providers import discover, kit_of
from contracts.suggestion import did_you_mean
from mockserver.pytest_plugin.examination import PREFIX, Examination
from mockserver.pytest_plugin.items import Server, register_marks

if TYPE_CHECKING:
    from collections.abc import Generator

_RUN = "matteproof_run"


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
        register_marks(config)

    @pytest.hookimpl(wrapper=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> Generator[None, object, object]:
        """Add the rules, before any are deselected, or named after their groups by pytest-xdist."""
        for one in self._examinations:
            server = Server.of(session, one.provider, one)
            server.ihook.pytest_collectstart(collector=server)
            report = server.ihook.pytest_make_collect_report(collector=server)
            server.ihook.pytest_collectreport(report=report)  # pytest counts what it is told
            items += report.result
        return (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:  # noqa: ANN401  of pytest-xdist
        """Tell a worker of pytest-xdist which run it is a part of."""
        node.workerinput[_RUN] = self._run

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell what the servers were sent, and what that cost."""
        told = [summary for one in self._examinations if (summary := one.summary())]
        if told:
            terminalreporter.section("servers that were checked", "-")
            terminalreporter.write("".join(f"{line}\n" for line in told))

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Let go of connections."""
        for one in self._examinations:
            one.close(last=not hasattr(config, "workerinput"))


def _examination(config: pytest.Config, text: str, run: str) -> Examination:
    """Return the examination that the option *text*, a provider and a URL, asks for, as a part of the *run*."""
    name, _, url = text.partition("=")
    known, told = discover(), without_user(text)
    if name not in known or not url:
        hint = did_you_mean(name, known) if url else ""
        raise pytest.UsageError(
            f"{PREFIX}url {told}: write it as PROVIDER=URL, where PROVIDER is one of {', '.join(known)}.{hint}"
        )
    try:
        target = Target.at(url)
    except ValueError as error:
        raise pytest.UsageError(f"{PREFIX}url {told}: {error}.") from error
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
