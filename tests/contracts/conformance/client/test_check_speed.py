"""The driver of clients: how fast it lets the clock run, and what it makes of a client that bears no fast one."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from contracts.conformance.client.findings import Findings
from contracts.conformance.client.player import Player
from contracts.conformance.client.rehearsal import Pace
from contracts.model import Claim, Ending
from tests.contracts.conformance.client.acting import PLAIN, Kit, Stage, checked, good, happens

if TYPE_CHECKING:
    from contracts.model import Job


def test_a_wanted_speed_is_the_most() -> None:
    """Real time needs no rehearsal of a faster one."""
    check, client, _ = checked(good, speed=1.0)
    check.run()
    assert client.speeds == [1, 1]


@pytest.mark.parametrize(
    ("spoil", "note"),
    [
        ({"why_slow": "libfaketime is not installed"}, "libfaketime is not installed"),
        ({"out_of_reach": frozenset({"go-client"})}, "the clock of go-client cannot be reached"),
    ],
)
def test_a_clock_that_cannot_be_fast_is_left_alone(spoil: dict[str, Any], note: str) -> None:
    """The run is in real time, and says why."""
    check, client, _ = checked(good)
    for name, value in spoil.items():
        setattr(client, name, value)
    run = check.run()
    assert client.speeds[-1] == 1
    assert note in run.notes[0]
    assert "real time" in run.notes[0]


def test_waits_that_do_not_follow_are_noticed() -> None:
    """A client that waits five real seconds has waited five minutes of a clock that runs sixty times faster."""

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        del job
        happens(stage, *([429, 200] if stage.trial.script else [200]), pause=5.0 * speed)
        return Claim.SUCCESS

    check, client, _ = checked(act)
    assert "take as long as ever" in check.run().notes[0]
    assert client.speeds == [1, 60, 60, 60, 1]


@pytest.mark.parametrize("ends_in_real_time", [True, False])
def test_a_client_that_never_comes_back_after_429_is_looked_at_in_real_time(*, ends_in_real_time: bool) -> None:
    """If its waits end there, they only cannot be made faster, and the run is in real time; if not, it hangs."""

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        del job
        happens(stage, *map(int, map(str, stage.trial.script or ("200",))))
        return Claim.NONE if stage.trial.script and (speed > 1 or not ends_in_real_time) else Claim.FAILURE

    def plainly(stage: Stage, job: Job, speed: float) -> Claim:
        return act(stage, job, speed) if stage.trial.script else good(stage, job, speed)

    check, client, _ = checked(plainly, PLAIN, replace(PLAIN, name="busy", script=("429",)))
    notes = check.run().notes
    assert client.speeds[:5] == [1, 60, 60, 60, 1]
    assert client.speeds[5:] == ([1, 1] if ends_in_real_time else [60, 60])
    if ends_in_real_time:
        assert "which takes minutes, since its waits do not end under a clock that runs faster" in notes[0]
    else:
        assert notes == ("The client did not end and had to be stopped in 2 trials, such as: 429 once, at first.",)


def test_what_hangs_only_under_a_fast_clock_is_played_in_real_time() -> None:
    """What it does there counts."""

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        good(stage, job, speed)
        return Claim.NONE if "odd" in stage.trial.name and speed > 1 else Claim.SUCCESS

    check, client, _ = checked(act, PLAIN, replace(PLAIN, name="odd"))
    assert check.run().notes == ("This went wrong only while the clock ran fast, and is not counted: odd.",)
    assert client.speeds[5:] == [60, 1]


def test_a_trial_that_goes_slowly_is_cut_short_for_who_takes_long() -> None:
    """It is played once more, as fast as the clock can be, and has all its time there."""

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        good(stage, job, speed)
        return Claim.NONE if "slow" in stage.trial.name and speed == 4 else Claim.SUCCESS

    check, client, _ = checked(act, PLAIN, replace(PLAIN, name="slow", speed=4.0))
    run = check.run()
    assert (run.conclusion, run.notes) == ("conforms", ())
    assert client.speeds[5:] == [4, 60]
    assert 600 / 60 <= client.patience[-1] < 11
    assert client.patience[-2] < 600 / 4


def test_a_client_that_fails_under_a_fast_clock_gets_a_real_one() -> None:
    """It is not blamed."""

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        return good(stage, job, speed) if speed == 1 else Claim.NONE

    check, client, _ = checked(act)
    run = check.run()
    assert run.conclusion == "conforms"
    assert client.speeds == [1, 60, 60, 1]
    assert "does not do a plain job" in run.notes[0]


def test_a_slow_client_has_its_trials_played_as_fast_as_they_need() -> None:
    """One that waits for minutes of its own in each job would take minutes of the user's."""
    slow = Pace(60.0, usual=0.2, lag=540.0)
    player = _player(slow)
    assert player.speed_of(replace(PLAIN, speed=4.0)) == 27
    assert player.speed_of(PLAIN) == 60
    assert slow.is_idle
    quick = Pace(60.0, usual=0.2)
    assert _player(quick).speed_of(replace(PLAIN, speed=4.0)) == 4
    assert not quick.is_idle


def _player(pace: Pace) -> Player:
    """Return a player of trials with a client of such a *pace*."""
    _, client, _ = checked(good)
    kit: Any = Kit()
    return Player(kit, client, Findings(()), rules=(), pace=pace, timeout=240.0, over=threading.Event())


def leaves(stage: Stage, job: Job, speed: float) -> Claim:
    """Leave, and break the rule, in fast trials that are not plain; do right in real time."""
    del job
    wrong = speed > 1 and "busy" in stage.trial.name
    happens(stage, 500 if wrong else 200, ending=Ending.GONE if wrong else Ending.DONE)
    return Claim.SUCCESS


def test_what_goes_wrong_only_under_a_fast_clock_is_not_blamed() -> None:
    """A trial in which the client hung or left is played again in real time, and that counts."""
    check, client, _ = checked(leaves, PLAIN, replace(PLAIN, name="busy"))
    run = check.run()
    assert run.conclusion == "conforms"
    assert client.speeds == [1, 60, 60, 60, 60, 60, 1]
    assert "busy" in run.notes[0]


def test_a_client_that_a_fast_clock_harms_often_goes_on_in_real_time() -> None:
    """After a few such trials."""
    check, client, _ = checked(leaves, PLAIN, *(replace(PLAIN, name=f"busy {number}") for number in range(5)))
    assert check.run().conclusion == "conforms"
    assert client.speeds[5:] == [60, 1, 60, 1, 60, 1, 1, 1]


def test_what_was_confirmed_once_is_not_played_again() -> None:
    """The second client that hangs for the same reason costs no real time."""

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        del job, speed
        wrong = "busy" in stage.trial.name
        happens(stage, 500 if wrong else 200, ending=Ending.GONE if wrong else Ending.DONE)
        return Claim.SUCCESS

    check, client, _ = checked(act, PLAIN, replace(PLAIN, name="busy"), replace(PLAIN, name="busy again"))
    run = check.run()
    assert (run.conclusion, run.judgements[0].broken) == ("violates", 2)
    assert client.speeds[5:] == [60, 1, 60]


def test_what_another_hand_looked_at_in_vain_is_looked_at_again() -> None:
    """Where one trial goes wrong only under a fast clock, another that breaks the same rule meanwhile still counts."""
    asked, left = threading.Event(), threading.Event()

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        del job
        name, fast = stage.trial.name, speed > 1
        if name == "spurious" and not fast:
            asked.set()
            assert left.wait(30)
        if name == "true" and fast:
            assert asked.wait(30)
        if name == "after":
            left.set()
        wrong = name == "true" or (name == "spurious" and fast)
        happens(stage, 500 if wrong else 200, ending=Ending.GONE if wrong else Ending.DONE)
        return Claim.SUCCESS

    check, client, _ = checked(act, PLAIN, *(replace(PLAIN, name=name) for name in ("spurious", "true", "after")))
    client.at_once = 2
    run = check.run()
    assert run.conclusion == "violates"
    (violation,) = run.judgements[0].violations
    assert run.stories[violation.exchange].trial.name == "true"
    assert run.stories[violation.exchange].speed == 1
    assert client.speeds.count(1) == 3
