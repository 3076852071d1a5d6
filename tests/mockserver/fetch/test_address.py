"""Addresses are told apart by the blocks of the IANA registries."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockserver.fetch.address import Kind, classify


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("93.184.216.34", Kind.PUBLIC),
        ("9.255.255.255", Kind.PUBLIC),
        ("11.0.0.0", Kind.PUBLIC),
        ("100.63.255.255", Kind.PUBLIC),
        ("100.128.0.0", Kind.PUBLIC),
        ("172.15.255.255", Kind.PUBLIC),
        ("172.32.0.0", Kind.PUBLIC),
        ("223.255.255.255", Kind.PUBLIC),
        ("0.0.0.0", Kind.RESERVED),  # noqa: S104  data: nothing is bound
        ("10.1.2.3", Kind.PRIVATE),
        ("172.16.0.1", Kind.PRIVATE),
        ("172.31.255.255", Kind.PRIVATE),
        ("192.168.1.1", Kind.PRIVATE),
        ("100.64.0.1", Kind.SHARED),
        ("100.127.255.255", Kind.SHARED),
        ("127.0.0.1", Kind.LOOPBACK),
        ("127.255.255.254", Kind.LOOPBACK),
        ("169.254.169.254", Kind.LINK_LOCAL),
        ("192.0.0.8", Kind.RESERVED),
        ("192.0.2.1", Kind.RESERVED),
        ("192.88.99.1", Kind.RESERVED),
        ("198.19.0.1", Kind.RESERVED),
        ("198.51.100.1", Kind.RESERVED),
        ("203.0.113.1", Kind.RESERVED),
        ("224.0.0.1", Kind.MULTICAST),
        ("239.255.255.255", Kind.MULTICAST),
        ("240.0.0.1", Kind.RESERVED),
        ("255.255.255.255", Kind.RESERVED),
        ("2606:4700:4700::1111", Kind.PUBLIC),
        ("2001:200::1", Kind.PUBLIC),
        ("::", Kind.RESERVED),
        ("::1", Kind.LOOPBACK),
        ("::7f00:1", Kind.RESERVED),
        ("100::1", Kind.RESERVED),
        ("fc00::1", Kind.PRIVATE),
        ("fdff::1", Kind.PRIVATE),
        ("fec0::1", Kind.PRIVATE),
        ("fe80::1", Kind.LINK_LOCAL),
        ("fe80::1%eth0", Kind.LINK_LOCAL),
        ("ff02::1", Kind.MULTICAST),
        ("2001:db8::1", Kind.RESERVED),
        ("3fff::1", Kind.RESERVED),
        ("4000::1", Kind.RESERVED),
    ],
)
def test_blocks(address: str, kind: Kind) -> None:
    """Every block of the registries, and the edges of the public space, are known."""
    assert classify(address) is kind


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("::ffff:10.0.0.1", Kind.PRIVATE),
        ("::ffff:127.0.0.1", Kind.LOOPBACK),
        ("::ffff:a9fe:a9fe", Kind.LINK_LOCAL),
        ("::ffff:93.184.216.34", Kind.PUBLIC),
        ("64:ff9b::10.0.0.1", Kind.PRIVATE),
        ("64:ff9b::7f00:1", Kind.LOOPBACK),
        ("64:ff9b::93.184.216.34", Kind.PUBLIC),
        ("64:ff9b:1::10.0.0.1", Kind.PRIVATE),
        ("::ffff:0:10.0.0.1", Kind.RESERVED),
        ("2002:a00:1::", Kind.RESERVED),
        ("2002:7f00:1::1", Kind.RESERVED),
        ("2001:0:4136:e378:8000:63bf:f5ff:fffe", Kind.RESERVED),
    ],
)
def test_embedded_addresses_do_not_pass_as_public(address: str, kind: Kind) -> None:
    """Mapped and NAT64 addresses count as what they embed; 6to4 and Teredo addresses are never public."""
    assert classify(address) is kind


@given(st.ip_addresses(v=4))
@example(IPv4Address("100.64.0.0"))
def test_python_agrees_on_public_ipv4(address: IPv4Address) -> None:
    """Nothing passes as public that the standard library takes for special."""
    if classify(str(address)) is Kind.PUBLIC:
        assert address.is_global
        assert not address.is_multicast


@given(st.ip_addresses(v=6))
@example(IPv6Address("2001:db8::"))
def test_python_agrees_on_public_ipv6(address: IPv6Address) -> None:
    """Nothing passes as public that the standard library takes for special, mapped addresses apart."""
    if classify(str(address)) is Kind.PUBLIC and address.ipv4_mapped is None:
        assert address.is_global
        assert not address.is_multicast


def test_what_is_no_address_is_an_error() -> None:
    """A name is not taken for an address."""
    with pytest.raises(ValueError, match="example"):
        classify("example.com")
