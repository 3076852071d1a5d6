"""Mocks for tests: a provider for one test, with or without a socket, and a clock that makes its waits pass at once.

The pytest plugin makes fixtures of these; with any other runner, such as unittest, they are context managers.
"""

from __future__ import annotations

from mockserver.testing.clock import VirtualClock, Waited
from mockserver.testing.errors import MisuseError, NonconformityError
from mockserver.testing.house import House
from mockserver.testing.journal import Call, Calls
from mockserver.testing.provider import ProviderMock
from mockserver.testing.ready import provider_mock, provider_respx, virtual_clock

__all__ = [
    "Call",
    "Calls",
    "House",
    "MisuseError",
    "NonconformityError",
    "ProviderMock",
    "VirtualClock",
    "Waited",
    "provider_mock",
    "provider_respx",
    "virtual_clock",
]
