"""The pytest plugin: providers as fixtures, time that passes at once, and the rules about servers as test items.

Loading it costs next to nothing: what it needs is imported when a test or an option asks for it.
"""

from __future__ import annotations

import pytest

from contracts.providers import names
from mockserver.pytest_plugin.fixtures import fixtures_for
from mockserver.pytest_plugin.imports import PlainImports
from mockserver.pytest_plugin.options import add_options
from mockserver.pytest_plugin.running import Running

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
    config.pluginmanager.register(PlainImports(), "matteproof-imports")
    config.pluginmanager.register(fixtures_for(names()), "matteproof-fixtures")
    config.pluginmanager.register(Running(config), "matteproof-running")
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
