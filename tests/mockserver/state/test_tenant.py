"""A tenant is an island: credits, script, limits, settings and journal are its own, and its credits are exact."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from contracts.behaviour import Credentials
from mockserver.faults import FaultRule, fault_of
from mockserver.journal import Filter
from mockserver.mock import Mock
from mockserver.state.limiter import GENEROUS, Limits
from mockserver.state.tenant import Tenant
from mockserver.state.tenants import Tenants
from pictures import disc, encoded
from serving import ACCOUNT, MODELS, START, converse, frozen, upload

if TYPE_CHECKING:
    from collections.abc import Iterator

PRICE = Decimal("0.0192")
"""What a picture of 160 by 120 pixels costs."""


@contextmanager
def serving(**options: Any) -> Iterator[tuple[Mock, httpx.Client]]:  # noqa: ANN401  options of the mock
    """Serve with *options*, and yield a client without credentials besides the server."""
    with Mock(**options) as mock:
        limits = httpx.Limits(max_connections=None)
        with httpx.Client(base_url=mock.url, trust_env=False, timeout=60, limits=limits) as client:
            yield mock, client


def account(client: httpx.Client, user: str) -> dict[str, Any]:
    """Return what the account operation tells *user*; numbers keep all their digits."""
    found: dict[str, Any] = client.get(ACCOUNT, auth=(user, "secret")).json()
    return {**found, "credits": Decimal(str(found["credits"]))}


def of_key(mock: Mock, key: str) -> Tenant:
    """Return the tenant that holds *key*."""
    found = [one for one in mock.state.tenants.all() if one.provider == "xty" and one.claim("xty", key)]
    assert len(found) == 1
    return found[0]


def test_a_charge_is_seen_by_nobody_else() -> None:
    """One tenant pays; the credits of the other stay as they were."""
    with serving() as (_, client):
        assert upload(client, "anna").status_code == 200
        assert account(client, "anna")["credits"] == 1000 - PRICE
        assert account(client, "berta")["credits"] == 1000


def test_a_script_is_played_to_its_tenant_only() -> None:
    """Requests of others neither meet its faults nor use up its words."""
    with serving() as (mock, client):
        mock.state.tenants.get("anna").play([fault_of(429, ()), fault_of("ok", ())])
        assert [upload(client, "berta").status_code for _ in range(3)] == [200] * 3
        assert [upload(client, "anna").status_code for _ in range(3)] == [429, 200, 200]


def test_looking_at_the_account_uses_up_no_word() -> None:
    """Scripts are for operations that do something."""
    with serving() as (mock, client):
        mock.state.tenants.get("anna").play([fault_of(429, ())])
        assert account(client, "anna")["credits"] == 1000
        assert upload(client, "anna").status_code == 429


def test_limits_and_settings_and_rules_are_the_tenants_own() -> None:
    """What is set for one tenant does not hold for another."""
    with serving() as (mock, client):
        anna = mock.state.tenants.get("anna")
        anna.limiter.set(Limits(concurrency=0))
        anna.settings["unknown_parameters"] = "refuse"
        assert upload(client, "anna").status_code == 429
        assert upload(client, "berta", whatever="1").status_code == 200
        anna.limiter.set(GENEROUS)
        assert upload(client, "anna", whatever="1").status_code == 400
        anna.rules.add([FaultRule("1", fault_of(503, ()))], mock.clock.now())
        assert upload(client, "anna").status_code == 503
        assert upload(client, "berta").status_code == 200


def test_the_journal_keeps_tenants_apart() -> None:
    """Each exchange is filed under its tenant."""
    with serving() as (mock, client):
        for user, times in (("anna", 2), ("berta", 3)):
            for _ in range(times):
                account(client, user)
        assert len(mock.journal.wait(Filter(tenant="anna"), 2, 10)) == 2
        assert len(mock.journal.wait(Filter(tenant="berta"), 3, 10)) == 3


def test_the_same_name_at_two_providers_is_two_tenants() -> None:
    """Where names meet, the second tenant's begins with the provider's, and nothing is shared."""
    tenants = Tenants({})
    first = tenants.open("one", Credentials("me", "secret"))
    second = tenants.open("two", Credentials("me", "other secret"))
    assert isinstance(first, Tenant)
    assert isinstance(second, Tenant)
    assert (first.name, second.name) == ("me", "two:me")
    first.ledger.charge(Decimal(1))
    first.limiter.set(Limits(concurrency=1))
    assert second.ledger.account.credits == 1000
    assert second.limiter.limits is GENEROUS
    assert tenants.open("one", Credentials("me", "secret")) is first
    assert tenants.open("two", Credentials("me", "other secret")) is second


def test_an_api_id_that_is_the_name_of_a_key_is_another_tenant() -> None:
    """Through the server, too, the same name at two providers shares nothing."""
    with serving() as (mock, client):
        assert converse(client, "sk-shared-key").status_code == 200
        holder = of_key(mock, "sk-shared-key")
        assert upload(client, holder.name).status_code == 200
        assert holder.ledger.account.credits == 1000
        assert {one.name for one in mock.state.tenants.all()} == {holder.name, f"pixian:{holder.name}"}


def test_another_secret_is_the_documented_401_of_pixian() -> None:
    """A known API id with another secret is code 1004, with a challenge."""
    with serving() as (_, client):
        account(client, "anna")
        answer = client.get(ACCOUNT, auth=("anna", "guess"))
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == 1004
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_a_tenant_is_as_new_after_a_reset() -> None:
    """Credits, script, limits, settings, faults, latency and the count of requests are as at the beginning."""
    tenant = Tenant("me", {"price": 1}, 0)
    tenant.ledger.charge(Decimal(5))
    tenant.play([fault_of("429", ())])
    tenant.limiter.set(Limits(concurrency=1))
    tenant.settings["price"] = 2
    tenant.rules.add([FaultRule("1", fault_of("429", ()))], 0)
    tenant.latency, tenant.scenario = 3.0, "busy"
    tenant.count()
    tenant.reset(0)
    assert tenant.ledger.account.credits == 1000
    assert (tenant.script, tenant.next_word()) == ((), None)
    assert tenant.limiter.limits is GENEROUS
    assert tenant.settings == {"price": 1}
    assert not tenant.rules
    assert tenant.latency is None
    assert (tenant.scenario, tenant.requests) == ("", 0)


def test_a_reset_does_not_open_the_tenant_to_another_secret() -> None:
    """The secret outlives a reset."""
    tenant = Tenant("me", {}, 0)
    assert tenant.claim("api", "secret")
    tenant.reset(0)
    assert not tenant.claim("api", "guess")
    assert tenant.claim("api", "secret")


def test_with_a_list_of_keys_others_get_the_401_of_each_provider() -> None:
    """Listed credentials get in; an unknown id, a wrong secret and an unknown key do not, and open no tenant."""
    with serving(keys={"anna": frozenset({"secret", "second"})}) as (mock, client):
        assert client.get(ACCOUNT, auth=("anna", "secret")).status_code == 200
        refused = [client.get(ACCOUNT, auth=pair) for pair in (("berta", "secret"), ("anna", "guess"))]
        key = client.get(MODELS, headers={"Authorization": "Bearer sk-unlisted"})
        assert [tenant.name for tenant in mock.state.tenants.all()] == ["anna"]
    assert [(one.status_code, one.json()["error"]["code"]) for one in refused] == [(401, 1001), (401, 1004)]
    assert key.status_code == 401
    assert key.json() == {"error": {"message": "无效的令牌", "type": "new_api_error", "code": ""}}


@pytest.mark.parametrize(
    "change",
    [{"credits_": Decimal(0)}, {"active": False}, {"use_before": START}],
    ids=["empty", "dormant", "past"],
)
def test_production_needs_a_pack_that_can_pay(change: dict[str, Any]) -> None:
    """An empty, a dormant and a past pack get 402 with code 1011, and nothing is charged; a test is free."""
    with serving(clock=frozen()) as (mock, client):
        ledger = mock.state.tenants.get("me").ledger
        ledger.set(**change)
        before = ledger.account.credits
        refused = upload(client, "me")
        assert (refused.status_code, refused.json()["error"]["code"]) == (402, 1011)
        tested = upload(client, "me", test="true")
        assert tested.status_code == 200
        assert Decimal(tested.headers["X-Credits-Charged"]) == 0
        assert Decimal(tested.headers["X-Credits-Calculated"]) == PRICE
        assert ledger.account.credits == before


@pytest.mark.parametrize(
    "change", [{"credits_": Decimal(0)}, {"active": False}, {"use_before": START}], ids=["empty", "dormant", "past"]
)
def test_the_other_provider_refuses_with_its_quota_error(change: dict[str, Any]) -> None:
    """Without quota, XTY answers 403 in the gateway's words."""
    with serving(clock=frozen()) as (mock, client):
        assert converse(client, "sk-poor").status_code == 200
        of_key(mock, "sk-poor").ledger.set(**change)
        answer = converse(client, "sk-poor")
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "insufficient_user_quota"


def test_credits_that_do_not_suffice_for_the_picture_are_refused() -> None:
    """A picture that costs more than is left gets 402, and what is left stays."""
    with serving() as (mock, client):
        mock.state.tenants.get("me").ledger.set(credits_=PRICE * 2 - Decimal("0.000001"))
        assert [upload(client, "me").status_code for _ in range(3)] == [200, 402, 402]
        assert account(client, "me")["credits"] == PRICE - Decimal("0.000001")


def test_the_account_agrees_to_the_last_digit_after_a_series_of_charges() -> None:
    """Header fields, ledger and account operation tell the same sum, picture after picture."""
    with serving() as (mock, client):
        left = Decimal("1000.123457")
        ledger = mock.state.tenants.get("me").ledger
        ledger.set(credits_=left)
        for width in range(101, 131):
            picture = encoded(disc((width, 97), (20, 20, 80, 80)))
            answer = upload(client, picture=picture)
            left -= Decimal(answer.headers["X-Credits-Charged"])
            assert account(client, "me")["credits"] == left
            assert ledger.account.credits == left


def test_64_clients_that_are_charged_at_once_lose_and_invent_nothing() -> None:
    """Of 192 pictures at once just as many succeed as the credits allow, and the rest is told to the last digit."""
    with serving() as (mock, client), ThreadPoolExecutor(64) as pool:
        mock.state.tenants.get("me").ledger.set(credits_=PRICE * 100 + Decimal("0.000001"))
        answers = list(pool.map(lambda _: upload(client, "me"), range(192)))
        charged = [Decimal(one.headers["X-Credits-Charged"]) for one in answers if one.status_code == 200]
        assert charged == [PRICE] * 100
        assert sum(one.status_code == 402 for one in answers) == 92
        assert account(client, "me")["credits"] == Decimal("0.000001")


def test_64_clients_of_their_own_pay_for_themselves() -> None:
    """Charges at the same time come off the right accounts."""
    names = [f"client-{number}" for number in range(64)]
    with serving() as (_, client), ThreadPoolExecutor(64) as pool:
        pictures = [name for number, name in enumerate(names) for _ in range(number % 3)]
        assert {one.status_code for one in pool.map(lambda name: upload(client, name), pictures)} == {200}
        found = list(pool.map(lambda name: account(client, name)["credits"], names))
    assert found == [1000 - PRICE * (number % 3) for number in range(64)]
