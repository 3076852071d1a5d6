"""Addresses of servers under test."""

from __future__ import annotations

import pytest

from contracts.conformance.target import Target


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://localhost", True),
        ("https://mock.localhost:8443/", True),
        ("http://[::1]:80", True),
        ("http://127.9.9.9", True),
        ("https://api.pixian.ai", False),
        ("http://10.0.0.1", False),
        ("http://localhost.example.com", False),
        ("http://127.0.0.1.nip.io", False),
    ],
)
def test_what_is_on_this_machine(url: str, *, local: bool) -> None:
    """Only names and addresses of the loopback interface are; all others are treated as live."""
    target = Target.at(url)
    assert target.is_local is local
    assert target.origin == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.pixian.ai",
        "ftp://host",
        "http://",
        "http://host/path",
        "http://host?x",
        "http://u:p@host",
        "http://h:x",
    ],
)
def test_what_is_no_origin_is_refused(url: str) -> None:
    """With a sentence that says how to write it; credentials in it are not repeated."""
    with pytest.raises(ValueError, match=r"URL|address|origin") as refused:
        Target.at(url)
    assert "hush" not in str(refused.value)
