"""IP addresses as they stand in URLs and in the field ``Host``."""

from __future__ import annotations

from ipaddress import IPv6Address


def is_ipv6(text: str) -> bool:
    """Tell whether *text*, without the brackets that URLs put around it, is an IP address of version 6."""
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True
