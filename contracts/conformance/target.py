"""The server under test: where it is, and what goes wrong on the way to it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from socket import getaddrinfo
from typing import Self
from urllib.parse import urlsplit

_SCHEMES = {"http", "https"}


class TargetError(Exception):
    """The server cannot be tested; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """An origin: scheme, host and port, without a path."""

    origin: str
    host: str

    @classmethod
    def at(cls, url: str) -> Self:
        """Return the target at *url*.

        Raises:
            ValueError: *url* is no origin of an HTTP server.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise ValueError(f"{url!r} is no URL: {error}") from error
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise ValueError(f"{url!r} is no address of a server; write it like https://api.example.com")
        if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
            host = f"{parts.scheme}://{parts.hostname}{f':{port}' if port else ''}"
            raise ValueError(f"The address is more than an origin; leave everything out but {host}")
        return cls(f"{parts.scheme}://{parts.netloc}", parts.hostname)

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine: a name or an address of the loopback interface."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    def is_private(self) -> bool:
        """Tell whether the server is, or its name leads to, an address that not all of the internet can reach.

        A name that leads nowhere is not private.
        """
        try:
            found = getaddrinfo(self.host, None)
        except (OSError, UnicodeError):
            return False
        # An address of a link has the name of the link behind it, after a percent sign.
        return any(not ip_address(str(address[0]).partition("%")[0]).is_global for *_, address in found)
