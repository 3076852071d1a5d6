"""Magic credentials: whoever cannot change a client's code chooses a scenario by its API id or key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from contracts.behaviour import Credentials
from contracts.clock import Clock
from mockserver.journal import Filter
from mockserver.magic import scenario_in
from mockserver.mock import Mock

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT, MODELS = "/api/v2/account", "/v1/models"


@pytest.fixture
def client(mock: Mock) -> Iterator[httpx.Client]:
    """A client without credentials."""
    with httpx.Client(base_url=mock.url, trust_env=False) as client:
        yield client


def by_id(client: httpx.Client, user: str) -> httpx.Response:
    """Ask for the account of *user*."""
    return client.get(ACCOUNT, auth=(user, "secret"))


def by_key(client: httpx.Client, key: str) -> httpx.Response:
    """List the models with *key*."""
    return client.get(MODELS, headers={"Authorization": f"Bearer {key}"})


def reasons(mock: Mock, tenant: str) -> list[str]:
    """Return what the journal says of the credentials of *tenant*, exchange by exchange."""
    found = mock.journal.find(Filter(tenant=tenant))
    return [reason.text for entry in found for reason in entry.reasons if reason.step == "credentials"]


def name_of(mock: Mock, key: str) -> str:
    """Return the name of the tenant that holds *key*."""
    found = [one.name for one in mock.state.tenants.all() if one.provider == "xty" and one.claim("xty", key)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("credentials", "name"),
    [
        (Credentials("mock-busy", "any"), "busy"),
        (Credentials("mock-slow-peak.anna", "any"), "slow-peak"),
        (Credentials("mock-busy.", "any"), "busy"),
        (Credentials("sk-mo-12345678", "sk-mock-busy"), "busy"),
        (Credentials("sk-mo-12345678", "sk-mock-busy.anna"), "busy"),
        (Credentials("anna", "mock-busy"), "busy"),
        (Credentials("anna", "secret"), ""),
        (Credentials("mock-", "secret"), ""),
        (Credentials("mock-Busy", "secret"), ""),
        (Credentials("xmock-busy", "secret"), ""),
        (Credentials("mock-busy/anna", "secret"), ""),
        (Credentials("mock-busy\n", "secret"), ""),
    ],
)
def test_the_name_of_a_scenario_is_read_from_either_half(credentials: Credentials, name: str) -> None:
    """It follows ``mock-`` or ``sk-mock-`` and ends at a dot; anything else is no magic."""
    assert scenario_in(credentials) == name


def test_an_api_id_chooses_a_scenario(mock: Mock, client: httpx.Client) -> None:
    """The first request is already in it, and the journal says why."""
    assert by_id(client, "mock-dormant-pack").json()["state"] == "dormant"
    assert reasons(mock, "mock-dormant-pack") == ["they choose the scenario dormant-pack"]


def test_a_key_chooses_a_scenario(mock: Mock, client: httpx.Client) -> None:
    """It works in the same way at the other provider."""
    assert by_key(client, "sk-mock-slow-peak.key").status_code == 200
    name = name_of(mock, "sk-mock-slow-peak.key")
    tenant = mock.state.tenants.get(name)
    assert (tenant.scenario, tenant.latency) == ("slow-peak", 170)
    assert reasons(mock, name) == ["they choose the scenario slow-peak"]


def test_what_follows_a_dot_keeps_callers_apart(mock: Mock, client: httpx.Client) -> None:
    """Two callers in one scenario share neither credits nor secrets."""
    for user in ("mock-slow-peak.anna", "mock-slow-peak.berta"):
        assert client.get(ACCOUNT, auth=(user, f"secret of {user}")).status_code == 200
    anna, berta = (mock.state.tenants.get(f"mock-slow-peak.{name}") for name in ("anna", "berta"))
    assert anna is not berta
    assert (anna.scenario, berta.scenario) == ("slow-peak", "slow-peak")


def test_the_scenario_is_chosen_once(mock: Mock, client: httpx.Client) -> None:
    """What is changed after the first request stays, and the journal does not repeat itself."""
    user = "mock-dormant-pack.once"
    assert by_id(client, user).json()["state"] == "dormant"
    mock.state.tenants.get(user).ledger.set(active=True, use_before=4e9)
    assert by_id(client, user).json()["state"] == "active"
    assert len(reasons(mock, user)) == 1


def test_after_a_reset_it_is_chosen_again(client: httpx.Client) -> None:
    """A reset tenant is as a fresh one, whose credentials are still magic."""
    user = "mock-dormant-pack.reset"
    by_id(client, user)
    client.delete(f"/_mock/v1/tenants/{user}")
    assert by_id(client, user).json()["state"] == "dormant"


@pytest.mark.parametrize("user", ["mock-bussy", "mock-bussy.anna"])
def test_an_unknown_name_is_told_in_the_journal(mock: Mock, client: httpx.Client, user: str) -> None:
    """The caller gets normal answers; the journal says that there is no such scenario, and which there are."""
    assert by_id(client, user).status_code == 200
    assert mock.state.tenants.get(user).scenario == ""
    (reason,) = reasons(mock, user)
    assert reason.startswith("there is no scenario bussy; there are almost-out-of-credits, black-friday, ")


def test_an_unknown_name_in_a_key_is_told_without_the_key(mock: Mock, client: httpx.Client) -> None:
    """The name is shown, what follows the dot is not."""
    assert by_key(client, "sk-mock-bussy.hidden").status_code == 200
    (reason,) = reasons(mock, name_of(mock, "sk-mock-bussy.hidden"))
    assert "there is no scenario bussy" in reason
    assert "hidden" not in reason


def test_others_are_in_no_scenario(mock: Mock, client: httpx.Client) -> None:
    """Plain credentials choose nothing, and nothing is said of them."""
    assert by_id(client, "plain-caller").json()["state"] == "active"
    assert reasons(mock, "plain-caller") == []


def test_a_limit_of_the_scenario_holds_from_the_first_request_on(client: httpx.Client) -> None:
    """The scenario is in force before the limiter is asked: of six requests at once, two are over the burst."""
    with Mock(clock=Clock(frozen=True, now=0.0)) as frozen:
        url = f"{frozen.url}{ACCOUNT}"
        found = [client.get(url, auth=("mock-strict-limits", "secret")).status_code for _ in range(6)]
    assert found == [200] * 4 + [429] * 2


def test_a_list_of_keys_comes_before_magic() -> None:
    """With ``--keys``, magic credentials that are not listed open nothing."""
    with Mock(keys={"mock-dormant-pack": frozenset({"secret"})}) as mock:
        with httpx.Client(base_url=mock.url, trust_env=False) as client:
            assert by_id(client, "mock-dormant-pack").json()["state"] == "dormant"
            assert by_id(client, "mock-slow-peak").status_code == 401
            assert by_key(client, "sk-mock-slow-peak").status_code == 401
        assert [tenant.name for tenant in mock.state.tenants.all()] == ["mock-dormant-pack"]
