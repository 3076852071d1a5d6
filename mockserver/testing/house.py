"""One mock server for all tests of a process, with a tenant for each of them."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from contracts.clock import Clock
from contracts.providers import discover
from contracts.suggestion import did_you_mean
from mockserver.mock import Mock
from mockserver.testing.errors import MisuseError
from mockserver.wire import PortTakenError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from contracts.model import Exchange, Provider, Request
    from contracts.virtual_time import VirtualTime
    from mockserver.journal import Entry


class House:
    """A mock server that starts when somebody asks for its address; without one it serves callers in this process.

    ``clock`` is the server's, ``virtual_time`` that of the code under test, while it has one.
    """

    def __init__(self, port: int = 0) -> None:
        """Serve at *port* (0: a free one)."""
        self.clock = Clock()
        self.virtual_time: VirtualTime | None = None
        self._mock: Mock | None = None
        self._port = port
        self._started = False
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._guests: set[str] = set()
        self._present: set[str] = set()
        self._heads: dict[int, Request] = {}
        self._moments: dict[int, float] = {}

    @property
    def mock(self) -> Mock:
        """The server with all that it knows; it need not be started."""
        if self._mock is None:
            with self._true_time():
                self._mock = Mock(port=self._port, fetch="loopback", clock=self.clock)
            self._mock.engine.witness = self._remember
        return self._mock

    @property
    def origin(self) -> str:
        """The address of the server, which runs from now on.

        Raises:
            MisuseError: another program has the port.
        """
        with self._lock:
            if not self._started:
                try:
                    with self._true_time():
                        self.mock.__enter__()
                except PortTakenError as error:
                    raise MisuseError(
                        f"{error} Leave --matteproof-port out, and a free one is taken; with pytest-xdist each worker "
                        "needs one of its own."
                    ) from error
                self._started = True
        return self.mock.url

    def provider(self, name: str) -> Provider:
        """Return the provider *name*.

        Raises:
            MisuseError: there is none.
        """
        known = discover()
        if name not in known:
            raise MisuseError(
                f"There is no provider {name!r}.{did_you_mean(name, known)} Installed are {', '.join(known)}."
            )
        return known[name]

    def admit(self, tenant: str) -> None:
        """Know *tenant* as that of a test, now or before."""
        self._guests.add(tenant)
        self._present.add(tenant)

    def dismiss(self, tenant: str) -> None:
        """Note that the test of *tenant* is over."""
        self._present.discard(tenant)

    @property
    def is_used(self) -> bool:
        """Whether a test has a mock or a clock of this house."""
        return bool(self._present) or self.virtual_time is not None

    def is_guest(self, tenant: str) -> bool:
        """Tell whether *tenant* is, or was, that of a test."""
        return tenant in self._guests

    def next_number(self, name: str) -> int:
        """Return how often *name* was asked about, this time included; so nothing depends on other tests."""
        self._counts[name] += 1
        return self._counts[name]

    def exchange(self, entry: Entry) -> Exchange:
        """Return the exchange of *entry* with its request as it was sent, with its secrets."""
        exchange = entry.exchange()
        head = self._heads.get(entry.number)
        return exchange if head is None else replace(exchange, request=replace(head, body=exchange.request.body))

    def forget(self, numbers: Iterable[int]) -> None:
        """Forget the secrets in the requests of the exchanges with these *numbers*."""
        for number in numbers:
            self._heads.pop(number, None)

    def _remember(self, number: int, request: Request) -> None:
        """Keep the head of *request*; the journal keeps the body, as long as it can."""
        self._heads[number] = replace(request, body=b"")

    @property
    def is_busy(self) -> bool:
        """Whether a request is being worked on."""
        return self._mock is not None and self._mock.engine.is_busy

    def let_pass(self, seconds: float) -> None:
        """Let *seconds* of the clock pass for a caller in this process, but no more once virtual time has ended."""
        ident, time = threading.get_ident(), self.virtual_time
        self._moments[ident] = self.clock.now() + seconds
        try:
            self.clock.sleep(seconds, over=lambda: self.virtual_time is not time)
        finally:
            del self._moments[ident]

    @property
    def due(self) -> float | None:
        """The earliest moment of the clock that an answer waits for, if any does."""
        server = None if self._mock is None else self._mock.server.due
        return min([*tuple(self._moments.values()), *([] if server is None else [server])], default=None)

    def close(self) -> None:
        """Stop."""
        with self._lock:
            if self._mock is not None:
                self._mock.server.stop()
                self._mock.close()
            self._mock, self._started = None, False

    def _true_time(self) -> AbstractContextManager[None]:
        """Return within what the server is made: its threads do not belong to the code under test."""
        return nullcontext() if self.virtual_time is None else self.virtual_time.outside()
