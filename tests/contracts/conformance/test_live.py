"""A live server is asked for what is free and harmless only: the mock, over TLS, as if it were the provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.cases import Credentials
from contracts.conformance.budget import Budget
from contracts.conformance.run import Conclusion
from contracts.conformance.server import Options, ServerCheck
from contracts.conformance.target import TargetError
from contracts.conformance.transport import Transport
from contracts.model import Request
from contracts.providers import discover, kit_of
from mockserver.mock import Mock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from contracts.conformance.run import Run
    from mockserver.journal import Entry

_LARGEST = 2_000_000
"""Bytes of a request that a stranger's server should have to read."""


@pytest.fixture
def mock() -> Iterator[Mock]:
    """Serve as the providers do: HTTPS, no handshake without a server name."""
    with Mock(tls=True) as mock:
        yield mock


def authority(mock: Mock) -> Path:
    """Return the file of the mock's authority."""
    assert mock.authority is not None
    return mock.authority.path


def checked(mock: Mock, max_requests: int | None = None) -> tuple[Run, list[Entry]]:
    """Check *mock* as a live server, and return what its journal has of it as well."""
    kit = kit_of(discover()["pixian"])
    origin = mock.url.replace("127.0.0.1", "localhost")
    with Transport(patience=30) as transport:
        run = ServerCheck(
            discover()["pixian"],
            kit,
            origin,
            kit.anonymous("livetester"),
            transport,
            budget=Budget(max_requests),
            options=Options(examples=0, live=True, charges=False),
        ).run()
    return run, mock.journal.find()


@pytest.mark.thorough
def test_everything_sent_is_a_free_test(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """No credit is spent, nothing is enormous, all comes on few connections, and the verdict is sound."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority(mock)))
    run, entries = checked(mock)
    assert run.conclusion is Conclusion.CONFORMS, run.doubt
    assert run.credits == 0
    assert entries
    assert max(entry.request_body.size for entry in entries) < _LARGEST
    assert mock.state.tenants.get("livetester").ledger.account.credits == 1000


def test_the_budget_holds(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request over the cap is never sent: the server itself has seen no more."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority(mock)))
    run, entries = checked(mock, max_requests=5)
    assert len(entries) == 5
    assert "--max-requests" in run.stopped


def test_an_unknown_authority_is_told(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do about it; nothing is sent."""
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with Transport(patience=10) as transport, pytest.raises(TargetError, match="SSL_CERT_FILE"):
        transport.send(Request("GET", "/", origin=mock.url.replace("127.0.0.1", "localhost")))


def test_wrong_credentials_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that knows only others is left after one request."""
    with Mock(tls=True, keys={"somebody": frozenset({"else"})}) as mock:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority(mock)))
        kit = kit_of(discover()["pixian"])
        with Transport(patience=10) as transport:
            origin = mock.url.replace("127.0.0.1", "localhost")
            credentials = Credentials("nobody", "nothing")
            options = Options(live=True, charges=False)
            run = ServerCheck(discover()["pixian"], kit, origin, credentials, transport, options=options).run()
    assert "credentials" in run.stopped
    assert run.conclusion is Conclusion.INCONCLUSIVE
