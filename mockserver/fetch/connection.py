"""From a host name to a socket that keeps to a deadline and to a number of bytes."""

from __future__ import annotations

import io
import socket
import ssl
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Protocol

from contracts.behaviour import ImageError, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from _typeshed import WriteableBuffer

    from mockserver.fetch.deadline import Deadline
    from mockserver.fetch.target import Target


class Internet(Protocol):
    """What a fetch needs of the world outside; both methods raise :class:`OSError` when they fail."""

    def resolve(self, host: str, /) -> Sequence[str]:
        """Return the IP addresses of *host*, a name, the preferred one first."""

    def dial(self, address: str, port: int, seconds: float, /) -> socket.socket:
        """Connect by TCP to *port* of *address*, an IP address, within *seconds*."""


class SystemInternet:
    """The world outside as the system offers it; proxies named in the environment are not looked at."""

    def resolve(self, host: str) -> Sequence[str]:
        """Ask the system's resolver."""
        return _addresses(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))

    def dial(self, address: str, port: int, seconds: float) -> socket.socket:
        """Connect directly."""
        return socket.create_connection((address, port), timeout=seconds)


def spelled_address(host: str) -> Sequence[str]:
    """Return the address that *host* spells out, however the system allows that; nothing if it is a name.

    The system reads more than dotted quads: ``2130706433`` and ``0x7f.1`` are 127.0.0.1. No name server is asked.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        return ()
    return _addresses(found)


def look_up(host: str, internet: Internet, deadline: Deadline) -> Sequence[str]:
    """Return the addresses of *host*, or give up at *deadline*.

    A resolver cannot be interrupted, so it runs in a thread that is left behind when it takes too long.

    Raises:
        OSError: There are none; :class:`TimeoutError` when the time is up.
    """
    outcome: SimpleQueue[Sequence[str] | OSError] = SimpleQueue()

    def run() -> None:
        try:
            outcome.put(internet.resolve(host))
        except OSError as error:
            outcome.put(error)

    Thread(target=run, name="resolve-image-host", daemon=True).start()
    try:
        found = outcome.get(timeout=deadline.left())
    except Empty:
        raise TimeoutError from None
    if isinstance(found, OSError):
        raise found
    return found


@contextmanager
def connected(
    target: Target, addresses: Sequence[str], internet: Internet, deadline: Deadline
) -> Iterator[socket.socket]:
    """Connect to *target* at the first of *addresses* that takes the connection, with TLS where the scheme wants it.

    The name of the target is used for SNI and to check the certificate, never to look up an address again.

    Raises:
        OSError: None of the addresses can be connected to, or TLS fails.
    """
    with _dialled(target.port, addresses, internet, deadline) as plain:
        if target.scheme == "http":
            yield plain
            return
        plain.settimeout(deadline.left())
        with ssl.create_default_context().wrap_socket(plain, server_hostname=target.name) as secure:
            yield secure


class Wire:
    """A connected socket as :mod:`http.client` wants it, kept to a deadline and to a number of received bytes.

    The deadline holds for everything together, where a socket's own time-out begins anew with each byte. The bytes
    count as they come off the socket, so no framing a server invents can get around the limit.
    """

    def __init__(self, sock: socket.socket, deadline: Deadline, max_bytes: int) -> None:
        """Use *sock* until *deadline* and for at most *max_bytes* received bytes."""
        self._sock = sock
        self._deadline = deadline
        self._max_bytes = max_bytes

    def sendall(self, data: bytes) -> None:
        """Send *data*."""
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return a reader of what the other side sends."""
        return io.BufferedReader(_Reader(self._sock, self._deadline, self._max_bytes))

    def close(self) -> None:
        """Leave the socket open: it belongs to whoever connected it, and the reader still needs it."""


class _Reader(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: Deadline, max_bytes: int) -> None:
        self._sock = sock
        self._deadline = deadline
        self._left = max_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        self._sock.settimeout(self._deadline.left())
        received = self._sock.recv_into(buffer)
        self._left -= received
        if self._left < 0:
            raise ImageError(Trouble.URL_TOO_LARGE, "The answer of the image's host is too large.")
        return received


def _addresses(found: Sequence[tuple[object, object, object, object, tuple[object, ...]]]) -> Sequence[str]:
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def _dialled(port: int, addresses: Sequence[str], internet: Internet, deadline: Deadline) -> socket.socket:
    failure: OSError = socket.gaierror("no address")
    for tried, address in enumerate(addresses):
        try:
            # An address that swallows packets must leave time for the others.
            return internet.dial(address, port, deadline.left() / (len(addresses) - tried))
        except OSError as error:
            failure = error
    raise failure
