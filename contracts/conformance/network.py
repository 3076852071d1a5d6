"""Sockets that give up in time, however slowly a server dribbles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpcore

from contracts.clock import stopwatch
from contracts.conformance.place import resolved

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Sequence

    from contracts.conformance.target import Target


class ForbiddenPlaceError(Exception):
    """A server has named an address that it may not send us to; nothing was sent there."""


class Network(httpcore.NetworkBackend):
    """Opens connections on which nothing lasts beyond ``deadline``, a reading of the stopwatch, and counts them."""

    def __init__(self, home: Target | None = None) -> None:
        """Have no connection yet, and no deadline. Connect to nothing that *home*, if given, may not lead to."""
        self._backend = httpcore.SyncBackend()
        self._home = home
        self.deadline = float("inf")
        self.connections = 0
        self.received = 0
        """Bytes that came, on all connections; whoever wants to know since when sets it back."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Open a connection; the arguments are those of :class:`httpcore.NetworkBackend`.

        Raises:
            ForbiddenPlaceError: the name *host*, which is not that of the home, leads to where that may not lead.
        """
        for place in self._places(host, port):
            try:
                stream = self._backend.connect_tcp(place, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
                continue
            self.connections += 1
            return _Stream(stream, self)
        raise trouble

    def _places(self, host: str, port: int) -> Sequence[str]:
        """Return what to connect to for *host*: addresses that were looked at, so that no name can change after it."""
        if self._home is None or host == self._home.host:
            return (host,)
        places = resolved(host, port)
        wrong = [place for place in places if not self._home.may_lead_to(place)]
        if wrong:
            raise ForbiddenPlaceError(f"{host} leads to {wrong[0]}, where {self._home.host} may not send anybody.")
        return places or (host,)


class _Stream(httpcore.NetworkStream):
    """A connection of a :class:`Network`."""

    def __init__(self, stream: httpcore.NetworkStream, network: Network) -> None:
        self._stream = stream
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._network.deadline - stopwatch()
        if left <= 0:
            raise httpcore.ReadTimeout
        data = self._stream.read(max_bytes, left if timeout is None else min(timeout, left))
        self._network.received += len(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = self._network.deadline - stopwatch()
        if left <= 0:
            raise httpcore.WriteTimeout
        self._stream.write(buffer, left if timeout is None else min(timeout, left))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout), self._network)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  as the base class has it
        return self._stream.get_extra_info(info)
