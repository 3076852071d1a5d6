"""The driver of clients: what it plays, what it finds, and what it says of that."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from contracts.conformance.client.stage import StageError
from contracts.model import Claim, Handshakes, Input
from tests.contracts.conformance.client.acting import PICTURE, PLAIN, Stage, checked, good, happens

if TYPE_CHECKING:
    import pytest

    from contracts.model import Job


def test_a_good_client_conforms() -> None:
    """The clock runs as fast as the trials allow, and the stages are closed at the end."""
    check, client, stages = checked(good, PLAIN, replace(PLAIN, name="slow", speed=4.0))
    run = check.run()
    assert (run.conclusion, run.stopped, run.notes) == ("conforms", "", ())
    assert client.speeds == [1, 60, 60, 60, 60, 4]
    assert all(stage.closed for stage in stages)
    assert run.speed > 1


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


def test_a_remark_on_the_client_is_told() -> None:
    """Such as of processes that outlive it."""
    check, client, _ = checked(good)
    client.remark = "Processes go on."
    assert check.run().notes == ("Processes go on.",)


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
