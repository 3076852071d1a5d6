"""What the plugin does while a test runs: watch its mocks, judge its clients, and tell what happened when it fails."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contracts.providers import names
from mockserver.pytest_plugin.markers import Markers, conforms
from mockserver.pytest_plugin.mocks import forget_mocks, mocks_of
from mockserver.watchers import WATCHERS

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from _pytest._code.code import TerminalRepr

    from mockserver.testing import ProviderMock


class Running:
    """A plugin that attends to the tests."""

    def __init__(self, config: pytest.Config) -> None:
        """Watch the mocks of tests with *config*, until it is unconfigured."""
        self._markers: Markers | None = None
        self._config = config
        self._item: pytest.Item | None = None
        WATCHERS.append(self._watch)

    def pytest_unconfigure(self) -> None:
        """Watch no longer."""
        WATCHERS.remove(self._watch)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Know which test runs."""
        self._item = item
        try:
            return (yield)
        finally:
            self._item = None

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Begin with no mocks, also if the test runs again, and with markers that make sense."""
        forget_mocks(item)
        if trouble := self._marks.before(item):
            pytest.fail(trouble, pytrace=False)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None]:
        """Judge the clients of a test that has passed, where that is asked for."""
        yield
        mocks = mocks_of(item)
        if trouble := self._marks.after(item, mocks.fixtures, mocks.providers):
            pytest.fail(trouble, pytrace=False)
        mocks.judge()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Show, below what a test has failed with, what its client and the provider said to each other."""
        report = yield
        if report.failed and call.excinfo is not None:
            mocks = mocks_of(item)
            if call.excinfo.value is mocks.error:
                report.longrepr = _verdict(call.excinfo, item)
            # As a part of the failure it is also in reports for machines, and stays when captured output is not shown.
            add = getattr(report.longrepr, "addsection", None)
            for title, text in mocks.sections(call.excinfo.value):
                if add is not None:
                    add(title, text)
                else:
                    report.sections.append((title, text))
        if call.when == "teardown":
            forget_mocks(item)
        return report

    @property
    def _marks(self) -> Markers:
        if self._markers is None:  # which there are is known once all plugins are configured
            lines: list[str] = self._config.getini("markers")
            self._markers = Markers(names(), [line.partition(":")[0].partition("(")[0].strip() for line in lines])
        return self._markers

    @contextmanager
    def _watch(self, name: str, mock: ProviderMock) -> Iterator[None]:
        """Have the running test show *mock*, which it has made itself as *name*, and judge its client at the end."""
        item = self._item
        if item is None:
            yield
            return
        mocks = mocks_of(item)
        mocks.begin(name, mock)
        try:
            yield
        except BaseException:
            mocks.keep(name)
            raise
        wanted = conforms(item, mock.provider.name)
        if mocks.keep(name) and (self._config.getini("matteproof_conforms") if wanted is None else wanted):
            mocks.assert_conforms(mock)


def _verdict(excinfo: pytest.ExceptionInfo[BaseException], item: pytest.Item) -> TerminalRepr:
    """Return for a report what *excinfo* says, at the place of *item*, which has no line of its own that fails."""
    shown = excinfo.getrepr(style="value")
    if shown.reprcrash is not None:
        line, title = (item.location[1] or 0) + 1, str(excinfo.value).partition("\n")[0]
        shown.reprcrash = replace(shown.reprcrash, path=str(item.path), lineno=line, message=title)
    return shown
