"""Names and addresses of hosts: which may be those of the internet."""

from __future__ import annotations

import pytest

from contracts.addresses import is_public


@pytest.mark.parametrize("host", ["api.pixian.ai", "API.XTY.APP.", "example.com", "8.8.8.8", "2606:4700::1111"])
def test_hosts_of_the_internet(host: str) -> None:
    """Names of more than a word, and global addresses."""
    assert is_public(host)


@pytest.mark.parametrize(
    "host",
    ["", "mock", "localhost", "mock.localhost", "127.0.0.1", "::1", "192.168.1.5", "10.0.0.1", "mock.local", "a.test"],
)
def test_hosts_nearby(host: str) -> None:
    """This machine, containers, and what a local network has."""
    assert not is_public(host)
