"""A load generator that costs little: prepared bytes over kept connections, answers only counted."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import uvloop

from contracts.clock import stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Load:
    """What a run of load came to.

    ``rate`` is answers a second, ``median`` and ``p99`` are seconds; of all ``answers`` so many were ``failures``.
    """

    rate: float
    median: float
    p99: float
    failures: int
    answers: int


def http_request(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """Return the bytes of a request."""
    fields = {"Host": "localhost", "Content-Length": str(len(body)), **(headers or {})}
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return head.encode() + b"\r\n" + body


class _Client(asyncio.Protocol):
    """One connection that sends the next request as soon as the last one is answered."""

    def __init__(self, request: Callable[[], bytes | None], durations: list[float], failed: list[int]) -> None:
        self._request = request
        self._durations = durations
        self._failed = failed
        self._buffer = b""
        self._missing = 0
        self._began = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are no subclass of it
        self._send()

    def _send(self) -> None:
        request = self._request()
        if request is None:
            self._transport.close()
            return
        self._began = stopwatch()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._missing:
            self._missing -= len(data)
        else:
            self._buffer += data
            head, separator, rest = self._buffer.partition(b"\r\n\r\n")
            if not separator:
                return
            self._buffer = b""
            if not head.startswith(b"HTTP/1.1 200"):
                self._failed.append(int(head[9:12]))
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            self._missing = int(length) - len(rest)
        if self._missing == 0:
            self._durations.append(stopwatch() - self._began)
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None:
            self._failed.append(0)
        if not self.done.done():
            self.done.set_result(None)


def press(origin: str, request: Callable[[], bytes], *, connections: int, seconds: float = 0.0, count: int = 0) -> Load:
    """Send what *request* returns over *connections* at once, for *seconds* or until *count* answers have come."""
    return uvloop.run(_press(origin, request, connections, seconds, count))


async def _press(origin: str, request: Callable[[], bytes], connections: int, seconds: float, count: int) -> Load:
    host, port = urlsplit(origin).hostname or "", urlsplit(origin).port or 80
    durations: list[float] = []
    failed: list[int] = []
    sent = 0
    began = stopwatch()

    def following() -> bytes | None:
        nonlocal sent
        if (count and sent >= count) or (seconds and stopwatch() - began >= seconds):
            return None
        sent += 1
        return request()

    loop = asyncio.get_running_loop()
    clients = [
        (await loop.create_connection(lambda: _Client(following, durations, failed), host, port))[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(client.done for client in clients))
    took = stopwatch() - began
    durations.sort()
    return Load(
        rate=len(durations) / took,
        median=durations[len(durations) // 2],
        p99=durations[int(len(durations) * 0.99)],
        failures=len(failed),
        answers=len(durations),
    )
