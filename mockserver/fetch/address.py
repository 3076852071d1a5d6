"""What kind of place an IP address is.

The blocks are those of the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its updates). They
are listed here, rather than taken from :mod:`ipaddress`, because its properties ``is_global`` and ``is_private`` give
different answers from one Python release to the next and know nothing of embedded addresses.
"""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address


class Kind(StrEnum):
    """A kind of address, in words that fit after "a" or "an"."""

    PUBLIC = "public"
    LOOPBACK = "loopback"
    PRIVATE = "private"
    LINK_LOCAL = "link-local"
    SHARED = "carrier-grade NAT"
    MULTICAST = "multicast"
    RESERVED = "reserved"


_IPV4 = tuple(
    (IPv4Network(block), kind)
    for block, kind in (
        ("0.0.0.0/8", Kind.RESERVED),  # this network; Linux connects 0.0.0.0 to itself
        ("10.0.0.0/8", Kind.PRIVATE),
        ("100.64.0.0/10", Kind.SHARED),
        ("127.0.0.0/8", Kind.LOOPBACK),
        ("169.254.0.0/16", Kind.LINK_LOCAL),
        ("172.16.0.0/12", Kind.PRIVATE),
        ("192.0.0.0/24", Kind.RESERVED),  # IETF protocol assignments
        ("192.0.2.0/24", Kind.RESERVED),  # documentation
        ("192.88.99.0/24", Kind.RESERVED),  # 6to4 relays, deprecated
        ("192.168.0.0/16", Kind.PRIVATE),
        ("198.18.0.0/15", Kind.RESERVED),  # benchmarks
        ("198.51.100.0/24", Kind.RESERVED),  # documentation
        ("203.0.113.0/24", Kind.RESERVED),  # documentation
        ("224.0.0.0/4", Kind.MULTICAST),
        ("240.0.0.0/4", Kind.RESERVED),
    )
)

_IPV6 = tuple(
    (IPv6Network(block), kind)
    for block, kind in (
        ("::1/128", Kind.LOOPBACK),
        ("fc00::/7", Kind.PRIVATE),
        ("fec0::/10", Kind.PRIVATE),  # site-local, deprecated
        ("64:ff9b:1::/48", Kind.PRIVATE),  # a network's own NAT64
        ("fe80::/10", Kind.LINK_LOCAL),
        ("ff00::/8", Kind.MULTICAST),
        ("2001::/23", Kind.RESERVED),  # protocol assignments; Teredo, which embeds addresses, is the first /32
        ("2001:db8::/32", Kind.RESERVED),  # documentation
        ("2002::/16", Kind.RESERVED),  # 6to4, deprecated: embeds IPv4 addresses
        ("3fff::/20", Kind.RESERVED),  # documentation
        ("2000::/3", Kind.PUBLIC),  # all the global unicast space there is; blocks above are cut out of it
    )
)

_NAT64 = IPv6Network("64:ff9b::/96")


def classify(address: str) -> Kind:
    """Return the kind of *address*, IPv4 or IPv6 in the usual notation, perhaps with a zone.

    An IPv4 address mapped into IPv6 or reached by NAT64 counts as what it is itself: that is where the packets go.

    Raises:
        ValueError: *address* is not an IP address.
    """
    value = ip_address(address)
    if isinstance(value, IPv6Address):
        embedded = _embedded(value)
        if embedded is None:
            return next((kind for block, kind in _IPV6 if value in block), Kind.RESERVED)
        value = embedded
    return next((kind for block, kind in _IPV4 if value in block), Kind.PUBLIC)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped
