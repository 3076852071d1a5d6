"""The fixtures: two for each provider, one for the time, and one for the server behind them."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.pytest_plugin.mocks import mocks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mockserver.testing import House, ProviderMock, VirtualClock

_NOT_CHANGES = ("script", "scenario", "conforms")
"""Options of the markers that are no changes of the tenant."""


def fixtures_for(providers: Iterable[str]) -> ModuleType:
    """Return a plugin with all fixtures for *providers*."""
    plugin = ModuleType("matteproof_fixtures", "Fixtures of the providers that are installed.")
    vars(plugin).update({_house.__name__: _house, virtual_clock.__name__: virtual_clock})
    for name in providers:
        for suffix, opened, how in (("mock", _on_a_socket, "at a local address"), ("respx", _in_process, "for httpx")):
            fixture = f"{name}_{suffix}"
            vars(plugin)[fixture] = _fixture(name, fixture, opened, how)
    return plugin


def _fixture(provider: str, name: str, opened: Callable[[House, str, str], ProviderMock], how: str) -> Any:  # noqa: ANN401  pytest has no name for it
    def mock(request: pytest.FixtureRequest, _matteproof_house: House) -> Iterator[ProviderMock]:
        with opened(_matteproof_house, provider, request.node.nodeid) as one:
            mocks = mocks_of(request.node)
            mocks.begin(name, one)
            conforms = _prepare(one, request)
            if conforms or (conforms is None and request.config.getini("matteproof_conforms")):
                mocks.watch(name, strictly=conforms is True)
            yield one
            mocks.end(name)

    mock.__doc__ = f"A faithful {provider} {how}, with .url, .credentials, .script(), .journal and .assert_conforms()."
    return pytest.fixture(name=name)(mock)


def _on_a_socket(house: House, provider: str, name: str) -> ProviderMock:
    from mockserver.testing import ProviderMock  # noqa: PLC0415  the mock takes a while to import

    return ProviderMock(house, provider, name)


def _in_process(house: House, provider: str, name: str) -> ProviderMock:
    from mockserver.testing.errors import MisuseError  # noqa: PLC0415  likewise
    from mockserver.testing.ready import in_process  # noqa: PLC0415  likewise

    try:
        return in_process(house, provider, name)
    except MisuseError as error:
        trouble = str(error)
    pytest.fail(trouble, pytrace=False)


def _prepare(mock: ProviderMock, request: pytest.FixtureRequest) -> bool | None:
    """Have *mock* begin as the markers of the test say; return whether its client is to be judged, if they say so."""
    marker = f"{mock.provider.name}_mock"
    marks = list(request.node.iter_markers(marker))
    options: dict[str, Any] = {}
    for mark in reversed(marks):  # what is nearer to the test counts
        if mark.args:
            pytest.fail(f"@pytest.mark.{marker} takes options by keyword only, not {mark.args!r}.", pytrace=False)
        options.update(mark.kwargs)
    trouble = _begin(mock, options)
    if trouble:
        pytest.fail(f"@pytest.mark.{marker}: {trouble}", pytrace=False)
    conforms: bool | None = options.get("conforms")
    return conforms


def _begin(mock: ProviderMock, options: dict[str, Any]) -> str:
    """Have *mock* begin with *options*; return what is wrong with them, or nothing."""
    from mockserver.testing.errors import MisuseError  # noqa: PLC0415  takes a while to import
    from mockserver.testing.provider import CHANGES, check_name  # noqa: PLC0415  likewise

    if not isinstance(options.get("conforms", False), bool):
        return f"conforms is True or False, not {options['conforms']!r}."
    if not isinstance(options.get("script", []), list | tuple):
        return f"A script is a list of words, such as ['429', 'ok'], not {options['script']!r}."
    try:
        for name in options:
            check_name(name, (*_NOT_CHANGES, *CHANGES), "option")
        if "scenario" in options:
            mock.scenario(options["scenario"])
        mock.change(**{name: value for name, value in options.items() if name not in _NOT_CHANGES})
        if "script" in options:
            mock.script(*options["script"])
    except MisuseError as error:
        return str(error)
    return ""


@pytest.fixture(scope="session", name="_matteproof_house")
def _house(request: pytest.FixtureRequest) -> Iterator[House]:
    """The mock server of this session, which starts when a test asks for its address."""
    from mockserver.testing.ready import housed  # noqa: PLC0415  takes a while to import

    with housed(request.config.getoption("matteproof_port")) as house:
        yield house


@pytest.fixture
def virtual_clock(_matteproof_house: House) -> Iterator[VirtualClock]:
    """The waits of the code under test pass at once; .waits has them, and the mocks go by the same clock."""
    from mockserver.testing.clock import keeping  # noqa: PLC0415  takes a while to import

    with keeping(_matteproof_house) as clock:
        yield clock
