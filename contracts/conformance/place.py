"""Where addresses of the network lead: to this machine, into a private network, or anywhere."""

from __future__ import annotations

import socket
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address, ip_address


class Reach(IntEnum):
    """From where an address can be reached, the most private first."""

    MACHINE = 0
    """From this machine alone."""
    LINK = 1
    """From the neighbours on a wire; clouds keep secrets of their machines there."""
    PRIVATE = 2
    """From within some network."""
    WORLD = 3


def reach_of(address: str) -> Reach:
    """Return from where the IP *address*, as :func:`socket.getaddrinfo` gives it, can be reached."""
    # An address of a link has the name of the link behind it, after a percent sign.
    ip = _plain(ip_address(address.partition("%")[0]))
    if ip.is_loopback or ip.is_unspecified:
        return Reach.MACHINE
    if ip.is_link_local:
        return Reach.LINK
    return Reach.WORLD if ip.is_global else Reach.PRIVATE


def literal(host: str) -> str | None:
    """Return the IP address that *host* is in any notation that programs take, or ``None`` for a name."""
    try:
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    try:
        # Old notations leave numbers out or write them in other bases: 127.1, 0x7f000001, 2130706433.
        return socket.inet_ntoa(socket.inet_aton(host)) if host[:1].isdigit() and " " not in host else None
    except (OSError, UnicodeError):
        return None


def resolved(host: str, port: int | None = None) -> tuple[str, ...]:
    """Return the IP addresses of *host*, none if it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def _plain(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the address of version 4 that *ip* holds, if it does: what is sent there goes to that."""
    if isinstance(ip, IPv4Address):
        return ip
    embedded = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
    if embedded is None and int(ip) >> 32 in _HOLDERS:
        embedded = IPv4Address(int(ip) & 0xFFFFFFFF)
    return embedded or ip


_HOLDERS = frozenset({0x64FF9B << 64})
"""The upper 96 bits of addresses that hold one of version 4: those of translators (NAT64)."""
