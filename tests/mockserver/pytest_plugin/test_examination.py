"""A server that is asked campaign by campaign: what that costs, and what is kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.cases import Credentials
from contracts.conformance.access import Limits
from contracts.conformance.server import Options
from contracts.conformance.target import Target
from contracts.conformance.transport import Transport
from contracts.providers import discover, kit_of
from contracts.rules import load_rules
from mockserver.mock import Mock
from mockserver.pytest_plugin.examination import Examination

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts.model import Exchange, Request

PIXIAN = discover()["pixian"]
RULES = {rule.id: rule for rule in load_rules(PIXIAN.folder, PIXIAN.name)}
MOST = 32
"""Credits that a request for the largest picture can cost."""
ME = Credentials("me", "secret")


@pytest.fixture
def server() -> Iterator[Mock]:
    """Return a server."""
    with Mock(fetch="loopback") as mock:
        yield mock


def examination(server: Mock) -> Examination:
    """Return an examination of *server*."""
    options = Options(examples=0)
    limits = Limits(None, None, charges=True)
    return Examination(PIXIAN, kit_of(PIXIAN), Target.at(server.url), ME, limits, options, f"test-{id(server)}")


def test_what_campaigns_cost_is_counted_once(server: Mock) -> None:
    """It is what the account has lost, and for a request whose answer does not tell, the most that it can cost."""
    one = examination(server)
    for rule in ("pixian.server.header.charged", "pixian.server.account.credits"):
        one.finding(RULES[rule])
    lost = 1000 - server.tenant("pixian", ME).ledger.account.credits
    assert lost > 0
    assert one.credits == lost + MOST
    one.close(last=True)


def test_what_was_sent_before_an_interruption_is_told(server: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stops a run wants to know what it has cost."""
    one, send = examination(server), Transport.send

    def sent(transport: Transport, request: Request) -> Exchange:
        if transport.sent == 3:
            raise KeyboardInterrupt
        return send(transport, request)

    monkeypatch.setattr(Transport, "send", sent)
    assert not one.summary()
    with pytest.raises(KeyboardInterrupt):
        one.finding(RULES["pixian.server.auth.basic"])
    assert one.summary() == f"pixian at {server.url}: 3 requests, 0 credits"
    one.close(last=True)


def test_two_servers_of_one_provider_are_kept_apart(server: Mock) -> None:
    """What one does says nothing of the other."""
    with Mock(fetch="loopback") as other:
        first, second = examination(server), examination(other)
        second.run = first.run
        for one in (first, second):
            one.finding(RULES["pixian.server.auth.basic"])
        assert server.journal.next_number == other.journal.next_number > 0
        first.close(last=True)
        second.close(last=True)
