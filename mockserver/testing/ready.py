"""Mocks for any test runner, as context managers; all of a process share one mock server, and its clock."""

from __future__ import annotations

import atexit
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING
from weakref import finalize

from mockserver.testing.clock import keeping
from mockserver.testing.errors import MisuseError
from mockserver.testing.house import House
from mockserver.testing.provider import ProviderMock
from mockserver.watchers import WATCHERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from mockserver.testing.clock import VirtualClock
    from mockserver.testing.respx_provider import ProviderRespx

_houses: list[House] = []
"""The houses of this process; mocks and clocks are of the last one."""


@contextmanager
def provider_mock(provider: str, name: str = "") -> Iterator[ProviderMock]:
    """Have a mock of *provider*, such as ``"pixian"``, for one test; *name* is that of the test, for error messages.

    Raises:
        MisuseError: there is no such provider.
    """
    with ProviderMock(_house(), provider, name) as mock, _watched(f"provider_mock({provider!r})", mock):
        yield mock


@contextmanager
def provider_respx(provider: str, name: str = "") -> Iterator[ProviderRespx]:
    """Have the same without a socket, for code that uses httpx.

    Raises:
        MisuseError: there is no such provider, or what is needed is not installed.
    """
    with in_process(_house(), provider, name) as mock, _watched(f"provider_respx({provider!r})", mock):
        yield mock


def in_process(house: House, provider: str, name: str) -> ProviderRespx:
    """Return a mock of *provider* without a socket in *house*, for the test *name*.

    Raises:
        MisuseError: there is no such provider, or what is needed is not installed.
    """
    try:
        from mockserver.testing.respx_provider import ProviderRespx  # noqa: PLC0415  respx is in an extra
    except ModuleNotFoundError as error:
        raise MisuseError(f"A mock without a socket needs {error.name}: pip install 'matteproof[pytest]'") from None
    return ProviderRespx(house, provider, name)


@contextmanager
def virtual_clock() -> Iterator[VirtualClock]:
    """Have the waits of the code under test pass at once; enter it after the mocks, in the thread of the test.

    Raises:
        MisuseError: the code under test goes by another clock already.
    """
    with keeping(_house()) as clock:
        yield clock


@contextmanager
def housed(port: int = 0) -> Iterator[House]:
    """Have a house at *port* (0: a free one) be that of this process meanwhile; or that which there is, if it is used.

    Mocks that go by different clocks are of no use to one test.
    """
    if _houses and _houses[-1].is_used and not port:
        yield _houses[-1]
        return
    house = House(port)
    _houses.append(house)
    try:
        yield house
    finally:
        _houses.remove(house)
        house.close()


def _watched(name: str, mock: ProviderMock) -> AbstractContextManager[None]:
    """Return within what *mock* is watched as *name*."""
    return WATCHERS[-1](name, mock) if WATCHERS else nullcontext()


def _house() -> House:
    """Return the house of this process, which ends with it unless somebody else sees to that."""
    if not _houses:
        house = House()
        # What is registered last is done first. Once there is a finaliser, those of temporary folders come after us.
        finalize(house, _nothing)
        atexit.register(house.close)
        _houses.append(house)
    return _houses[-1]


def _nothing() -> None:
    """Do nothing at the end."""
