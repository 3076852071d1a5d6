"""The server under test: where it is, and what goes wrong on the way to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from contracts.conformance.place import Reach, literal, reach_of, resolved
from contracts.redaction import in_text

_SCHEMES = {"http", "https"}
_USER = re.compile(r"^((?:[\w-]*=)?(?:[A-Za-z][\w+.-]*:/+)?).*@", re.DOTALL)
"""What may be a user and a password; people write all kinds of signs into passwords, and leave the scheme out."""


def without_user(url: str) -> str:
    """Return *url*, which may be none, or have a name before it, without a user and without values that are secret."""
    return in_text(_USER.sub(r"\1***@", url))


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
        told = without_user(url)
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            # What it says of an address with a password may repeat that.
            reason = f": {error}" if told == url else ""
            raise ValueError(f"{told!r} is no URL{reason}") from None
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise ValueError(f"{told!r} is no address of a server; write it like https://api.example.com")
        if port == 0 or parts.netloc.endswith(":"):
            raise ValueError(f"{told!r} names no port; give its number, or leave the colon out")
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
