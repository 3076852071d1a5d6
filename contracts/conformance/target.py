"""The server under test: where it is, and what goes wrong on the way to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from contracts.conformance.place import Reach, literal, reach_of, resolved

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
        if port == 0 or parts.netloc.endswith(":"):
            raise ValueError(f"{url!r} names no port; give its number, or leave the colon out")
        if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
            host = f"{parts.scheme}://{parts.hostname}{f':{port}' if port else ''}"
            raise ValueError(f"The address is more than an origin; leave everything out but {host}")
        return cls(f"{parts.scheme}://{parts.netloc}", parts.hostname)

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine: a name or an address of the loopback interface, in any notation."""
        name = self.host.removesuffix(".").lower()
        if name == "localhost" or name.endswith(".localhost"):
            return True
        address = literal(name)
        return address is not None and reach_of(address) is Reach.MACHINE

    def is_private(self) -> bool:
        """Tell whether the server is, or its name leads to, an address that not all of the internet can reach.

        A name that leads nowhere is not private.
        """
        return any(reach_of(address) is not Reach.WORLD for address in resolved(self.host))

    def may_lead_to(self, address: str) -> bool:
        """Tell whether the server may send us to the IP *address*: it is to be no more private than the server's own.

        One on this machine leads nowhere else; and no other one to this machine or to the neighbours on a wire.
        """
        reach = reach_of(address)
        if self.is_local:
            return reach is Reach.MACHINE
        return reach is Reach.WORLD or (reach is Reach.PRIVATE and self.is_private())
