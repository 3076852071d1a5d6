"""Undo on the page: what was done goes back, and what others changed since stays."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from dashboard import ask, at, control, cut_out, said, undo

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from mockserver.mock import Mock

pytestmark = [pytest.mark.usefixtures("mock"), pytest.mark.thorough]  # the mock is stopped after the page is closed

PRICE = Decimal("0.0192")
"""Credits that one picture costs."""
MERGE = """async ([before, after, now]) => {
  const { merged, difference } = await import(new URL("static/merge.js", location.href));
  const { values, stayed } = merged(before, after, now, Object.keys(before).filter(one => one !== "charged"));
  return [values, stayed, difference(values, now)];
}"""


def choose(page: Page, mock: Mock, caller: str) -> None:
    """Open the place where things are done, to *caller*."""
    page.goto(at(mock, "next"))
    page.get_by_role("combobox", name="Caller").select_option(caller)


def tenant(mock: Mock, name: str = "anna") -> Any:  # noqa: ANN401  any JSON value
    """Return the tenant as the control API tells it."""
    return control(mock, f"tenants/{name}")


@pytest.mark.parametrize("caller", ["", "anna"])
def test_a_scenario_goes_and_what_came_since_stays(page: Page, mock: Mock, caller: str) -> None:
    """Credits are counted, what nobody touched is as before, and what others set is as they did."""
    before = {"credits": "998.25", "limits": {"concurrency": 3}, "latency": 0, "settings": {"price": 1}}
    cut_out(mock)
    ask(mock, "PATCH", "tenants/anna", before)
    ask(mock, "PUT", "tenants/anna/script", ["ok", "429"])
    choose(page, mock, caller)
    page.get_by_role("button", name="strict-limits Two").click()
    expect(said(page, "in the scenario strict-limits")).to_be_visible()
    assert cut_out(mock).status_code == 200
    ask(mock, "PATCH", "tenants/anna", {"latency": 0.5, "pack": "theirs"})
    undo(
        page,
        "Changed since by others, and kept:",
        "the processing time of anna",
        "the credit pack of anna",
        "What was charged since is still charged.",
    )
    now = tenant(mock)
    assert Decimal(now["credits"]) == Decimal("998.25") - PRICE
    assert (now["limits"], now["settings"]["price"]) == ({"concurrency": 3}, 1)
    assert (now["latency"], now["pack"]) == (0.5, "theirs")
    assert (now["scenario"], now["script"]) == (None, ["ok", "429"])
    assert control(mock, "scenarios")["scenario"] is None


@pytest.mark.parametrize("caller", ["", "anna"])
def test_a_scenario_that_others_changed_is_left_alone(page: Page, mock: Mock, caller: str) -> None:
    """The page says which it is since."""
    cut_out(mock)
    ask(mock, "PATCH", "tenants/anna", {"credits": "5"})
    choose(page, mock, caller)
    page.get_by_role("button", name="busy Too").click()
    expect(said(page, "in the scenario busy")).to_be_visible()
    ask(mock, "PUT", f"tenants/{caller}/scenario" if caller else "scenario", {"name": "slow-peak"})
    undo(page, f"{caller or 'Everybody'} is in the scenario slow-peak since; nothing was undone.")
    assert (tenant(mock)["scenario"], tenant(mock)["credits"]) == ("slow-peak", "1000")


def test_who_came_since_only_loses_the_scenario(page: Page, mock: Mock) -> None:
    """What it has spent, and what others set of it, stays; who was put elsewhere since stays there."""
    cut_out(mock, "anna")
    cut_out(mock, "carla")
    page.goto(at(mock, "next"))
    page.get_by_role("button", name="slow-peak A peak").click()
    expect(said(page, "Everybody is in the scenario slow-peak.")).to_be_visible()
    ask(mock, "PATCH", "tenants/berta", {"credits": "7.5", "limits": {"concurrency": 2}})
    assert tenant(mock, "berta")["latency"] == 170
    ask(mock, "PUT", "tenants/carla/scenario", {"name": "dormant-pack"})
    ask(mock, "PATCH", "tenants/carla", {"credits": "3"})
    undo(page, "the scenario of carla")
    berta, carla = tenant(mock, "berta"), tenant(mock, "carla")
    assert (berta["scenario"], berta["latency"]) == (None, None)
    assert (berta["credits"], berta["limits"]) == ("7.5", {"concurrency": 2})
    assert (carla["scenario"], carla["state"], carla["credits"]) == ("dormant-pack", "dormant", "3")
    assert Decimal(tenant(mock, "anna")["credits"]) == 1000 - PRICE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("998.25", "998.2308"),
        ("123456789012.000000000001", "123456789011.980800000001"),
        ("0.01", "0"),
    ],
)
def test_credits_are_counted(page: Page, mock: Mock, before: str, after: str) -> None:
    """What was charged since is charged to the last digit, and never below nothing."""
    ask(mock, "PATCH", "tenants/anna", {"credits": before})
    choose(page, mock, "anna")
    page.get_by_role("button", name="Refill").click()
    expect(said(page, "anna has")).to_be_visible()
    assert cut_out(mock).status_code == 200
    assert Decimal(tenant(mock)["charged"]) == PRICE
    undo(page, "What was charged since is still charged.")
    assert Decimal(tenant(mock)["credits"]) == Decimal(after)


@pytest.mark.parametrize("since", ["500", "1.5"])
def test_credits_that_others_set_since_stay(page: Page, mock: Mock, since: str) -> None:
    """More or fewer, and whatever was charged besides; for others it is undone."""
    for name in ("anna", "berta"):
        ask(mock, "PATCH", f"tenants/{name}", {"credits": "10"})
    choose(page, mock, "")
    page.get_by_role("button", name="Refill").click()
    expect(said(page, "All 2 callers have 1000 credits.")).to_be_visible()
    ask(mock, "PATCH", "tenants/anna", {"credits": since})
    cut_out(mock)
    undo(page, "Changed since by others, and kept: the credits of anna.")
    assert Decimal(tenant(mock)["credits"]) == Decimal(since) - PRICE
    assert Decimal(tenant(mock, "berta")["credits"]) == 10


def test_charges_between_two_requests_of_an_undo_count(page: Page, mock: Mock) -> None:
    """Whoever is served after the page has looked at the credits, and before it sets them, pays all the same."""
    ask(mock, "PATCH", "tenants/anna", {"credits": "998.25"})
    choose(page, mock, "anna")
    page.get_by_role("button", name="Refill").click()
    expect(said(page, "anna has")).to_be_visible()
    page.route("**/_mock/v1/tenants/anna", lambda route: late(route, mock))
    undo(page)
    assert Decimal(tenant(mock)["credits"]) == Decimal("998.25") - PRICE


def late(route: Route, mock: Mock) -> None:
    """Let a request through, if it changes something after anna has paid for a picture."""
    if route.request.method == "PATCH":
        cut_out(mock)
    route.continue_()


def test_limits_that_others_set_since_stay(page: Page, mock: Mock) -> None:
    """Nothing is undone then, and the page says why; of many callers only those that are as they were left."""
    cut_out(mock, "anna")
    cut_out(mock, "berta")
    choose(page, mock, "anna")
    page.get_by_role("button", name="1 at a time").click()
    expect(said(page, "anna may send one request")).to_be_visible()
    ask(mock, "PATCH", "tenants/anna", {"limits": {"concurrency": 9}})
    undo(page, "Nothing was undone. Changed since by others, and kept: the limits of anna.")
    page.get_by_role("combobox", name="Caller").select_option("")
    page.get_by_role("button", name="5 at a time").click()
    expect(said(page, "All 2 callers may send 5")).to_be_visible()
    ask(mock, "PATCH", "tenants/berta", {"limits": {"concurrency": 2}})
    undo(page, "kept: the limits of berta.")
    assert (tenant(mock)["limits"], tenant(mock, "berta")["limits"]) == ({"concurrency": 9}, {"concurrency": 2})


def test_a_script_that_others_wrote_since_stays(page: Page, mock: Mock) -> None:
    """Else the words come back that were left when it was stopped."""
    ask(mock, "PUT", "tenants/anna/script", ["ok", "429", "500"])
    page.goto(at(mock))
    stop = page.get_by_role("complementary").get_by_role("button", name="Stop")
    expect(stop).to_be_visible()
    cut_out(mock)
    stop.click()
    expect(said(page, "The script of anna is over.")).to_be_visible()
    undo(page)
    assert tenant(mock)["script"] == ["429", "500"]
    stop.click()
    expect(said(page, "The script of anna is over.")).to_be_visible()
    ask(mock, "PUT", "tenants/anna/script", ["503"])
    undo(page, "anna has another script since; nothing was undone.")
    assert tenant(mock)["script"] == ["503"]


def test_a_fault_that_is_over_is_not_undone(page: Page, mock: Mock) -> None:
    """Nor is one brought back that somebody has asked for again."""
    page.goto(at(mock, "next"))
    page.get_by_role("button", name="503 unavailable").click()
    expect(said(page, "The next request of everybody")).to_be_visible()
    assert cut_out(mock).status_code == 503
    undo(page, "The fault is over already; nothing was undone.")
    page.get_by_role("button", name="all, until stopped").click()
    page.get_by_role("button", name="503 unavailable").click()
    page.get_by_role("complementary").get_by_role("button", name="Stop").click()
    expect(said(page, "The fault is off.")).to_be_visible()
    ask(mock, "POST", "faults", {"fault": "503"})
    undo(page, "Somebody has asked for the same fault since; nothing was undone.")
    assert len(control(mock, "faults")["faults"]) == 1


@pytest.mark.parametrize(
    ("button", "since"),
    [
        ("Freeze", {"mode": "scaled", "speed": 5}),
        ("+1 h", {"now": "2031-01-01T00:00:00Z"}),
        ("+1 h", {"mode": "frozen"}),
    ],
)
def test_a_clock_that_others_set_since_stays(page: Page, mock: Mock, button: str, since: dict[str, object]) -> None:
    """The page says so."""
    page.goto(at(mock, "next"))
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    left = ask(mock, "PUT", "clock", since)
    undo(page, "The clock was set otherwise since; nothing was undone.")
    now = control(mock, "clock")
    assert (now["mode"], now["speed"]) == (left["mode"], left["speed"])
    assert now["now"] >= left["now"]


def test_a_frozen_clock_runs_again(page: Page, mock: Mock) -> None:
    """And one that jumped while it stood still goes back to the second it came from."""
    page.goto(at(mock, "next"))
    page.get_by_role("button", name="Freeze").click()
    expect(said(page, "The clock is frozen.")).to_be_visible()
    began = control(mock, "clock")["now"]
    page.get_by_role("button", name="+1 min").click()
    expect(said(page, "a minute")).to_be_visible()
    undo(page)
    assert control(mock, "clock")["now"][:22] == began[:22]


@pytest.mark.parametrize(
    ("before", "after", "now", "values", "stayed", "change"),
    [
        # Settings are told apart: one of the deed's goes, one of others stays, one that the deed took comes back.
        (
            {"settings": {"a": 1, "b": 1}},
            {"settings": {"c": 2}},
            {"settings": {"c": 2, "d": 3}},
            {"settings": {"a": 1, "b": 1, "d": 3}},
            ["setting d"],
            {"settings": {"a": 1, "b": 1, "d": 3, "c": None}},
        ),
        # What others have put back already is as it should be.
        ({"latency": None}, {"latency": 30}, {"latency": None}, {"latency": None}, [], {}),
        (
            {"credits": "1000.5"},
            {"credits": "0", "charged": "3"},
            {"credits": "0", "charged": "3"},
            {"credits": "1000.5"},
            [],
            {"credits_by": "1000.5"},
        ),
        (
            {"credits": "1.50"},
            {"credits": "9", "charged": "0"},
            {"credits": "8.5", "charged": "0.5"},
            {"credits": "1"},
            ["charges"],
            {"credits_by": "-7.5"},
        ),
        (
            {"credits": "1.50"},
            {"credits": "9", "charged": "0"},
            {"credits": "9.5", "charged": "0.5"},
            {"credits": "9.5"},
            ["credits"],
            {},
        ),
    ],
)
def test_three_become_one(  # noqa: PLR0913, PLR0917
    page: Page, mock: Mock, before: object, after: object, now: object, values: object, stayed: object, change: object
) -> None:
    """As it was before a deed, right after it, and is now: what comes of that, what stays, and what has to change."""
    page.goto(at(mock, "learn"))
    assert page.evaluate(MERGE, [before, after, now]) == [values, stayed, change]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("PUT", "tenants/anna/scenario", {"name": "out-of-credits"}), ("POST", "reset", None)],
    ids=["another scenario", "a reset"],
)
def test_a_caller_that_others_began_anew_is_left_alone(
    page: Page, mock: Mock, method: str, path: str, body: object
) -> None:
    """Its credits are no longer those that were changed; and who is gone does not come back."""
    cut_out(mock)
    page.goto(at(mock, "next"))
    page.get_by_role("button", name="Drain").click()
    expect(said(page, "has no credits")).to_be_visible()
    ask(mock, method, path, body)
    before = control(mock, "tenants")
    undo(page, "nothing was undone")
    assert control(mock, "tenants") == before


def test_a_fault_is_on_again_beside_its_like(page: Page, mock: Mock) -> None:
    """Two rules may be the same; who stops one and undoes that has both again."""
    page.goto(at(mock, "next"))
    for _ in range(2):
        ask(mock, "POST", "faults", {"fault": "429", "count": 5})
    page.get_by_role("complementary").get_by_role("button", name="Stop", exact=True).first.click()
    expect(said(page, "The fault is off.")).to_be_visible()
    undo(page)
    assert len(control(mock, "faults")["faults"]) == 2
