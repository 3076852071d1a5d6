"""What happens next: the place on the page where faults, scenarios, credits, limits and time are set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import expect

from contracts.clock import Clock
from dashboard import STOPPED, TIMES, ask, at, control, cut_out, said, undo
from mockserver.mock import Mock

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page, Route

    from browsing import Complaints

pytestmark = pytest.mark.usefixtures("mock")  # which is stopped after the page is closed


def test_the_next_request_fails_by_a_click(page: Page, mock: Mock) -> None:
    """The banner says what is on and for how long, and undo takes it back."""
    page.goto(at(mock, "next"))
    page.get_by_role("button", name="next 2", exact=True).click()
    page.get_by_role("button", name="429 too many requests").click()
    banner = page.get_by_role("complementary", name="Not as usual")
    expect(banner).to_contain_text("429 too many requests for everybody: 2 times more")
    assert cut_out(mock).status_code == 429
    expect(banner).to_contain_text("429 too many requests for everybody: 1 time more")
    page.get_by_role("button", name="Undo").click()
    expect(banner).to_be_hidden()
    assert cut_out(mock).status_code == 200


def test_a_fault_can_be_for_one_caller(page: Page, mock: Mock) -> None:
    """Others do not meet it."""
    cut_out(mock, "anna")
    page.goto(at(mock, "next"))
    page.get_by_label("Caller").select_option("anna")
    page.get_by_role("button", name="all, until stopped").click()
    page.get_by_role("button", name="503 unavailable").click()
    expect(page.get_by_role("complementary")).to_contain_text("503 unavailable for anna: until it is stopped")
    assert [cut_out(mock, one).status_code for one in ("anna", "berta", "anna")] == [503, 200, 503]
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("complementary")).to_be_hidden()
    assert cut_out(mock, "anna").status_code == 200


def test_a_documented_error_is_for_its_provider(page: Page, mock: Mock) -> None:
    """Its status and meaning are told before; requests to others do not meet it."""
    page.goto(at(mock, "next"))
    choice = page.get_by_role("combobox", name="Error")
    expect(choice.locator("optgroup")).to_have_count(2)
    choice.select_option(label="402 out-of-credits")
    page.get_by_role("button", name="Answer so").click()
    expect(page.get_by_role("complementary")).to_contain_text("out-of-credits for everybody, pixian: 1 time more")
    (rule,) = control(mock, "faults")["faults"]
    assert rule["match"] == {"provider": "pixian"}
    assert cut_out(mock).status_code == 402


def test_faults_are_called_as_on_their_buttons_and_stop_together(page: Page, mock: Mock) -> None:
    """And to undo that brings all of them back."""
    page.goto(at(mock, "next"))
    for name in ("Reset in the middle", "Silent in the middle, 30 s", "Result URL gone at once"):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("complementary")).to_contain_text(f"{name} for everybody: 1 time more")
    page.get_by_role("button", name="Stop all").click()
    expect(said(page, "All of it is stopped.")).to_be_visible()
    expect(page.get_by_role("complementary")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("complementary").get_by_role("button", name="Stop", exact=True)).to_have_count(3)
    assert len(control(mock, "faults")["faults"]) == 3


@pytest.mark.thorough
def test_what_could_not_be_undone_is_said_in_the_end(page: Page, mock: Mock) -> None:
    """Whatever else came back with it."""
    page.goto(at(mock, "next"))
    page.get_by_role("button", name="Freeze").click()
    expect(page.get_by_role("complementary")).to_contain_text("frozen")
    ask(mock, "POST", "faults", {"fault": "429", "count": 5})
    expect(page.get_by_role("complementary")).to_contain_text("429")
    page.get_by_role("button", name="Stop all").click()
    expect(said(page, "All of it is stopped.")).to_be_visible()
    ask(mock, "POST", "faults", {"fault": "429", "count": 5})
    page.get_by_role("button", name="Undo").click()
    wanted = "Somebody has asked for the same fault since; nothing was undone."
    expect(page.locator(".notice")).to_have_text(re.compile(f"^\\s*{wanted}"))
    expect(page.get_by_role("complementary")).to_contain_text("frozen")


def test_a_long_banner_covers_nothing(page: Page, mock: Mock) -> None:
    """The title of a call, and the button beside it, are below it wherever one has scrolled to."""
    for _ in range(40):
        cut_out(mock)
    for status in (400, 401, 402, 429, 500):
        ask(mock, "POST", "faults", {"fault": {"fault": "status", "status": status}, "count": 5})
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(at(mock, "calls/3"))
    expect(page.get_by_role("complementary").locator("li")).to_have_count(6)
    expect(page.locator("table.calls tbody tr")).to_have_count(30)
    page.evaluate("scrollTo(0, 600)")
    close, top = page.get_by_role("button", name="Close").bounding_box(), page.locator(".top").bounding_box()
    assert close is not None
    assert top is not None
    assert page.evaluate("scrollY") > 200
    assert close["y"] >= top["y"] + top["height"]


def test_the_banner_stays_in_sight_on_a_phone(page: Page, mock: Mock) -> None:
    """Wherever one has scrolled to."""
    ask(mock, "POST", "faults", {"fault": "429"})
    page.set_viewport_size({"width": 375, "height": 667})
    page.goto(at(mock, "next"))
    expect(page.get_by_role("complementary")).to_contain_text("until it is stopped")
    expect(page.get_by_role("button", name="Reset everything")).to_be_visible()
    page.evaluate("scrollTo(0, 800)")
    assert page.evaluate("scrollY") > 400
    expect(page.get_by_role("complementary")).to_be_in_viewport(ratio=1)


def test_a_clock_that_stood_still_runs_on_time_again(page: Page, mock: Mock) -> None:
    """One click is enough: it is not left behind by as long as it stood. To undo that has it stand where it stood."""
    page.goto(at(mock, "next"))
    page.get_by_role("button", name="Freeze").click()
    banner = page.get_by_role("complementary")
    expect(banner).to_contain_text("frozen")
    stood = control(mock, "clock")["now"]
    page.wait_for_timeout(1500)
    banner.get_by_role("button", name="Stop", exact=True).click()
    expect(said(page, "The clock runs as usual.")).to_be_visible()
    expect(banner).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(banner).to_contain_text("frozen")
    assert control(mock, "clock")["now"][:22] == stood[:22]


def test_what_was_done_can_be_undone_after_a_look_elsewhere(page: Page, mock: Mock) -> None:
    """The calls show what came of it, and the way back is still there."""
    ask(mock, "PATCH", "tenants/anna", {"credits": "10"})
    page.goto(at(mock, "next"))
    page.get_by_role("button", name="Drain").click()
    expect(said(page, "no credits")).to_be_visible()
    page.get_by_role("link", name="Calls").click()
    expect(page.get_by_role("heading", name="No calls yet")).to_be_visible()
    undo(page)
    assert control(mock, "tenants/anna")["credits"] == "10"


def test_undo_gives_the_focus_back(page: Page, mock: Mock) -> None:
    """To the button that was pressed before; and the notice stays behind when one goes elsewhere."""
    page.goto(at(mock, "next"))
    button = page.get_by_role("button", name="503 unavailable")
    button.click()
    page.get_by_role("button", name="Undo").click()
    expect(button).to_be_focused()
    expect(said(page, "Undone")).to_be_visible()
    page.get_by_role("link", name="Learn").click()
    expect(page.get_by_role("heading", name="Rules")).to_be_visible()
    expect(page.get_by_text("Undone")).to_have_count(0)


@pytest.mark.parametrize("caller", ["everybody", "anna"])
def test_a_scenario_is_on_and_off_by_a_click(page: Page, mock: Mock, caller: str) -> None:
    """For everybody or for one; to undo it brings credits and limits back, too."""
    cut_out(mock, "anna")
    before = control(mock, "tenants/anna")
    page.goto(at(mock, "next"))
    page.get_by_label("Caller").select_option(label=caller)
    page.get_by_role("button", name="out-of-credits The credits").click()
    expect(page.get_by_role("complementary")).to_contain_text("in the scenario out-of-credits")
    assert cut_out(mock, "anna").status_code == 402
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("complementary")).to_be_hidden()
    after = control(mock, "tenants/anna")
    started = {"requests": 0, "charged": "0"}
    assert {**after, **started} == {**before, **started}


def test_an_account_is_drained_and_filled(page: Page, mock: Mock) -> None:
    """Or set to any number; nonsense is not sent."""
    cut_out(mock, "anna")
    page.goto(at(mock, "next"))
    page.get_by_label("Caller").select_option("anna")
    page.get_by_role("button", name="Drain").click()
    expect(said(page, "anna has no credits.")).to_be_visible()
    assert cut_out(mock, "anna").status_code == 402
    page.get_by_label("Credits of anna").fill("2.5")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(said(page, "anna has 2.5 credits.")).to_be_visible()
    assert control(mock, "tenants/anna")["credits"] == "2.5"
    page.get_by_label("Credits of anna").fill("-1")
    page.get_by_role("button", name="Set", exact=True).click()
    assert control(mock, "tenants/anna")["credits"] == "2.5"


@pytest.mark.thorough
def test_time_stands_still_and_jumps(page: Page, complaints: Complaints) -> None:
    """Freeze, an hour on, and on again as usual."""
    complaints.expect(*STOPPED)
    clock = Clock()
    with Mock(clock=clock) as mock:
        page.goto(at(mock, "next"))
        page.get_by_role("button", name="Freeze").click()
        expect(page.get_by_role("complementary")).to_contain_text("frozen")
        frozen = clock.now()
        page.get_by_role("button", name="+1 h").click()
        expect(said(page, "an hour")).to_be_visible()
        assert clock.now() == pytest.approx(frozen + 3600)
        page.get_by_role("button", name=f"{TIMES}60").click()
        expect(page.get_by_role("complementary")).to_contain_text("60 times as fast")
        assert (clock.mode, clock.speed) == ("scaled", 60)
        page.get_by_role("button", name="Stop", exact=True).click()
        expect(page.get_by_role("complementary")).to_be_hidden()
        assert clock.mode == "real"
        assert clock.now() < frozen + 3600


def test_everything_is_reset_once_it_is_confirmed(page: Page, mock: Mock) -> None:
    """Who says no keeps all."""
    cut_out(mock)
    page.goto(at(mock, "next"))
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Reset everything").click()
    assert control(mock, "journal")["count"] == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Reset everything").click()
    expect(said(page, "as new")).to_be_visible()
    assert control(mock, "journal")["count"] == 0


def test_what_is_left_of_everybodys_scenario_is_told(page: Page, tmp_path: Path, complaints: Complaints) -> None:
    """For each caller by name, as each has its own count."""
    complaints.expect(*STOPPED)
    file = tmp_path / "twice.yaml"
    file.write_text("description: Two refusals.\nfaults:\n  - { fault: { fault: status, status: 429 }, count: 2 }\n")
    with Mock(scenario=str(file)) as mock:
        cut_out(mock)
        page.goto(at(mock, "next"))
        banner = page.get_by_role("complementary")
        expect(banner).to_contain_text("Everybody is in the scenario twice (anna: 429 too many requests: 1 time more)")
        cut_out(mock, "berta")
        cut_out(mock, "berta")
        cut_out(mock, "carla")
        left = "429 too many requests: 1 time more"
        expect(banner).to_contain_text(f"(carla: {left}, anna: {left})")


@pytest.mark.parametrize(("jump", "seconds"), [("+1 s", 1), pytest.param("+1 h", 3600, marks=pytest.mark.thorough)])
def test_a_jump_in_time_can_be_undone(page: Page, complaints: Complaints, jump: str, seconds: int) -> None:
    """A second or an hour on, of which the banner tells, and back."""
    complaints.expect(*STOPPED)
    clock = Clock()
    with Mock(clock=clock) as mock:
        began = clock.now()
        page.goto(at(mock, "next"))
        expect(page.locator(".state")).to_have_text("live")  # until then what is drawn still moves
        page.get_by_role("button", name=jump).click()
        expect(page.get_by_role("complementary")).to_contain_text("ahead")
        assert clock.now() > began + seconds
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("complementary")).to_be_hidden()
        assert control(mock, "clock")["ahead"] < seconds / 2


@pytest.mark.thorough
def test_undo_forgets_nobody(page: Page, mock: Mock) -> None:
    """Though there are more callers than the page lists."""
    cut_out(mock, "anna")
    page.goto(at(mock, "next"))
    page.get_by_label("Caller").select_option("anna")
    for number in range(210):
        httpx.get(f"{mock.url}/_mock/v1/tenants/caller-{number}", trust_env=False)
    page.get_by_role("button", name="busy Too").click()
    expect(said(page, "anna is in the scenario busy")).to_be_visible()
    undo(page)
    assert control(mock, "journal?tenant=anna")["count"] == 1
    assert control(mock, "tenants/anna")["scenario"] is None


def test_a_caller_of_dots_is_not_everybody(page: Page, mock: Mock) -> None:
    """Browsers take such an address for another; the page says so, and does nothing."""
    cut_out(mock, "..")
    page.goto(at(mock, "next"))
    page.get_by_label("Caller").select_option("..")
    page.get_by_role("button", name="busy Too").click()
    expect(page.get_by_text("cannot be reached by an address")).to_be_visible()
    assert control(mock, "scenarios")["scenario"] is None


def test_a_caller_can_be_prepared_before_it_comes(page: Page, mock: Mock) -> None:
    """By its id, or by the key that it will send, of which nothing is kept."""
    page.goto(at(mock, "next"))
    page.get_by_label("Another, before its first request").fill("sk-somebody-new")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Drain").click()
    expect(page.get_by_role("complementary")).to_contain_text("has no credits")
    (tenant,) = control(mock, "tenants")["tenants"]
    assert (tenant["credits"], "somebody-new" in tenant["id"]) == ("0", False)


def test_a_chosen_caller_is_the_one_that_is_shown(page: Page, mock: Mock) -> None:
    """Also when another is added after one was picked by hand."""
    for name in ("anna", "berta"):
        cut_out(mock, name)
    page.goto(at(mock, "next"))
    page.get_by_role("combobox", name="Caller").select_option("anna")
    page.get_by_role("combobox", name="Caller").select_option("berta")
    page.get_by_label("Another, before its first request").fill("anna")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_label("Credits of anna")).to_be_visible()
    expect(page.get_by_role("combobox", name="Caller")).to_have_value("anna")


def test_the_chosen_caller_stays(page: Page, mock: Mock) -> None:
    """Over a look at the calls, which keep their filters, and in the address, until everybody is chosen."""
    cut_out(mock, "anna")
    page.goto(at(mock, "next"))
    caller = page.get_by_label("Caller")
    caller.select_option("anna")
    expect(page).to_have_url(at(mock, "next?tenant=anna"))
    places = page.get_by_role("navigation", name="Places")
    places.get_by_role("link", name="Calls").click()
    expect(page.locator("table.calls tbody tr")).to_have_count(1)
    page.get_by_label("Caller").select_option("anna")
    expect(page).to_have_url(at(mock, "calls?tenant=anna"))
    places.get_by_role("link", name="What happens next").click()
    expect(caller).to_have_value("anna")
    page.reload()
    expect(caller).to_have_value("anna")
    caller.select_option("everybody")
    expect(page).to_have_url(at(mock, "next"))
    places.get_by_role("link", name="Learn").click()
    places.get_by_role("link", name="What happens next").click()
    expect(caller).to_have_value("")


def test_a_click_is_for_the_caller_that_is_shown(page: Page, mock: Mock) -> None:
    """Also once the address is that of another place, which is not drawn yet."""
    page.goto(at(mock, "next?tenant=anna"))
    elsewhere = "button => { location.hash = '#/calls'; button.click(); }"
    page.get_by_role("button", name="503 unavailable").evaluate(elsewhere)
    expect(page.get_by_role("complementary")).to_contain_text("503 unavailable for anna")


def test_who_chooses_a_caller_on_the_way_elsewhere_goes_there(page: Page, mock: Mock) -> None:
    """The choice does not call back."""
    cut_out(mock)
    page.goto(at(mock, "next"))
    elsewhere = "field => { location.hash = '#/calls'; field.dispatchEvent(new Event('change')); }"
    page.get_by_label("Caller").evaluate(elsewhere)
    expect(page.locator("table.calls tbody tr")).to_have_count(1)
    expect(page).to_have_url(at(mock))


def test_a_choice_is_there_before_the_next_click(page: Page, mock: Mock) -> None:
    """However quickly that comes: a choice of caller, and one of error."""
    cut_out(mock, "anna")
    page.goto(at(mock, "next"))
    page.get_by_role("button", name="Answer so").evaluate(
        """button => {
          const choose = (name, value) => {
            const field = [...document.querySelectorAll("label")].find(one => one.innerText.startsWith(name)).control;
            field.value = value;
            field.dispatchEvent(new Event("change", { bubbles: true }));
          };
          choose("Caller", "anna");
          choose("Error", "pixian out-of-credits");
          button.click();
        }"""
    )
    expect(page.get_by_role("complementary")).to_contain_text("out-of-credits for anna, pixian: 1 time more")


@pytest.mark.thorough
def test_a_list_that_is_cut_off_says_so(page: Page, mock: Mock) -> None:
    """With as many callers as it has room for; not before."""
    for number in range(199):
        ask(mock, "PATCH", f"tenants/caller-{number}", {"credits": 5})
    page.goto(at(mock, "next"))
    options = page.get_by_label("Caller").locator("option")
    expect(options).to_have_count(200)
    ask(mock, "PATCH", "tenants/one-more", {"credits": 5})
    expect(options.last).to_have_text("(the 200 that called last)")


def test_a_caller_in_the_address_is_met(page: Page, mock: Mock, complaints: Complaints) -> None:
    """By its credentials as well; one whom nobody can be is left out, with a reason."""
    complaints.expect("status of 400")
    page.goto(at(mock, "next?tenant=sk-mock-abc"))
    caller = page.get_by_label("Caller")
    expect(caller).not_to_have_value("sk-mock-abc")
    expect(caller).not_to_have_value("")
    page.get_by_role("button", name="Drain").click()
    expect(page.locator(".notice")).to_contain_text("has no credits.")
    page.goto(at(mock, "next?tenant=%0A"))
    expect(page.locator(".notice")).to_contain_text("The id of the tenant is wrong")
    expect(page).to_have_url(at(mock, "next"))
    expect(page.get_by_role("heading", name="Scenarios")).to_be_visible()


def test_who_begins_anew_chooses_nobody(page: Page, mock: Mock) -> None:
    """The callers are gone, and with them filters that name one."""
    cut_out(mock, "anna")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(at(mock, "calls?tenant=anna"))
    expect(page.locator("table.calls tbody tr")).to_have_count(1)
    page.goto(at(mock, "next?tenant=anna"))
    page.get_by_role("button", name="Reset everything").click()
    expect(page.locator(".notice")).to_contain_text("Everything is as new")
    expect(page.get_by_label("Caller")).to_have_value("")
    assert control(mock, "tenants")["tenants"] == []
    cut_out(mock, "berta")
    page.get_by_role("navigation", name="Places").get_by_role("link", name="Calls").click()
    expect(page.locator("table.calls tbody tr")).to_have_count(1)


def test_a_caller_of_long_ago_is_as_it_is(page: Page, mock: Mock) -> None:
    """Also where many others have called since."""
    ask(mock, "PUT", "tenants/elder/scenario", {"name": "busy"})
    for number in range(200):
        ask(mock, "PATCH", f"tenants/caller-{number}", {"credits": 5})
    page.goto(at(mock, "next?tenant=elder"))
    busy = page.get_by_role("button", name=re.compile("^busy"))
    expect(busy).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("complementary")).to_contain_text("elder")
    busy.click()
    expect(busy).to_have_attribute("aria-pressed", "false")
    assert control(mock, "tenants/elder")["scenario"] is None


def test_whoever_has_gone_on_is_not_called_back(page: Page, mock: Mock) -> None:
    """By a caller that is added, if the server takes its time."""
    held: list[Route] = []
    page.route("**/tenants/newcomer", lambda route: held.append(route))  # noqa: PLW0108  it cannot look into a builtin
    page.goto(at(mock, "next"))
    page.get_by_label("Another, before its first request").fill("newcomer")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("navigation", name="Places").get_by_role("link", name="Calls").click()
    expect(page.get_by_role("heading", name="No calls yet")).to_be_visible()
    with page.expect_response("**/tenants/newcomer"):
        held[0].continue_()
    expect(page.get_by_label("Caller").locator("option")).to_have_count(2)
    assert page.url.startswith(at(mock, "calls"))
