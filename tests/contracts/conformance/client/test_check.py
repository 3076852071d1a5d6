"""The driver of clients: what it makes of a client, in fast and in real time."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from contracts.cases import Campaign, Credentials
from contracts.checks import KEPT, Broken, Checks
from contracts.checks.call import Call
from contracts.checks.registry import Outcome as Found
from contracts.clock import Clock
from contracts.conformance.client.check import ClientCheck
from contracts.conformance.client.doubts import Doubts
from contracts.conformance.client.findings import Findings
from contracts.conformance.client.options import Options
from contracts.conformance.client.player import Player
from contracts.conformance.client.rehearsal import Pace
from contracts.conformance.client.stage import StageError
from contracts.conformance.client.story import Story
from contracts.model import (
    Claim,
    Ending,
    Exchange,
    Handshakes,
    Headers,
    Input,
    Outcome,
    Request,
    Response,
    Timeline,
    Violation,
)
from contracts.providers import discover
from contracts.trials import Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from contracts.checks import Finding
    from contracts.conformance.client.performer import Setting
    from contracts.model import Job

PIXIAN = discover()["pixian"]
RULE = "pixian.client.backoff.first"
PICTURE = (Input("p.png", b"picture"),)
PLAIN = Trial("plain", PICTURE)


class Stage:
    """A stage on which the performer itself writes down what happened."""

    def __init__(self, *, tls: bool = False) -> None:
        """Be a stage, one with HTTPS if *tls* is true."""
        self.origin = "https://localhost:1" if tls else "http://127.0.0.1:1"
        self.dotted_origin = "https://mock.localhost:1"
        self.clock = Clock()
        self.trust = {"CA": "file"} if tls else {}
        self.trial = PLAIN
        self.happened: list[Exchange] = []
        self.shakes: Handshakes | None = None
        self.closed = False

    def prepare(self, trial: Trial, credentials: Credentials, speed: float) -> None:
        """Begin again."""
        del credentials
        self.trial, self.happened, self.shakes = trial, [], None
        self.clock.set(speed=speed)

    def exchanges(self) -> tuple[Exchange, ...]:
        """Return what happened."""
        return tuple(self.happened)

    def handshakes(self) -> Handshakes | None:
        """Return what was shaken."""
        return self.shakes

    def close(self) -> None:
        """Note that it is closed."""
        self.closed = True


class Client:
    """A client that does to the stage what a function says, at the speed that its clock has."""

    name = "a client"
    at_once = 1
    longest_silence = 100.0

    def __init__(self, act: Callable[[Stage, Job, float], Claim], stages: list[Stage]) -> None:
        """Act by *act* on the latest of *stages*."""
        self._act = act
        self._stages = stages
        self.speeds: list[float] = []
        self.patience: list[float] = []
        self.stopped: list[bool] = []
        self.looks_afterwards = False
        self.why_slow = self.remark = self.obstacle_there = ""
        self.out_of_reach: frozenset[str] = frozenset()

    def obstacle(self) -> str:
        """Return why it is slow."""
        return self.why_slow

    def jitter(self, speed: float) -> float:
        """Return a hundredth."""
        return speed / 100

    def unreached(self, port: int, process: int) -> frozenset[str]:
        """Return what cannot be reached."""
        assert (port, process) == (1, 5)
        return self.out_of_reach

    def perform(self, job: Job, setting: Setting) -> Outcome:
        """Act."""
        self.speeds.append(setting.clock.speed)
        self.patience.append(setting.patience)
        setting.watch(5)
        stage = next(one for one in self._stages if one.clock is setting.clock)
        claim = self._act(stage, job, setting.clock.speed)
        self.stopped.append(self.looks_afterwards and setting.watch(5))
        output = b"result" if claim is Claim.SUCCESS and not self.obstacle_there else None
        return Outcome(claim, (output,), "sorry", setting.clock.now(), self.obstacle_there)


class Kit:
    """A kit with one campaign, and one check: exchanges with status 500 break the rule."""

    def __init__(self, *trials: Trial, generated: Any = None) -> None:  # noqa: ANN401  a strategy or nothing
        """Have *trials*."""
        self.client_checks: Checks[Call] = Checks("pixian.client", self._read)
        self.client_checks.each("backoff.first")(self.judged)
        self.client_campaigns = (
            Campaign(
                "trials", "", ("backoff",), lambda: trials, (lambda: generated) if generated is not None else None
            ),
        )
        self.seen: list[Timeline] = []

    def _read(self, timeline: Timeline) -> Sequence[Call]:
        self.seen.append(timeline)
        return [Call(exchange, {}) for exchange in timeline.exchanges]

    def judged(self, call: Call) -> Finding:
        """Find answers with status 500 wrong."""
        return Broken("status", "200", "500") if call.status == 500 else KEPT

    def anonymous(self, name: str) -> Credentials:
        """Return credentials."""
        return Credentials(name, name)


def happens(stage: Stage, *statuses: int, ending: Ending = Ending.DONE, pause: float = 5.0) -> None:
    """Let exchanges with *statuses* happen on *stage*, *pause* seconds after each other."""
    for status in statuses:
        number, now = len(stage.happened), 1000.0 + pause * len(stage.happened)
        response = Response(status, Headers(), b"")
        stage.happened.append(
            Exchange(number, 1, Request("POST", "/", body=b"picture"), response, now, now, ending, 0, now)
        )


def good(stage: Stage, job: Job, speed: float) -> Claim:
    """Succeed."""
    del job, speed
    happens(stage, *(int(str(word)) for word in stage.trial.script if str(word).isdigit()), 200)
    return Claim.SUCCESS


def checked(
    act: Callable[[Stage, Job, float], Claim],
    *trials: Trial,
    generated: Any = None,  # noqa: ANN401  a strategy or nothing
    **options: Any,  # noqa: ANN401  of the run
) -> tuple[ClientCheck, Client, list[Stage]]:
    """Return a check of a client that acts by *act*, the client, and its stages."""
    stages: list[Stage] = []

    def build(tls: bool) -> Stage:  # noqa: FBT001  the driver's own call
        stages.append(Stage(tls=tls))
        return stages[-1]

    client = Client(act, stages)
    kit: Any = Kit(*(trials or (PLAIN,)), generated=generated)
    terms = Options(**{"only": frozenset({RULE}), "examples": 0, **options})
    return ClientCheck(PIXIAN, kit, client, build, terms), client, stages


def test_a_good_client_conforms() -> None:
    """The clock runs as fast as the trials allow, and the stages are closed at the end."""
    check, client, stages = checked(good, PLAIN, replace(PLAIN, name="slow", speed=4.0))
    run = check.run()
    assert (run.conclusion, run.stopped, run.notes) == ("conforms", "", ())
    assert client.speeds == [1, 60, 60, 60, 60, 4]
    assert all(stage.closed for stage in stages)
    assert run.speed > 1


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


def test_a_client_that_hangs_is_told_though_it_breaks_no_rule() -> None:
    """It is looked at in real time, once."""

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        good(stage, job, speed)
        return Claim.NONE if "odd" in stage.trial.name else Claim.SUCCESS

    check, client, _ = checked(act, PLAIN, replace(PLAIN, name="odd"), replace(PLAIN, name="odd again"))
    run = check.run()
    assert run.conclusion == "conforms"
    assert run.notes == ("The client did not end and had to be stopped in 2 trials, such as: odd.",)
    assert client.speeds[5:] == [60, 1, 60]


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


def test_a_client_that_fails_every_plain_job_says_too_little() -> None:
    """It is told what the provider answered and what the client said; what it breaks meanwhile stays found."""

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        if "url" in stage.trial.name:
            return good(stage, job, speed)
        happens(stage, 400)
        return Claim.FAILURE

    check, client, _ = checked(act, PLAIN, replace(PLAIN, name="by its url"))
    run = check.run()
    assert run.conclusion == "inconclusive"
    assert run.doubt == (
        "The client failed the plain job (plain), twice. The provider answered 400 Bad Request. It said: sorry"
    )
    assert client.speeds == [1, 1, 60, 60, 60, 60, 60]


def test_a_client_that_never_sends_a_picture_cannot_be_told() -> None:
    """One that only asks for its account, for example."""

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        good(stage, job, speed)
        stage.happened = [replace(one, request=Request("GET", "/account")) for one in stage.happened]
        return Claim.SUCCESS

    run = checked(act)[0].run()
    assert run.conclusion == "inconclusive"
    assert "never sent a picture; all that it asked for is GET /account. It said: sorry" in run.doubt


def test_an_output_that_cannot_be_read_is_told() -> None:
    """As what it is."""
    check, client, _ = checked(good)
    client.obstacle_there = "a folder in place of a file"
    run = check.run()
    assert "at the path in MATTEPROOF_OUTPUT there is a folder in place of a file. It said" in run.doubt


def test_the_timeout_is_that_of_the_first_job_too() -> None:
    """It gives more time, or less, and the sentence names it."""
    for timeout, patience in ((None, 60), (300.0, 300), (2.0, 2)):
        check, client, _ = checked(lambda *_: Claim.NONE, timeout=timeout)
        assert f"did not end within {patience} seconds and sent" in check.run().doubt
        assert client.patience == [patience]


def test_generated_trials_have_only_so_much_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is left out, and the report says so."""
    monkeypatch.setattr("contracts.conformance.client.programme._GENERATED", -1.0)
    check, client, _ = checked(good, PLAIN, generated=st.just(PLAIN), examples=5)
    run = check.run()
    assert run.notes[0].startswith("Not all generated trials were played")
    assert client.speeds == [1, 60, 60, 60, 60]


def test_clients_that_only_wait_do_so_beside_each_other() -> None:
    """In real time more of them run at once than there is work for."""
    together = threading.Barrier(8, timeout=30)

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        if stage.trial.name == "wait":
            together.wait()
        return good(stage, job, speed)

    check, client, stages = checked(act, PLAIN, *[replace(PLAIN, name="wait")] * 8)
    client.at_once, client.why_slow = 2, "no library"
    assert check.run().conclusion == "conforms"
    assert len(stages) == 8
    assert all(stage.closed for stage in stages)


def test_a_rule_that_is_looked_at_again_is_so_by_one_hand_only() -> None:
    """What others see meanwhile does not count, and once it is settled nobody asks again."""
    doubts = Doubts(usual=0.1)
    story = Story(PLAIN, Timeline((), outcome=Outcome(Claim.NONE, (None,), "", 0.0)), 60.0, 1.0)
    found = [Found(RULE, 0, Violation(RULE, 0, "", "", ""))]
    first, second = doubts.about(story, found), doubts.about(story, found)
    assert (first.rules, first.hang, first.withheld) == (frozenset({RULE}), True, frozenset())
    assert (second.is_open, second.withheld) == (False, frozenset({RULE}))
    assert doubts.settle(first, story, found)
    assert doubts.hangs
    assert not doubts.about(story, found).is_open


def test_a_doubt_that_was_wrong_is_free_again() -> None:
    """Somebody else may ask the same later."""
    doubts = Doubts(usual=0.1)
    story = Story(PLAIN, Timeline((), outcome=Outcome(Claim.NONE, (None,), "", 0.0)), 60.0, 1.0)
    ended = replace(story, timeline=replace(story.timeline, outcome=Outcome(Claim.SUCCESS, (b"x",), "", 0.0)))
    found = [Found(RULE, 0, Violation(RULE, 0, "", "", ""))]
    assert not doubts.settle(doubts.about(story, found), ended, [])
    assert doubts.about(story, found).rules == {RULE}
    assert not doubts.hangs


def test_a_remark_on_the_client_is_told() -> None:
    """Such as of processes that outlive it."""
    check, client, _ = checked(good)
    client.remark = "Processes go on."
    assert check.run().notes == ("Processes go on.",)


def test_a_client_that_fails_under_a_fast_clock_gets_a_real_one() -> None:
    """It is not blamed."""

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        return good(stage, job, speed) if speed == 1 else Claim.NONE

    check, client, _ = checked(act)
    run = check.run()
    assert run.conclusion == "conforms"
    assert client.speeds == [1, 60, 60, 1]
    assert "does not do a plain job" in run.notes[0]


@pytest.mark.parametrize(
    ("claim", "statuses", "word"),
    [
        (Claim.FAILURE, [], "reports failure and sent no request"),
        (Claim.SUCCESS, [], "claims success and sent no request"),
        (Claim.NONE, [], "did not end within 60 seconds and sent no request"),
        (Claim.NONE, [200], "did not end within 60 seconds; --timeout"),
        (Claim.UNABLE, [], "status 77"),
    ],
)
def test_a_client_that_does_no_plain_job_cannot_be_told(claim: Claim, statuses: list[int], word: str) -> None:
    """The run ends with a sentence, and what the client said."""

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        del job, speed
        happens(stage, *statuses)
        return claim

    check, client, _ = checked(act)
    run = check.run()
    assert run.conclusion == "inconclusive"
    assert word in run.doubt
    assert "sorry" in run.doubt
    assert client.speeds == ([1, 60] if statuses else [1])


def test_a_client_that_is_only_slow_has_ten_virtual_minutes() -> None:
    """A plain job that does not end in real time may end in a fast one, and the run goes on."""

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        good(stage, job, speed)
        return Claim.NONE if speed == 1 else Claim.SUCCESS

    check, client, _ = checked(act)
    assert check.run().conclusion == "conforms"
    assert client.speeds == [1, 60, 60, 60, 60]


@pytest.mark.parametrize("ends", [True, False])
def test_a_client_that_does_nothing_more_is_not_waited_for_in_real_time(*, ends: bool) -> None:
    """A fast clock shows whether it ends; only if it does not there either, the client gets all its real time."""

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        good(stage, job, speed)
        return Claim.SUCCESS if ends and speed > 1 else Claim.NONE

    check, client, _ = checked(act)
    client.looks_afterwards = True
    run = check.run()
    assert run.conclusion == ("conforms" if ends else "inconclusive")
    assert client.speeds == ([1, 60, 60, 60, 60] if ends else [1, 60, 1])
    assert client.stopped[:1] == [True]
    assert ("did not end within 60 seconds" in run.doubt) is not ends


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


def broken(stage: Stage, job: Job, speed: float) -> Claim:
    """Break the rule in every trial that is not plain."""
    del job, speed
    happens(stage, 500 if stage.trial.script else 200)
    return Claim.SUCCESS


def test_what_is_broken_is_told_with_its_trial() -> None:
    """The violation names an exchange, and that leads to the story of its trial."""
    check, _, _ = checked(broken, PLAIN, replace(PLAIN, name="busy", script=("429",)), PLAIN)
    run = check.run()
    assert run.conclusion == "violates"
    (violation,) = run.judgements[0].violations if len(run.judgements) == 1 else ()
    assert run.stories[violation.exchange].trial.name == "busy"
    assert "busy" in run.descriptions[violation.exchange]
    assert violation.exchange in run.exchanges


def test_generated_trials_are_made_small() -> None:
    """The shortest script that breaks the rule is shown."""

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        del job, speed
        bad = sum(word == "503" for word in stage.trial.script) >= 2
        happens(stage, 500 if bad else 200)
        return Claim.SUCCESS

    words = st.lists(st.sampled_from(["ok", "429", "503"]), max_size=6)
    generated = words.map(lambda script: replace(PLAIN, name="generated", script=tuple(script)))
    check, _, _ = checked(act, PLAIN, generated=generated, examples=100)
    run = check.run()
    violation = run.judgements[0].violations[0]
    assert run.stories[violation.exchange].trial.script == ("503", "503")


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


def test_a_name_without_a_dot_may_go_unsaid() -> None:
    """Where no server name came, the trial is played again with an address whose name has a dot."""
    origins: list[str] = []

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        del speed
        origins.append(job.origin)
        named = stage.trial.tls and "mock." in job.origin
        stage.shakes = Handshakes(named=int(named), nameless=int(not named)) if stage.trial.tls else None
        happens(stage, 200)
        return Claim.SUCCESS

    check, _, _ = checked(act, PLAIN, replace(PLAIN, name="tls", tls=True))
    kit: Any = check.kit
    check.run()
    assert origins[-2:] == ["https://localhost:1", "https://mock.localhost:1"]
    assert kit.seen[-1].handshakes == Handshakes(named=1)


def test_a_trial_that_cannot_be_played_is_left_out() -> None:
    """The run goes on, and says so."""
    check, client, _ = checked(good, PLAIN, replace(PLAIN, name="over HTTPS", tls=True))
    build = check.build

    def without_tls(tls: bool) -> Any:  # noqa: ANN401, FBT001  the driver's own call
        if tls:
            raise StageError("Certificates need a library.")
        return build(tls)

    check.build = without_tls
    run = check.run()
    assert run.conclusion == "conforms"
    assert run.notes == ("One trial could not be played (over HTTPS): Certificates need a library.",)
    assert client.speeds == [1, 60, 60, 60, 60]


def test_a_client_that_asks_for_nothing_gets_another_chance() -> None:
    """It may not have found its way to the mock, for which nobody blames it; the report says so."""

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        return good(stage, job, speed) if stage.trial.name == "plain" else Claim.FAILURE

    check, client, _ = checked(act, PLAIN, replace(PLAIN, name="odd"))
    run = check.run()
    assert run.conclusion == "conforms"
    assert run.notes == ("The client reported failure without any request, twice: odd. It said: sorry",)
    assert client.speeds == [1, 60, 60, 60, 60, 60, 60]


def test_a_fault_of_the_test_is_nobodys() -> None:
    """Such as a full disk."""

    def act(stage: Stage, job: Job, speed: float) -> Claim:
        del stage, job, speed
        raise OSError(28, "No space left on device")

    check, _, _ = checked(act)
    run = check.run()
    assert run.conclusion == "inconclusive"
    assert "No space left" in run.doubt
    assert "says nothing of the client" in run.doubt


def test_jobs_of_several_pictures_have_to_be_allowed() -> None:
    """A client may not be made for them."""
    several = replace(PLAIN, name="several", inputs=(*PICTURE, Input("q.png", b"another")), threads=2)
    without, _, _ = checked(good, PLAIN, several)
    assert [trial.name for trial in without.trials()] == ["plain"]
    allowed, _, _ = checked(good, PLAIN, several, threads=True)
    assert [trial.name for trial in allowed.trials()] == ["plain", "several"]
