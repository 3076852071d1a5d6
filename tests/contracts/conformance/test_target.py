"""Addresses of servers under test."""

from __future__ import annotations

import pytest

from contracts.conformance.place import Reach, reach_of
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
        ("http://127.1", True),
        ("http://0.0.0.0:80", True),
        ("http://localhost.", True),
        ("http://LOCALHOST:8080", True),
        ("http://mock.localhost.", True),
        ("http://[::ffff:127.0.0.1]", True),
        ("http://[::]", True),
        ("http://2130706433", True),
        ("http://0x7f.1", True),
        ("http://017700000001", True),
        ("http://10.1", False),
        ("http://[::ffff:10.0.0.1]", False),
        ("http://8.8.8.8", False),
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
        "http://127.0.0.1:",
        "http://127.0.0.1:0",
        "http://[::1]:",
    ],
)
def test_what_is_no_origin_is_refused(url: str) -> None:
    """With a sentence that says how to write it; credentials in it are not repeated."""
    with pytest.raises(ValueError, match=r"URL|address|origin|port") as refused:
        Target.at(url)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "reach"),
    [
        ("127.0.0.1", Reach.MACHINE),
        ("::1", Reach.MACHINE),
        ("::ffff:127.0.0.1", Reach.MACHINE),
        ("64:ff9b::7f00:1", Reach.MACHINE),
        ("2002:7f00:1::", Reach.MACHINE),
        ("0.0.0.0", Reach.MACHINE),  # noqa: S104  to look at, not to listen on
        ("169.254.169.254", Reach.LINK),
        ("::ffff:169.254.169.254", Reach.LINK),
        ("fe80::1%eth0", Reach.LINK),
        ("10.1.2.3", Reach.PRIVATE),
        ("192.168.0.1", Reach.PRIVATE),
        ("100.64.0.1", Reach.PRIVATE),
        ("fd00::1", Reach.PRIVATE),
        ("93.184.215.14", Reach.WORLD),
        ("2606:4700::1", Reach.WORLD),
    ],
)
def test_from_where_an_address_can_be_reached(address: str, reach: Reach) -> None:
    """Also where an address of version 6 holds one of version 4."""
    assert reach_of(address) is reach


@pytest.mark.parametrize(
    ("home", "address", "may"),
    [
        ("http://127.0.0.1:1", "127.0.0.1", True),
        ("http://127.0.0.1:1", "10.0.0.1", False),
        ("http://127.0.0.1:1", "93.184.215.14", False),
        ("http://93.184.215.14", "93.184.215.15", True),
        ("http://93.184.215.14", "10.0.0.1", False),
        ("http://93.184.215.14", "127.0.0.1", False),
        ("http://10.0.0.2", "10.0.0.1", True),
        ("http://10.0.0.2", "169.254.169.254", False),
        ("http://10.0.0.2", "127.0.0.1", False),
    ],
)
def test_a_server_leads_to_nothing_more_private(home: str, address: str, *, may: bool) -> None:
    """A live one neither to this machine nor to a network that it is not in; a local one nowhere else."""
    assert Target.at(home).may_lead_to(address) is may


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://me:hush@host:1", "http://host:1"),
        ("http://me:hu/sh@host", "'http://***@host' is no URL"),
        ("http://me:hu@sh@host:x", "'http://***@host:x' is no URL"),
        ("ftp://me:hush@host", "'ftp://***@host' is no address"),
        ("me:hush@host:1", "'***@host:1' is no address"),
        ("http:me:hush@host", "'***@host' is no address"),
        ("http://me:hush@host:0", "'http://***@host:0' names no port"),
        ("ftp://host/?api_key=hush", "'ftp://host/?api_key=***' is no address"),
    ],
)
def test_no_secret_of_an_address_is_repeated(url: str, shown: str) -> None:
    """Neither where it is refused as more than an origin, nor where it is none."""
    with pytest.raises(ValueError, match="host") as caught:
        Target.at(url)
    assert shown in str(caught.value)
    assert "hu" not in str(caught.value)
