"""Who is in a scenario: everybody, or one tenant; and how long."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from contracts.clock import Clock
from mockserver.mock import Mock

if TYPE_CHECKING:
    from collections.abc import Iterator

START = 1_704_067_200.0
ACCOUNT = "/api/v2/account"
ALL, ONE = "/_mock/v1/scenario", "/_mock/v1/tenants/{}/scenario"


@contextmanager
def serving(scenario: str = "") -> Iterator[tuple[Mock, httpx.Client]]:
    """Serve in *scenario* by a clock that stands still."""
    with (
        Mock(scenario=scenario, clock=Clock(frozen=True, now=START)) as mock,
        httpx.Client(base_url=mock.url, trust_env=False) as client,
    ):
        yield mock, client


def state(client: httpx.Client, user: str) -> Any:  # noqa: ANN401  a JSON value
    """Return the state of the account of *user*."""
    return client.get(ACCOUNT, auth=(user, "secret")).json()["state"]


def test_the_global_scenario_dresses_tenants_to_come() -> None:
    """Whoever comes later is in it from the first request on, at either provider."""
    with serving("dormant-pack") as (mock, client):
        assert [state(client, user) for user in ("anna", "berta")] == ["dormant", "dormant"]
        client.get("/v1/models", headers={"Authorization": "Bearer sk-later"})
        assert {(one.scenario, one.ledger.account.active) for one in mock.state.tenants.all()} == {
            ("dormant-pack", False)
        }


def test_a_global_scenario_resets_and_dresses_those_who_are_there() -> None:
    """What a tenant had before is gone; ``null`` takes everybody out again."""
    with serving() as (mock, client):
        assert state(client, "anna") == "active"
        tenant = mock.state.tenants.get("anna")
        tenant.latency = 5.0
        assert client.put(ALL, json={"name": "dormant-pack"}).json() == {"name": "dormant-pack"}
        assert tenant.latency is None
        assert [state(client, user) for user in ("anna", "berta")] == ["dormant", "dormant"]
        assert client.put(ALL, json={"name": None}).json() == {"name": None}
        assert [state(client, user) for user in ("anna", "berta", "caesar")] == ["active"] * 3


def test_a_tenant_of_its_own_scenario_leaves_others_alone() -> None:
    """Only the named tenant is in it."""
    with serving() as (_, client):
        assert client.put(ONE.format("anna"), json={"name": "dormant-pack"}).json()["scenario"] == "dormant-pack"
        assert [state(client, user) for user in ("anna", "berta")] == ["dormant", "active"]


def test_a_tenants_own_scenario_takes_the_place_of_the_global_one() -> None:
    """Of the global one nothing is left."""
    with serving("dormant-pack") as (mock, client):
        found = client.put(ONE.format("anna"), json={"name": "slow-peak"}).json()
        assert (found["scenario"], found["state"], found["latency"]) == ("slow-peak", "active", 170)
        assert state(client, "anna") == "active"
        assert mock.engine.scenario == "dormant-pack"


def test_a_reset_tenant_is_back_in_the_global_scenario() -> None:
    """For whoever is reset it is as at the beginning."""
    with serving("dormant-pack") as (_, client):
        client.put(ONE.format("anna"), json={"name": "slow-peak"})
        client.delete("/_mock/v1/tenants/anna")
        assert state(client, "anna") == "dormant"


@pytest.mark.parametrize("path", [ALL, ONE.format("anna")])
def test_an_unknown_scenario_is_refused_and_changes_nothing(path: str) -> None:
    """The control API suggests the nearest and names the field."""
    with serving("slow-peak") as (mock, client):
        answer = client.put(path, json={"name": "bussy"})
        assert answer.status_code == 400
        assert answer.json()["error"]["field"] == "name"
        assert "Did you mean 'busy'?" in answer.json()["error"]["message"]
        assert mock.engine.scenario == "slow-peak"
        assert mock.state.tenants.get("anna").scenario == "slow-peak"


def test_seconds_of_a_rule_count_from_when_the_tenant_is_dressed(tmp_path: Any) -> None:  # noqa: ANN401  a path
    """A rule with a time to live is over for each tenant in its own time."""
    file = tmp_path / "outage.yaml"
    file.write_text("{description: Out for a minute., faults: [{fault: 503, seconds: 60}]}")
    with serving(str(file)) as (mock, client):

        def status(user: str) -> int:
            return client.get(ACCOUNT, auth=(user, "secret")).status_code

        assert status("anna") == 503
        mock.clock.advance(59)
        assert [status("anna"), status("berta")] == [503, 503]
        mock.clock.advance(1)
        assert [status("anna"), status("berta")] == [200, 503]
