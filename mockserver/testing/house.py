"""One mock server for all tests of a process, with a tenant for each of them."""

from __future__ import annotations

import base64
import os
import threading
from collections import Counter
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from contracts.clock import Clock
from contracts.providers import discover
from contracts.suggestion import did_you_mean
from mockserver.mock import Mock
from mockserver.testing.errors import MisuseError
from mockserver.wire import PortTakenError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from contracts.cases import Credentials
    from contracts.model import Exchange, Provider, Request
    from contracts.virtual_time import VirtualTime
    from mockserver.journal import Entry

MEMORY = 256 * 1024 * 1024
"""Bytes of the exchanges of tests that are not over that are held; what is more cannot be judged."""


class House:
    """A mock server that starts when somebody asks for its address; without one it serves callers in this process.

    ``clock`` is the server's, ``virtual_time`` that of the code under test, while it has one; ``virtual_times`` is how
    many there have been. ``left_connections`` are those that earlier tests were asked on.
    """

    def __init__(self, port: int = 0) -> None:
        """Serve at *port* (0: a free one)."""
        self.clock = Clock()
        self.virtual_time: VirtualTime | None = None
        self.virtual_times = 0
        self.left_connections: set[int] = set()
        self._mock: Mock | None = None
        self._port = port
        self._process = os.getpid()
        self._started = False
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._guests: set[str] = set()
        self._present: set[str] = set()
        self._tokens: dict[str, str] = {}
        self._heads: dict[int, Request] = {}
        self._moments: dict[int, float] = {}
        self._threads: dict[int, int] = {}
        self._here = threading.local()
        self._numbers = count(1)

    @property
    def mock(self) -> Mock:
        """The server with all that it knows; it need not be started."""
        if self._mock is None:
            with self._true_time():
                self._mock = Mock(port=self._port, fetch="loopback", clock=self.clock, memory=MEMORY)
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

    def admit(self, tenant: str, credentials: Credentials) -> None:
        """Know *tenant* as that of a test, now or before, who has these *credentials*."""
        self._guests.add(tenant)
        self._present.add(tenant)
        pair = base64.b64encode(f"{credentials.id}:{credentials.secret}".encode()).decode()
        self._tokens.update({credentials.secret: tenant, pair: tenant})

    def dismiss(self, tenant: str) -> None:
        """Note that the test of *tenant* is over."""
        self._present.discard(tenant)

    def is_former(self, tenant: str) -> bool:
        """Tell whether *tenant* is that of a test that is over."""
        return tenant in self._guests and tenant not in self._present

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
        """Return the exchange of *entry* with its request as it was sent, with its secrets, and who sent it."""
        exchange = entry.exchange()
        head, thread = self._heads.get(entry.number), self._threads.get(entry.number, 0)
        request = exchange.request if head is None else replace(head, body=exchange.request.body)
        return replace(exchange, request=request, thread=thread)

    def lost(self, first: int) -> list[int]:
        """Return the numbers of the exchanges from *first* on that the journal has forgotten, and no test has ended."""
        journal = self.mock.journal
        return [number for number in tuple(self._heads) if number >= first and journal.get(number) is None]

    def forget(self, numbers: Iterable[int]) -> None:
        """Forget the secrets in the requests of the exchanges with these *numbers*."""
        for number in numbers:
            self._heads.pop(number, None)
            self._threads.pop(number, None)

    def _remember(self, number: int, request: Request) -> None:
        """Keep the head of *request*, and who sent it; the journal keeps the body, as long as it can."""
        self._heads[number] = replace(request, body=b"")
        if getattr(self._here, "calls", False):
            self._threads[number] = self._here.number

    @property
    def is_busy(self) -> bool:
        """Whether a request is being worked on."""
        return self._mock is not None and self._mock.engine.is_busy

    def let_pass(self, seconds: float, over: Callable[[], bool]) -> None:
        """Let *seconds* of the clock pass for a caller in this process, but no more once virtual time has ended.

        Whenever the clock is set or advanced, *over* may say that there is nothing to wait for any more.
        """
        ident, time = threading.get_ident(), self.virtual_time
        self._moments[ident] = self.clock.now() + seconds
        try:
            self.clock.sleep(seconds, over=lambda: over() or self.virtual_time is not time or self._stands_still)
        finally:
            del self._moments[ident]

    def caller(self, entry: Entry) -> str:
        """Return who sent *entry*, as far as that is known, also where the provider did not ask."""
        if entry.tenant or entry.number not in self._heads:
            return entry.tenant
        parts = [part for _, value in self._heads[entry.number].headers for part in value.split()]
        return next((self._tokens[part] for part in parts if part in self._tokens), "")

    @property
    def _stands_still(self) -> bool:
        """Whether this is a copy in a process that was forked off, where nobody moves the clock."""
        return os.getpid() != self._process and self.clock.mode == "frozen"

    @contextmanager
    def called(self) -> Iterator[None]:
        """Note that what is asked meanwhile comes from the calling thread, which does nothing else until an answer."""
        here = self._here
        if not hasattr(here, "number"):
            here.number = next(self._numbers)
        here.calls = True
        try:
            yield
        finally:
            here.calls = False

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
