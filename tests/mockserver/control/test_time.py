"""The clock through the control API."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.mockserver.control.asking import account, happened, remove

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from tests.mockserver.control.asking import Control

NEW_YEAR = "2031-01-01T00:00:00Z"

WRONG_CHANGES: list[tuple[object, str, str]] = [
    ({"mode": "stopped"}, "mode", "real, scaled, frozen"),
    ({"mode": "scaled", "speed": 0}, "speed", "minimum of 0.001"),
    ({"speed": 1e7}, "speed", "maximum of 1000000"),
    ({"speed": "fast"}, "speed", "number"),
    ({"now": "soon"}, "now", "2026-01-31T12:00:00Z"),
    ({"now": "2026-01-31 12:00:00"}, "now", "2026-01-31T12:00:00Z"),
    ({"now": "2026-01-31T12:00:00+01:00"}, "now", "2026-01-31T12:00:00Z"),
    ({"now": "2026-13-01T00:00:00Z"}, "now", "2026-01-31T12:00:00Z"),
    ({"now": "2026-01-31T24:00:00Z"}, "now", "2026-01-31T12:00:00Z"),
    ({"now": "10000-01-01T00:00:00Z"}, "now", "2026-01-31T12:00:00Z"),
    ({"now": 0}, "now", "string"),
    ({"ahead": "1"}, "ahead", "number"),
    ({"ahead": 1e12}, "ahead", "maximum"),
    ({"ahead": 1, "now": "2026-01-31T12:00:00Z"}, "ahead", "not both"),
    ({"time": NEW_YEAR}, "", "allowed are mode, speed, now, ahead"),
    ([], "", "object"),
]


def shown(clock: dict[str, Any]) -> dict[str, Any]:
    """Return *clock* without what goes on while it stands still: by how much it is ahead of the system's."""
    return {name: value for name, value in clock.items() if name != "ahead"}


def moment(clock: dict[str, Any]) -> datetime:
    """Return what *clock* shows."""
    return datetime.fromisoformat(clock["now"])


def test_a_frozen_clock_stands_still_until_it_is_advanced(control: Control) -> None:
    """It then moves by exactly as much, and stays frozen."""
    frozen = {"mode": "frozen", "speed": 1, "now": NEW_YEAR}
    assert shown(control.tell("PUT", "/clock", {"mode": "frozen", "now": NEW_YEAR})) == frozen
    assert shown(control.tell("GET", "/clock")) == frozen
    advanced = shown(control.tell("POST", "/clock/advance", {"seconds": 90.5}))
    assert advanced == {**frozen, "now": "2031-01-01T00:01:30.500000Z"}
    assert shown(control.tell("POST", "/clock/advance", {"seconds": 0})) == advanced


def test_a_clock_tells_how_far_it_was_moved(control: Control) -> None:
    """To the system's clock, forth and back; nobody has to compare it with a clock of their own."""
    control.tell("PUT", "/clock", {"ahead": 0})
    assert abs(control.tell("GET", "/clock")["ahead"]) < 0.1
    assert 0.9 < control.tell("POST", "/clock/advance", {"seconds": 1})["ahead"] < 1.1
    assert control.tell("PUT", "/clock", {"now": "2001-01-01T00:00:00Z"})["ahead"] < -(10**8)


def test_the_clock_is_that_of_every_answer(mock: Mock, control: Control) -> None:
    """The field ``Date`` and the journal follow it."""
    control.tell("PUT", "/clock", {"mode": "frozen", "now": NEW_YEAR})
    answer = account(mock, "anna")
    assert parsedate_to_datetime(answer.headers["Date"]) == datetime.fromisoformat(NEW_YEAR)
    assert happened(control, 1)[0]["received"] == NEW_YEAR


def test_a_scaled_clock_runs_at_its_speed(control: Control) -> None:
    """A million seconds a second leave no doubt; its mode is called real again at the speed of 1."""
    started = control.tell("PUT", "/clock", {"mode": "scaled", "speed": 1_000_000, "now": NEW_YEAR})
    assert (started["mode"], started["speed"]) == ("scaled", 1_000_000)
    assert (moment(control.tell("GET", "/clock")) - moment(started)).total_seconds() > 100
    assert control.tell("PUT", "/clock", {"mode": "real"})["mode"] == "real"
    assert control.tell("GET", "/clock")["speed"] == 1


def test_what_is_not_named_stays(control: Control) -> None:
    """A clock that is set while frozen stays frozen, and keeps its speed for later."""
    control.tell("PUT", "/clock", {"mode": "scaled", "speed": 60})
    control.tell("PUT", "/clock", {"mode": "frozen"})
    assert shown(control.tell("PUT", "/clock", {"now": NEW_YEAR})) == {"mode": "frozen", "speed": 60, "now": NEW_YEAR}
    assert shown(control.tell("PUT", "/clock", {})) == {"mode": "frozen", "speed": 60, "now": NEW_YEAR}
    assert control.tell("PUT", "/clock", {"mode": "scaled"})["mode"] == "scaled"


@pytest.mark.parametrize("before", ["real", "frozen"])
def test_a_scaled_clock_needs_a_speed(control: Control, before: str) -> None:
    """At the speed of 1 it would not be scaled: the refusal names ``speed`` and what it may be; the clock stays."""
    clock = control.tell("PUT", "/clock", {"mode": before})
    field, message = control.refuse("PUT", "/clock", json={"mode": "scaled", "now": NEW_YEAR})
    assert field == "speed"
    assert "0.001 to 1000000" in message
    after = control.tell("GET", "/clock")
    assert (after["mode"], after["now"][:4]) == (before, clock["now"][:4])


@pytest.mark.parametrize("now", ["2024-02-29T12:00:00Z", "1970-01-01T00:00:00Z", "1999-12-31T23:59:59.999999Z"])
def test_any_moment_can_be_set(control: Control, now: str) -> None:
    """Leap days, the past, and every microsecond."""
    assert control.tell("PUT", "/clock", {"mode": "frozen", "now": now})["now"] == now


@pytest.mark.parametrize(("change", "place", "allowed"), WRONG_CHANGES, ids=str)
def test_a_wrong_change_is_explained(control: Control, change: object, place: str, allowed: str) -> None:
    """The refusal names the field and says what is allowed; the clock stays as it is."""
    before = control.tell("PUT", "/clock", {"mode": "frozen"})
    field, message = control.refuse("PUT", "/clock", json=change)
    assert field == place
    assert allowed in message
    assert shown(control.tell("GET", "/clock")) == shown(before)


@pytest.mark.parametrize("now", ["2026-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "2026-04-31T00:00:00Z"])
def test_a_day_that_no_calendar_has_is_refused(control: Control, now: str) -> None:
    """The sentence says which moment is none; neither it nor the mode beside it is taken."""
    before = control.tell("GET", "/clock")["mode"]
    _, message = control.refuse("PUT", "/clock", json={"mode": "frozen", "now": now})
    assert f"{now} is no moment" in message
    assert control.tell("GET", "/clock")["mode"] == before
    _, message = control.refuse("PATCH", "/tenants/anna", json={"use_before": now})
    assert f"{now} is no moment" in message


@pytest.mark.parametrize("seconds", [-1, 1e10, "5", None, True, [5]])
def test_a_wrong_advance_is_refused(control: Control, seconds: object) -> None:
    """The clock goes forward, by a number of seconds that is not absurd."""
    field, _ = control.refuse("POST", "/clock/advance", json={"seconds": seconds})
    assert field == "seconds"


def test_a_pack_expires_by_the_clock(mock: Mock, control: Control) -> None:
    """Nobody has to wait for a year to see what a client makes of it."""
    control.tell("PUT", "/clock", {"mode": "frozen", "now": NEW_YEAR})
    control.tell("PATCH", "/tenants/anna", {"use_before": "2031-12-31T00:00:00Z"})
    assert remove(mock, "anna").status_code == 200
    control.tell("POST", "/clock/advance", {"seconds": 365 * 86_400})
    assert remove(mock, "anna").status_code == 402


def test_waiting_for_the_journal_is_real_time(control: Control) -> None:
    """A frozen clock makes nobody wait for ever."""
    control.tell("PUT", "/clock", {"mode": "frozen"})
    assert control.tell("GET", "/journal/wait?count=1&timeout=0.1") == {"count": 0, "later": 0, "exchanges": []}


def test_the_real_mode_has_no_speed_of_its_own(control: Control) -> None:
    """A speed that would be passed over is refused; 1 says nothing new."""
    field, message = control.refuse("PUT", "/clock", json={"mode": "real", "speed": 60})
    assert field == "speed"
    assert "the mode scaled" in message
    assert control.tell("PUT", "/clock", {"mode": "real", "speed": 1})["mode"] == "real"
