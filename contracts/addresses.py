"""Names and IP addresses of hosts as they stand in URLs and in the field ``Host``."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

_LOCAL_ENDS = frozenset({"alt", "internal", "invalid", "lan", "local", "localhost", "test"})
"""The last words of names that the internet has not, by the RFCs below, by ICANN, or by custom."""


def is_ipv6(text: str) -> bool:
    """Tell whether *text*, without the brackets that URLs put around it, is an IP address of version 6."""
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def is_public(host: str) -> bool:
    """Tell whether *host* may be one of the internet's: no private address, and no name that only a local network has.

    Names of a single word are those of machines and containers nearby; RFC 6761, RFC 6762 and RFC 9476 keep some ends
    of names from the internet.
    """
    name = host.lower().rstrip(".")
    try:
        return ip_address(name).is_global
    except ValueError:
        return "." in name and name.rpartition(".")[2] not in _LOCAL_ENDS
