"""A mock for each module, as new for each test, and its control API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver.mock import Mock
from tests.mockserver.control.asking import Control

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def mock() -> Iterator[Mock]:
    """A running mock of the module's own: its clock and its faults are nobody else's."""
    with Mock() as running:
        yield running


@pytest.fixture
def control(mock: Mock) -> Iterator[Control]:
    """The control API of a server that has forgotten everything and whose clock runs as it should."""
    mock.engine.reset()
    mock.engine.reseed(0)
    mock.clock.set(speed=1.0, frozen=False)
    client = Control(mock)
    yield client
    client.close()
