"""The driver of clients: those that do not do the plain job with which it begins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contracts.model import Claim, Request
from tests.contracts.conformance.client.acting import PLAIN, Stage, checked, good, happens

if TYPE_CHECKING:
    from contracts.model import Job


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
