"""Sockets to listen on."""

from __future__ import annotations

import errno
import socket

from mockserver.wire.errors import ListenError, PortTakenError

BACKLOG = 2048
_HIGHEST_PORT = 65_535
_UNLIMITED = 1_000_000

Place = tuple[socket.AddressFamily, str]
"""An address family and an address of it."""


def listen(host: str, port: int) -> list[socket.socket]:
    """Listen on *port* (0: any free one) at every address of *host*, by the same port.

    Raises:
        PortTakenError: another program has the port.
        ListenError: *host* is not known or not of this machine, or the port is not allowed.
    """
    if not 0 <= port <= _HIGHEST_PORT:
        raise ListenError(errno.EINVAL, f"There is no port {port}: ports go from 0 to {_HIGHEST_PORT}.")
    first, *others = _places(host)
    sockets = [_bind(first, port, host)]
    chosen = sockets[0].getsockname()[1]
    for place in others:
        try:
            sockets.append(_bind(place, chosen, host))
        except PortTakenError:
            if port:
                close(sockets)
                raise
        except ListenError:
            pass  # localhost often has an IPv6 address that the machine has not
    return sockets


def close(sockets: list[socket.socket]) -> None:
    """Close all *sockets*."""
    for one in sockets:
        one.close()


def descriptors() -> int:
    """Return how many file descriptors this process may have."""
    try:
        import resource  # noqa: PLC0415  not on every system
    except ImportError:
        return _UNLIMITED
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _UNLIMITED if soft == resource.RLIM_INFINITY else soft


def _places(host: str) -> list[Place]:
    """Return where *host* can be listened for, IPv4 first, because that is what an address without a name means."""
    try:
        found = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise ListenError(errno.EADDRNOTAVAIL, f"The host {host!r} is not known here.") from error
    places = {(family, str(address[0])) for family, _, _, _, address in found}
    return sorted(places, key=lambda place: (place[0] != socket.AF_INET, place[1]))


def _bind(place: Place, port: int, host: str) -> socket.socket:
    family, address = place
    try:
        return socket.create_server(
            (address, port),
            family=family,
            backlog=BACKLOG,
            dualstack_ipv6=address == "::" and socket.has_dualstack_ipv6(),
        )
    except OSError as error:
        raise _explained(error, host, port) from error


def _explained(error: OSError, host: str, port: int) -> ListenError:
    if error.errno == errno.EADDRINUSE:
        sentence = f"Port {port} of {host} is taken by another program; choose another port, or 0 for a free one."
        return PortTakenError(errno.EADDRINUSE, sentence)
    if error.errno in {errno.EACCES, errno.EPERM}:
        sentence = f"Port {port} of {host} is not allowed to this user; ports from 1024 on usually are."
    elif error.errno == errno.EADDRNOTAVAIL:
        sentence = f"{host} is not an address of this machine."
    else:
        sentence = f"Port {port} of {host} cannot be listened on: {error.strerror}."
    return ListenError(error.errno, sentence)
