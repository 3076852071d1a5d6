"""Naming a caller before it has called: by its id, or by the credentials that it will send."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING

import pytest

from contracts.providers import discover
from mockserver.mock import Mock
from serving import until
from tests.mockserver.control.asking import Control, account, models, remove

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "sk-prepared-secret"


@pytest.fixture
def frozen_control(control: Control) -> Iterator[Control]:
    """The control API of a server on which no time passes."""
    control.tell("PUT", "/clock", {"mode": "frozen"})
    yield control
    control.tell("PUT", "/clock", {"mode": "real"})


def test_a_script_for_a_magic_caller_is_played_from_its_first_request_on(mock: Mock, control: Control) -> None:
    """The scenario is there before the script, and does not wipe it away."""
    shown = control.tell("PUT", "/tenants/mock-dormant-pack/script", ["503", "503"])
    assert (shown["scenario"], shown["script"]) == ("dormant-pack", ["503", "503"])
    assert [remove(mock, "mock-dormant-pack").status_code for _ in range(3)] == [503, 503, 402]


def test_a_change_of_a_magic_caller_holds_from_its_first_request_on(mock: Mock, control: Control) -> None:
    """What the user asks for wins over the scenario that the credentials name."""
    control.tell("PATCH", "/tenants/mock-slow-peak", {"latency": 0, "credits": "7"})
    assert remove(mock, "mock-slow-peak", test="true").status_code == 200
    shown = control.tell("GET", "/tenants/mock-slow-peak")
    assert (shown["scenario"], shown["latency"], shown["credits"]) == ("slow-peak", 0, "7")


def test_another_scenario_for_a_magic_caller_holds_from_its_first_request_on(mock: Mock, control: Control) -> None:
    """The scenario that the user chooses takes the place of the one that the credentials name."""
    control.tell("PUT", "/tenants/mock-slow-peak/scenario", {"name": "dormant-pack"})
    assert account(mock, "mock-slow-peak").json()["state"] == "dormant"
    assert control.tell("GET", "/tenants/mock-slow-peak")["scenario"] == "dormant-pack"


def test_a_key_names_the_tenant_that_will_send_it(mock: Mock, control: Control) -> None:
    """What is asked for beforehand meets the caller; no answer repeats the key."""
    answer = control.ask("PATCH", f"/tenants/{KEY}", json={"limits": {"concurrency": 0}})
    assert "secret" not in answer.text
    assert models(mock, KEY).status_code == 429
    (tenant,) = control.tell("GET", "/tenants")["tenants"]
    assert tenant["id"] == answer.json()["id"]
    assert tenant["provider"] == "xty"
    assert control.tell("GET", f"/tenants/{tenant['id']}") == control.tell("GET", f"/tenants/{KEY}")


def test_a_pair_names_the_tenant_of_its_id(mock: Mock, control: Control) -> None:
    """The secret of an id that is given as a pair is not kept: the first that is sent is the tenant's."""
    assert control.tell("PATCH", "/tenants/anna:hidden", {"credits": "3"})["id"] == "anna"
    assert account(mock, "anna").json()["credits"] == 3


def test_a_magic_key_is_in_its_scenario_before_it_is_sent(mock: Mock, control: Control) -> None:
    """The control API shows the tenant as the caller will meet it."""
    assert control.tell("GET", "/tenants/sk-mock-slow-peak.anna")["scenario"] == "slow-peak"
    assert models(mock, "sk-mock-slow-peak.anna").status_code == 200


@pytest.mark.parametrize("change", [None, {"latency": 3}])
def test_the_id_of_a_key_can_be_used_before_the_key_is_known(
    mock: Mock, control: Control, change: dict[str, object] | None
) -> None:
    """Who only looks leaves the scenario to the key; what is changed stays."""
    name = control.tell("GET", "/tenants/sk-mock-slow-peak.early")["id"]
    control.tell("POST", "/reset")
    if change is None:
        assert control.tell("GET", f"/tenants/{name}")["scenario"] is None
    else:
        control.tell("PATCH", f"/tenants/{name}", change)
    models(mock, "sk-mock-slow-peak.early")
    shown = control.tell("GET", f"/tenants/{name}")
    assert (shown["scenario"], shown["latency"]) == (("slow-peak", 170) if change is None else (None, 3))


def test_a_rule_may_match_by_credentials(mock: Mock, control: Control) -> None:
    """It is kept and shown with the tenant's id."""
    rule = control.tell("POST", "/faults", {"fault": "429", "match": {"tenant": KEY}})
    assert "secret" not in str(rule)
    assert [models(mock, key).status_code for key in (KEY, "sk-other")] == [429, 200]


def test_the_journal_can_be_filtered_by_credentials(mock: Mock, control: Control) -> None:
    """A key stands for the exchanges of its tenant, when they are listed and when they are forgotten."""
    for key in (KEY, "sk-other"):
        models(mock, key)
    assert control.tell("GET", f"/journal/wait?tenant={KEY}")["count"] == 1
    control.tell("DELETE", f"/journal?tenant={KEY}")
    assert control.tell("GET", "/journal")["count"] == 1


def test_an_id_that_nobody_could_have_is_refused() -> None:
    """The refusal says how callers are named; no tenant is opened."""
    with Mock([discover()["xty"]]) as mock:
        control = Control(mock)
        for method, path in (("GET", ""), ("PATCH", ""), ("PUT", "/script")):
            field, message = control.refuse(method, f"/tenants/me{path}", 404, json=[] if path else {})
            assert field == "tenant"
            assert "a key that begins with sk-" in message
        assert control.tell("GET", "/tenants") == {"tenants": []}
        control.close()


def test_simultaneous_requests_take_times_of_their_own(mock: Mock, frozen_control: Control) -> None:
    """The documented time is drawn for each request by its number, however many come at once."""
    frozen_control.tell("PATCH", "/tenants/anna", {"latency": "documented"})
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(remove, mock, "anna", test="true") for _ in range(8)]
        until(lambda: frozen_control.tell("GET", "/tenants/anna")["requests"] == 8)
        until(lambda: sum(entry.response is not None for entry in mock.journal.find()) == 8)
        moments = {0.0}
        for _ in range(60):
            frozen_control.tell("POST", "/clock/advance", {"seconds": 0.1})
            Event().wait(0.01)
        assert {answer.result().status_code for answer in answers} == {200}
    ended = {one["seconds"] for one in frozen_control.tell("GET", "/journal/wait?count=8")["exchanges"]}
    assert len(ended - moments) > 4
