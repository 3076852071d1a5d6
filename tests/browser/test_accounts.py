"""Credits, limits and processing time of everybody, as the page sets them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import expect

from dashboard import ask, at, control, cut_out, said, undo

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request, Route

    from browsing import Complaints
    from mockserver.mock import Mock

pytestmark = [pytest.mark.usefixtures("mock"), pytest.mark.thorough]  # the mock is stopped after the page is closed


def callers(mock: Mock, count: int) -> None:
    """Have so many callers be known to *mock*."""
    for number in range(count):
        httpx.get(f"{mock.url}/api/v2/account", auth=(f"caller-{number:03}", "secret"), trust_env=False)


def test_credits_of_nobody_cannot_be_set(page: Page, mock: Mock) -> None:
    """Who has no caller yet is told how to get one, and then sees the controls."""
    page.goto(at(mock, "next"))
    expect(page.get_by_text("Nobody has called yet.")).to_be_visible()
    expect(page.get_by_role("button", name="Drain")).to_have_count(0)
    cut_out(mock, "anna")
    expect(page.get_by_text("Those of 1 caller known so far")).to_be_visible()
    expect(page.get_by_role("button", name="Drain")).to_be_visible()


def test_credits_limits_and_time_of_everybody_are_set(page: Page, mock: Mock) -> None:
    """Of all who have called, however many; who comes later is as usual, and undo is for all at once."""
    for name in ("anna", "berta", "carla"):
        cut_out(mock, name)
    page.goto(at(mock, "next"))
    expect(page.get_by_text("Those of all 3 callers known so far")).to_be_visible()
    before = control(mock, "tenants")
    page.get_by_role("button", name="5 at a time").click()
    expect(said(page, "All 3 callers may send 5 requests at a time.")).to_be_visible()
    page.get_by_role("button", name="170 s", exact=True).click()
    expect(said(page, "Pictures of all 3 callers take: 170 s.")).to_be_visible()
    undo(page)
    told = control(mock, "tenants")["tenants"]
    assert [(one["limits"], one["latency"]) for one in told] == [({"concurrency": 5}, None)] * 3
    page.get_by_label("Credits of everybody").fill("0.5")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(said(page, "All 3 callers have 0.5 credits.")).to_be_visible()
    cut_out(mock, "dora")
    assert {one["id"]: one["credits"] for one in control(mock, "tenants")["tenants"]}["dora"] == "999.980800"
    assert {one["credits"] for one in control(mock, "tenants")["tenants"] if one["id"] != "dora"} == {"0.5"}
    undo(page)
    after = {one["id"]: one["credits"] for one in control(mock, "tenants")["tenants"]}
    assert after == {one["id"]: one["credits"] for one in before["tenants"]} | {"dora": "999.980800"}


def test_what_differs_between_callers_is_not_shown_as_one(page: Page, mock: Mock) -> None:
    """No button is pressed and the field is empty, until all are alike."""
    for name in ("anna", "berta"):
        cut_out(mock, name)
    ask(mock, "PATCH", "tenants/anna", {"credits": "5", "limits": {"concurrency": 1}})
    page.goto(at(mock, "next"))
    field = page.get_by_label("Credits of everybody")
    expect(field).to_have_attribute("placeholder", "various")
    expect(field).to_have_value("")
    limits = page.get_by_role("group", name="Limits").get_by_role("button", pressed=True)
    expect(limits).to_have_count(0)
    ask(mock, "PATCH", "tenants/berta", {"credits": "5", "limits": {"concurrency": 1}})
    expect(field).to_have_value("5")
    expect(limits).to_have_text(["1 at a time"])


def test_many_callers_are_not_asked_about_all_at_once(page: Page, mock: Mock) -> None:
    """Requests are few at a time, and the banner has one line for all who are alike, which ends it for all."""
    callers(mock, 60)
    running = most = 0

    def began(request: Request) -> None:
        nonlocal running, most
        running += request.method == "PATCH"
        most = max(most, running)

    def ended(request: Request) -> None:
        nonlocal running
        running -= request.method == "PATCH"

    page.goto(at(mock, "next"))
    expect(page.get_by_text("all 60 callers")).to_be_visible()
    page.on("request", began)
    page.on("requestfinished", ended)
    page.get_by_role("button", name="Drain").click()
    expect(said(page, "All 60 callers have no credits.")).to_be_visible()
    assert 1 <= most <= 8
    banner = page.get_by_role("complementary")
    expect(banner.get_by_role("listitem")).to_have_count(1)
    expect(banner).to_contain_text("60 callers have no credits.")
    banner.get_by_role("button", name="Stop").click()
    expect(banner).to_be_hidden()
    assert {one["credits"] for one in control(mock, "tenants")["tenants"]} == {"1000"}


def test_long_work_says_how_far_it_is(page: Page, mock: Mock) -> None:
    """Of how many callers it is done, until it is."""
    callers(mock, 12)
    held: list[Route] = []
    is_slow = True

    def hold(route: Route) -> None:
        if is_slow and route.request.method == "PATCH":
            held.append(route)
        else:
            route.continue_()

    page.goto(at(mock, "next"))
    expect(page.get_by_text("all 12 callers")).to_be_visible()
    page.route("**/v1/tenants/*", hold)
    page.get_by_role("button", name="Drain").click()
    expect(said(page, "0 of 12 callers …")).to_be_visible()
    is_slow = False
    for route in held:
        route.continue_()
    expect(said(page, "All 12 callers have no credits.")).to_be_visible()


def test_one_refusal_does_not_stop_the_others(page: Page, mock: Mock, complaints: Complaints) -> None:
    """The page says for how many it failed, and why; undo is for those for whom it did not."""
    complaints.expect("status of 409")
    callers(mock, 3)
    cut_out(mock, "..")
    refusal = {"error": {"status": 409, "field": "", "message": "Not this one."}}
    page.goto(at(mock, "next"))

    def refuse(route: Route) -> None:
        if route.request.method == "PATCH":
            route.fulfill(status=409, json=refusal)
        else:
            route.continue_()

    page.route("**/tenants/caller-001", refuse)
    page.get_by_role("button", name="Drain").click()
    done = said(page, "2 callers have no credits. It failed for 2 callers:")
    expect(done).to_be_visible()
    expect(done).to_contain_text(re.compile(r"Not this one\.|cannot be reached by an address"))
    expect(done).to_contain_text("There were other reasons, too.")
    drained = {one["id"] for one in control(mock, "tenants")["tenants"] if one["credits"] == "0"}
    assert drained == {"caller-000", "caller-002"}
    page.get_by_role("button", name="Undo").click()
    undone = said(page, "Undone: 2 callers have no credits.")
    expect(undone).to_be_visible()
    expect(undone).not_to_contain_text("failed")
    assert "0" not in {one["credits"] for one in control(mock, "tenants")["tenants"]}


def test_what_was_typed_is_what_is_set(page: Page, mock: Mock) -> None:
    """Also if calls come in between the typing and the click, and change what there was."""
    cut_out(mock, "anna")
    page.goto(at(mock, "next"))
    field = page.get_by_label("Credits of everybody")
    field.fill("500")
    field.press("Tab")
    before = page.evaluate("performance.now()")
    cut_out(mock, "anna")
    page.wait_for_function("before => performance.now() > before + 1500", arg=before)  # the page is drawn every second
    page.keyboard.press("Enter")
    expect(said(page, "has 500 credits.")).to_be_visible()
    assert control(mock, "tenants/anna")["credits"] == "500"


def test_what_is_set_besides_a_scenario_is_seen(page: Page, mock: Mock) -> None:
    """What the scenario itself sets goes without saying; what was set since does not."""
    cut_out(mock, "anna")
    ask(mock, "PUT", "scenario", {"name": "out-of-credits"})
    page.goto(at(mock, "next"))
    banner = page.get_by_role("complementary")
    expect(banner).to_contain_text("out-of-credits")
    page.get_by_role("button", name="1 at a time").click()
    expect(banner).to_contain_text("is limited: 1 at a time")
    expect(banner).not_to_contain_text("has no credits")
    ask(mock, "PUT", "scenario", {"name": "busy"})
    ask(mock, "PATCH", "tenants/anna", {"credits": "0"})
    expect(banner).to_contain_text("has no credits")
