"""One hop of a fetch that leaves the bundled pictures: look up, check, connect, download, and say what went wrong."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager
from http.client import HTTPException
from typing import TYPE_CHECKING

from contracts.behaviour import ImageError, Trouble
from mockserver.fetch.address import classify
from mockserver.fetch.connection import SystemInternet, Wire, connected, look_up, spelled_address
from mockserver.fetch.download import download
from mockserver.fetch.policy import permits, refusal, refusal_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mockserver.fetch.connection import Internet
    from mockserver.fetch.deadline import Deadline
    from mockserver.fetch.download import Redirect
    from mockserver.fetch.policy import Policy
    from mockserver.fetch.target import Target

_OVERHEAD = 1_048_576
"""Bytes that the fields and the framing of an answer may take besides the picture."""

_LOCALHOST = ("127.0.0.1", "::1")
"""The addresses of localhost, which is never looked up (RFC 6761, section 6.3)."""

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, "did not answer completely within the time allowed"),
    (socket.gaierror, "cannot be found: its name has no address"),
    (ssl.SSLCertVerificationError, "has a certificate that is not trusted ({error.verify_message})"),
    (ssl.SSLError, "cannot be reached: TLS failed"),
    (ConnectionRefusedError, "refused the connection"),
    (OSError, "cannot be reached: the connection failed or broke"),
    (Exception, "gave an answer that is malformed or incomplete"),
)
"""What a person is told of an error; the first that fits."""


class Network:
    """The way to pictures that are not bundled, guarded by a policy."""

    def __init__(self, policy: Policy, max_bytes: int, internet: Internet | None) -> None:
        """Guard by *policy*; look names up and connect by *internet*, or else by the system's means."""
        self._policy = policy
        self._max_bytes = max_bytes
        self._internet = internet or SystemInternet()

    def get(self, target: Target, deadline: Deadline) -> bytes | Redirect:
        """Return the picture at *target*, or where its server says it is.

        Raises:
            ImageError: ``URL_REFUSED``, ``URL_UNREACHABLE``, ``URL_STATUS``, ``URL_NOT_IMAGE`` or ``URL_TOO_LARGE``.
        """
        with _reporting(target):
            addresses = self._permitted_addresses(target, deadline)
            with connected(target, addresses, self._internet, deadline) as sock:
                return download(target, Wire(sock, deadline, self._max_bytes + _OVERHEAD), self._max_bytes)

    def _permitted_addresses(self, target: Target, deadline: Deadline) -> Sequence[str]:
        addresses = self._addresses(target, deadline)
        for address in addresses:
            kind = classify(address)
            if not permits(self._policy, kind):
                raise refusal_of(target.origin, address, kind)
        return addresses

    def _addresses(self, target: Target, deadline: Deadline) -> Sequence[str]:
        if target.is_localhost:
            return _LOCALHOST
        if spelled := spelled_address(target.name):
            return spelled
        if self._policy == "loopback":
            # Where only this machine may be reached, no name server is told what is looked for.
            raise refusal(target.origin, "is not on this machine's loopback", "public", "all")
        return look_up(target.host, self._internet, deadline)


@contextmanager
def _reporting(target: Target) -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPException, ValueError) as error:
        raise ImageError(Trouble.URL_UNREACHABLE, f"{target.origin} {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    return next(phrase for kind, phrase in _REASONS if isinstance(error, kind)).format(error=error)
