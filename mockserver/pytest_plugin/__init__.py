"""The pytest plugin: providers as fixtures, time that passes at once, and the rules about servers as test items.

Loading it costs next to nothing: what it needs is imported when a test or an option asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.providers import names
from mockserver.pytest_plugin.fixtures import fixtures_for, mocks_of
from mockserver.pytest_plugin.options import add_options

if TYPE_CHECKING:
    from collections.abc import Generator

_MARKER = (
    "{name}_mock(*, script, scenario, conforms, credits, state, pack, use_before, limits, latency, settings): how the "
    "fixtures {name}_mock and {name}_respx begin; with conforms=True the client is judged when the test has passed"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Add the fixtures and a marker of every provider, and what collects rules if that is asked for."""
    for name in names():
        config.addinivalue_line("markers", _MARKER.format(name=name))
    config.pluginmanager.register(fixtures_for(names()), "matteproof-fixtures")
    if config.getoption("matteproof_url"):
        config.pluginmanager.register(_servers(config), "matteproof-servers")


def _servers(config: pytest.Config) -> object:
    try:
        from mockserver.pytest_plugin.servers import Servers  # noqa: PLC0415  only with this option
    except ModuleNotFoundError as error:
        raise pytest.UsageError(f"--matteproof-url needs {error.name}: pip install 'matteproof[check]'") from error
    return Servers(config)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """List the rules instead of running tests, if that is asked for."""
    if not config.getoption("matteproof_list"):
        return None
    from mockserver.pytest_plugin.listing import print_rules  # noqa: PLC0415  only with its option

    print_rules(config)
    return pytest.ExitCode.OK


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Judge the clients of a test that has passed, where that is asked for."""
    __tracebackhide__ = True
    yield
    mocks_of(item).judge()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show, below the assertion of a test that fails, what its client and the provider said to each other."""
    report = yield
    if call.when == "call" and report.failed and call.excinfo is not None:
        # As a part of the failure it is also in reports for machines, and stays when captured output is not shown.
        add = getattr(report.longrepr, "addsection", None)
        for title, text in mocks_of(item).sections(call.excinfo.value):
            if add is not None:
                add(title, text)
            else:
                report.sections.append((title, text))
    return report
