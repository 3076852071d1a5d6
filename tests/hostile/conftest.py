"""A server to be attacked, which afterwards is as well as before."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from tests.hostile.exchange import PICTURE, chat, conversation, exchange, upload
from tests.hostile.verdicts import the_one

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.mock import Mock


@pytest.fixture
def origin(mock: Mock, caplog: pytest.LogCaptureFixture) -> Iterator[str]:
    """The origin of a running mock; after the test it serves both providers well and has logged no error."""
    yield mock.url
    assert_well(mock.url)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def assert_well(origin: str) -> None:
    """Prove that the server at *origin* answers a good request for each provider."""
    for good in (upload(PICTURE), chat(conversation())):
        assert the_one(exchange(origin, good)).status == 200
