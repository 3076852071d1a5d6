"""Tenants through the control API: what can be seen and changed of a caller, and that it is an island."""

from __future__ import annotations

from decimal import Decimal
from json import loads
from typing import TYPE_CHECKING

import pytest

from contracts.clock import stopwatch
from tests.mockserver.control.asking import PREFIX, account, happened, remove

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from tests.mockserver.control.asking import Control

FRESH: dict[str, object] = {
    "id": "anna",
    "provider": None,
    "credits": "1000",
    "state": "active",
    "pack": "matteproof",
    "use_before": "2100-01-01T00:00:00Z",
    "limits": None,
    "latency": None,
    "settings": {},
    "scenario": None,
    "script": [],
    "rules": [],
    "charged": "0",
    "requests": 0,
    "in_progress": 0,
}

CHANGES: list[dict[str, object]] = [
    {"credits": "0.5"},
    {"state": "dormant"},
    {"pack": "Bulk"},
    {"use_before": "2030-06-01T12:00:00.500000Z"},
    {"limits": {"concurrency": 2}},
    {"limits": {"rate": {"per_second": 0.5, "burst": 3}, "error": "slow-down", "retry_after": 7}},
    {"limits": {"ramp": {"start": 5, "step": 1, "every": 300}}},
    {"latency": 2.5},
    {"latency": "documented"},
    {"settings": {"price": 2, "accept_webp": True}},
]

WRONG_CHANGES: list[tuple[object, str, str]] = [
    ({"credits": -1}, "credits", "minimum of 0"),
    ({"credits": "1e3"}, "credits", "form"),
    ({"credits": "1,5"}, "credits", "form"),
    ({"credits": "NaN"}, "credits", "form"),
    ({"credits_by": "+1"}, "credits_by", "form"),
    ({"credits_by": "--1"}, "credits_by", "form"),
    ({"credits_by": -2e12}, "credits_by", "minimum"),
    ({"credits": "1\n"}, "credits", "form"),
    ({"state": "asleep"}, "state", "active, dormant"),
    ({"pack": ""}, "pack", "shorter than 1"),
    ({"use_before": "soon"}, "use_before", "2026-01-31T12:00:00Z"),
    ({"use_before": 5}, "use_before", "string"),
    ({"limits": {"concurency": 1}}, "limits", "concurrency, rate, ramp, error, retry_after"),
    ({"limits": {"concurrency": -1}}, "limits.concurrency", "minimum of 0"),
    ({"limits": {"rate": {}}}, "limits.rate", "per_second"),
    ({"limits": {"rate": {"per_second": 0}}}, "limits.rate.per_second", "0"),
    ({"limits": {"ramp": {"every": 0}}}, "limits.ramp.every", "0"),
    ({"limits": {"error": "slowdown"}}, "limits.error", "Did you mean 'slow-down'?"),
    ({"latency": -1}, "latency", "minimum of 0"),
    ({"latency": "slow"}, "latency", 'as in "documented" or 2.5 or null'),
    ({"credits": "1e3"}, "credits", 'as in "99.5"'),
    ({"limits": {"error": "bad-token"}}, "limits.error", "Allowed is one of slow-down"),
    ({"settings": {"prize": 1}}, "settings.prize", "allowed are several_images"),
    ({"settings": {"accept_webp": "yes"}}, "settings.accept_webp", "allowed is false, true, or null"),
    ({"credit": 1}, "", "allowed are credits, credits_by, state, pack, use_before, limits, latency, settings"),
    ([], "", "object"),
]

RESET_SECONDS = 0.005


def test_an_unheard_of_tenant_is_opened(control: Control) -> None:
    """One can prepare a tenant before its first request; it belongs to no provider yet."""
    assert control.tell("GET", "/tenants/anna") == FRESH
    assert [tenant["id"] for tenant in control.tell("GET", "/tenants")["tenants"]] == ["anna"]


def test_a_caller_is_a_tenant(mock: Mock, control: Control) -> None:
    """Whoever calls a provider is listed, with the provider and the number of requests."""
    account(mock, "anna")
    account(mock, "anna")
    happened(control, 2)
    assert control.tell("GET", "/tenants")["tenants"] == [{**FRESH, "provider": "pixian", "requests": 2}]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_change_is_kept_and_shown(control: Control, change: dict[str, object]) -> None:
    """What was named is as it was written, and everything else as it was."""
    assert control.tell("PATCH", "/tenants/anna", change) == {**FRESH, **change}
    assert control.tell("GET", "/tenants/anna") == {**FRESH, **change}


def test_a_tenant_is_refused_by_an_error_of_its_own_provider(mock: Mock, control: Control) -> None:
    """Once the provider is known, another's errors are none; before that, those of all are."""
    control.tell("PATCH", "/tenants/anna", {"limits": {"error": "upstream-saturated"}})
    account(mock, "anna")
    field, message = control.refuse("PATCH", "/tenants/anna", json={"limits": {"error": "upstream-saturated"}})
    assert field == "limits.error"
    assert "Allowed is one of slow-down" in message


def test_limits_are_replaced_as_a_whole(control: Control) -> None:
    """Those that are not named any more are gone; what else is not named stays."""
    control.tell("PATCH", "/tenants/anna", {"limits": {"concurrency": 2, "retry_after": 5}, "latency": 3})
    shown = control.tell("PATCH", "/tenants/anna", {"limits": {"rate": {"per_second": 1, "burst": 1}}})
    assert shown["limits"] == {"rate": {"per_second": 1, "burst": 1}}
    assert shown["latency"] == 3


def test_an_id_may_hold_slashes(mock: Mock, control: Control) -> None:
    """They come with percent signs; one that is plain still divides the path."""
    assert account(mock, "a/b").status_code == 200
    assert control.tell("GET", "/tenants/a%2Fb")["requests"] == 1
    assert control.tell("PUT", "/tenants/a%2fb/script", ["429"])["id"] == "a/b"
    assert control.tell("GET", "/tenants/a%2Fscript")["id"] == "a/script"
    assert "a%2Fb" in control.refuse("GET", "/nothing/a%2Fb", 404)[1]
    control.refuse("GET", "/tenants/a/b", 404)


def test_nothing_named_is_nothing_changed(control: Control) -> None:
    """An empty change is allowed."""
    assert control.tell("PATCH", "/tenants/anna", {}) == FRESH


def test_null_ends_a_choice(control: Control) -> None:
    """Limits, latency and settings can be given back."""
    control.tell("PATCH", "/tenants/anna", {"limits": {"concurrency": 1}, "latency": 3, "settings": {"price": 2}})
    back = {"limits": None, "latency": None, "settings": {"price": None}}
    assert control.tell("PATCH", "/tenants/anna", back) == FRESH


@pytest.mark.parametrize("credits_", ["0.1", "2.50", "123456789.123456789", "999999999999.999999999999", "0"])
def test_every_digit_of_credits_counts(control: Control, credits_: str) -> None:
    """Credits written as a text are kept as they are."""
    assert control.tell("PATCH", "/tenants/anna", {"credits": credits_})["credits"] == credits_


def test_credits_are_changed_by_an_amount(control: Control) -> None:
    """From whatever they are, which nobody has to know."""
    control.tell("PATCH", "/tenants/anna", {"credits": "0.3"})
    assert control.tell("PATCH", "/tenants/anna", {"credits_by": "-0.1"})["credits"] == "0.2"
    assert control.tell("PATCH", "/tenants/anna", {"credits_by": 5})["credits"] == "5.2"
    assert control.tell("PATCH", "/tenants/anna", {"credits": "1", "credits_by": "-4"})["credits"] == "0"


def test_credits_are_what_the_provider_says_too(mock: Mock, control: Control) -> None:
    """The account operation and the control API agree on what is left after a charge."""
    control.tell("PATCH", "/tenants/anna", {"credits": "0.3"})
    charged = Decimal(remove(mock, "anna").headers["X-Credits-Charged"])
    left = Decimal(control.tell("GET", "/tenants/anna")["credits"])
    assert left == Decimal("0.3") - charged
    assert loads(account(mock, "anna").text, parse_float=Decimal)["credits"] == left


def test_a_limit_holds(mock: Mock, control: Control) -> None:
    """With no requests allowed at a time, the next one is refused as the limits say; others are not."""
    limits = {"concurrency": 0, "error": "slow-down", "retry_after": 7}
    control.tell("PATCH", "/tenants/anna", {"limits": limits})
    answer = remove(mock, "anna", test="true")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert remove(mock, "berta", test="true").status_code == 200


def test_a_setting_changes_the_answer_for_one_tenant(mock: Mock, control: Control) -> None:
    """A dormant account can pay for nothing; that of another can."""
    control.tell("PATCH", "/tenants/anna", {"state": "dormant"})
    assert remove(mock, "anna").status_code == 402
    assert remove(mock, "berta").status_code == 200


@pytest.mark.parametrize(("change", "place", "allowed"), WRONG_CHANGES, ids=str)
def test_a_wrong_change_is_explained(control: Control, change: object, place: str, allowed: str) -> None:
    """The refusal names the field and says what is allowed; nothing has changed."""
    field, message = control.refuse("PATCH", "/tenants/anna", json=change)
    assert field == place
    assert allowed in message
    assert control.tell("GET", "/tenants/anna") == FRESH


def test_a_change_is_made_whole_or_not_at_all(control: Control) -> None:
    """What is right beside what is wrong does not happen either."""
    control.refuse("PATCH", "/tenants/anna", json={"credits": "5", "use_before": "2026-02-30T00:00:00Z"})
    control.refuse("PATCH", "/tenants/anna", json={"credits": "5", "settings": {"price": -1}})
    assert control.tell("GET", "/tenants/anna") == FRESH


def test_a_reset_makes_a_tenant_as_new(mock: Mock, control: Control) -> None:
    """Credits, script, scenario, limits and settings are as at the beginning, and its journal is empty."""
    account(mock, "anna")
    account(mock, "berta")
    happened(control, 2)
    control.tell("PUT", "/tenants/anna/scenario", {"name": "busy"})
    control.tell("PATCH", "/tenants/anna", {"credits": 3, "limits": {"concurrency": 1}, "settings": {"price": 2}})
    control.tell("PUT", "/tenants/anna/script", ["429"])
    control.tell("PATCH", "/tenants/berta", {"credits": "7"})
    assert control.tell("DELETE", "/tenants/anna") == {"done": True}
    assert control.tell("GET", "/tenants/anna") == {**FRESH, "provider": "pixian"}
    assert {exchange["tenant"] for exchange in control.tell("GET", "/journal")["exchanges"]} == {"berta"}
    assert control.tell("GET", "/tenants/berta")["credits"] == "7"


def test_a_reset_is_quick(mock: Mock, control: Control) -> None:
    """It can come before each of thousands of tests: the best of several takes less than 5 ms within the server."""
    for _ in range(100):
        account(mock, "berta")
    happened(control, 100)
    client = mock.app.test_client()

    def seconds() -> float:
        account(mock, "anna")
        start = stopwatch()
        assert client.delete(f"{PREFIX}/tenants/anna").status_code == 200
        return stopwatch() - start

    assert min(seconds() for _ in range(10)) < RESET_SECONDS


def test_the_same_name_at_another_provider_is_another_tenant(control: Control) -> None:
    """Names are those of the path, percent-decoded; what is in one is not in another."""
    control.tell("PATCH", "/tenants/xty:anna", {"credits": "1"})
    control.tell("PATCH", "/tenants/a%20b%C3%BC", {"credits": "2"})
    assert control.tell("GET", "/tenants/anna") == FRESH
    assert control.tell("GET", "/tenants/a bü")["credits"] == "2"


@pytest.mark.parametrize(
    "amount", ["123456789.123456789123", "0.000000000001", "999.9808", "100", "1000.50", "999999999.999999999999"]
)
def test_the_account_tells_credits_to_the_last_digit(mock: Mock, control: Control, amount: str) -> None:
    """However many there are: the number in the account's JSON is rounded by nobody."""
    control.tell("PATCH", "/tenants/anna", {"credits": amount})
    assert loads(account(mock, "anna").text, parse_float=Decimal, parse_int=Decimal)["credits"] == Decimal(amount)


def test_only_those_used_last_are_listed_if_one_likes(control: Control) -> None:
    """With a limit the list ends with the same tenant, and begins later."""
    for name in ("anna", "berta", "carla"):
        control.tell("GET", f"/tenants/{name}")
    listed = control.tell("GET", "/tenants?limit=2")["tenants"]
    assert [one["id"] for one in listed] == ["berta", "carla"]
