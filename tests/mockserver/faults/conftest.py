"""A mock on a clock that stands still, and callers who send it raw bytes."""

from __future__ import annotations

import base64
import json
import socket
import sys
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from mockserver.faults import Fault, FaultRule, fault_of
from mockserver.mock import Mock
from pictures import disc, encoded
from still import StillClock
from tests.mockserver.wire.conftest import NOW, Peer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.state.tenant import Tenant
    from tests.mockserver.wire.conftest import Reply

PICTURE = encoded(disc())
"""A picture of 160 by 120 pixels."""

COST = Decimal("0.0192")
"""What that picture costs at Pixian; XTY's are free."""

_DATA_URL = "data:image/png;base64," + base64.b64encode(PICTURE).decode()
_BOUNDARY = "limit-of-a-part"
_CLOSED, _HALF_CLOSED = 7, 8


def form(fields: dict[str, str]) -> bytes:
    """Return a multipart form with the picture and *fields*."""
    head = 'Content-Disposition: form-data; name="image"; filename="disc.png"\r\nContent-Type: image/png'
    parts = [head.encode() + b"\r\n\r\n" + PICTURE]
    parts += [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()
    ]
    limit = f"--{_BOUNDARY}".encode()
    return b"".join(limit + b"\r\n" + part + b"\r\n" for part in parts) + limit + b"--\r\n"


class Caller:
    """Somebody with credentials, and one connection. ``work`` asks for a picture, ``look`` is a GET."""

    def __init__(self, mock: Mock, provider: str, line: str) -> None:
        """Call *provider* with the credentials of *line*, as they stand in a list of keys."""
        found = mock.engine.services[provider].behaviour.listed(line)
        assert found is not None
        self.mock = mock
        self.provider = provider
        self.name = found.tenant
        self.peer = Peer(socket.create_connection(("127.0.0.1", mock.server.port)))
        token = f"Basic {base64.b64encode(line.encode()).decode()}" if provider == "pixian" else f"Bearer {line}"
        self._credentials = f"Authorization: {token}"

    @property
    def tenant(self) -> Tenant:
        """What the mock knows of the caller."""
        return self.mock.state.tenants.get(self.name)

    @property
    def credits(self) -> Decimal:
        """The credits that are left."""
        return self.tenant.ledger.account.credits

    def play(self, *words: object) -> None:
        """Let the next requests meet what *words* ask for."""
        self.tenant.play([read(self.mock, word) for word in words])

    def ask(self, **options: str) -> None:
        """Send a picture, with *options*, without waiting for the answer."""
        if self.provider == "pixian":
            kind = f"Content-Type: multipart/form-data; boundary={_BOUNDARY}"
            self.peer.post(form(options), "/api/v2/remove-background", self._credentials, kind)
        else:
            content = [{"type": "image_url", "image_url": {"url": _DATA_URL}}]
            body = {"model": "remove-bg", "messages": [{"role": "user", "content": content}]}
            body |= {name: json.loads(value) for name, value in options.items()}
            kind = "Content-Type: application/json"
            self.peer.post(json.dumps(body).encode(), "/v1/chat/completions", self._credentials, kind)

    def work(self, **options: str) -> Reply:
        """Send a picture, with *options*; return the answer."""
        self.ask(**options)
        return self.peer.reply()

    def peek(self, method: str = "GET") -> None:
        """Ask for the account, or for the list of models, without waiting for the answer."""
        self.peer.get(
            "/api/v2/account" if self.provider == "pixian" else "/v1/models", self._credentials, method=method
        )

    def look(self, method: str = "GET") -> Reply:
        """Ask for the account, or for the list of models; return the answer."""
        self.peek(method)
        return self.peer.reply(head_only=method == "HEAD")

    def fetch(self, url: str) -> Reply:
        """Fetch what is hosted at *url*, without credentials."""
        origin = "http://test"
        assert url.startswith(origin)
        self.peer.get(url.removeprefix(origin))
        return self.peer.reply()

    def result(self) -> str:
        """Have a picture made that is hosted; return its URL."""
        url: str = json.loads(self.work().body)["choices"][0]["message"]["content"]
        return url


@dataclass
class Stage:
    """A mock whose ``clock`` stands still, and those who call it."""

    mock: Mock
    clock: StillClock
    callers: list[Caller]

    def caller(self, name: str = "anna", provider: str = "pixian") -> Caller:
        """Return somebody new at *provider*, on a fresh connection; the same *name* is the same tenant."""
        line = f"{name}:secret" if provider == "pixian" else f"sk-{name}"
        self.callers.append(Caller(self.mock, provider, line))
        return self.callers[-1]

    def intruder(self, line: str) -> Caller:
        """Return somebody at Pixian with the credentials of *line*."""
        self.callers.append(Caller(self.mock, "pixian", line))
        return self.callers[-1]

    def rule(self, fault: object, **others: object) -> None:
        """Add a rule for all as the control API would: a word, and the *others* of its fields."""
        rules, errors = self.mock.engine.rules, self.mock.engine.vocabulary.errors
        rule = FaultRule.read(rules.next_id(), {"fault": fault, **others}, errors)
        rules.add([rule], self.clock.now())

    def close(self) -> None:
        """Close all connections."""
        for caller in self.callers:
            caller.peer.close()


def read(mock: Mock, word: object) -> Fault:
    """Return the fault that *word* asks for."""
    return fault_of(word, mock.engine.vocabulary.errors)


def assert_closed_in_order(peer: Peer) -> None:
    """Assert that the server closed with a FIN, in the eyes of the operating system where that can be asked (Linux)."""
    _assert_tcp_state(peer, _HALF_CLOSED)


def assert_reset(peer: Peer) -> None:
    """Assert that nothing more comes but a reset, and that the connection is dead and not half closed."""
    with pytest.raises(ConnectionResetError):
        peer.rest()
    _assert_tcp_state(peer, _CLOSED)


def _assert_tcp_state(peer: Peer, state: int) -> None:
    if sys.platform == "linux":
        assert peer.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == state


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A fresh mock on a clock that stands still."""
    clock = StillClock(NOW)
    with Mock(clock=clock) as mock:
        stage = Stage(mock, clock, [])
        yield stage
        stage.close()
