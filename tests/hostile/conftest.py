"""A server to be attacked, which afterwards is as well as before."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from tests.hostile.verdicts import assert_well

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.mock import Mock


@pytest.fixture
def origin(mock: Mock, caplog: pytest.LogCaptureFixture) -> Iterator[str]:
    """The origin of a running mock; after the test it serves both providers well and has logged no error."""
    yield mock.url
    assert_well(mock.url)
    assert [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.ERROR] == []
