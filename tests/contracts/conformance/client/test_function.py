"""Clients that are Python functions."""

from __future__ import annotations

import threading
import time

import pytest

from contracts.clock import Clock, stopwatch
from contracts.conformance.client.function import Function, UnableError
from contracts.conformance.client.performer import Setting
from contracts.model import Claim, Input, Job

JOB = Job((Input("a.png", b"A"), Input("b.png", b"B")), {}, "http://127.0.0.1:1", "me", "hush")
SETTING = Setting(Clock(), 30.0)


def test_to_return_is_to_claim_success() -> None:
    """The results come in the order of the inputs; what is missing is no result."""
    assert Function(lambda job: [one.data for one in job.inputs]).perform(JOB, SETTING).outputs == (b"A", b"B")
    short = Function(lambda _: b"one").perform(JOB, SETTING)
    assert (short.claim, short.outputs) == (Claim.SUCCESS, (b"one", None))


@pytest.mark.parametrize(
    ("error", "claim", "said"),
    [
        (ValueError("because"), Claim.FAILURE, "ValueError: because"),
        (SystemExit(3), Claim.FAILURE, "SystemExit: 3"),
        (UnableError("no threads"), Claim.UNABLE, "no threads"),
    ],
)
def test_to_raise_is_to_report_failure(error: BaseException, claim: Claim, said: str) -> None:
    """With the exception's own words; one of ours says that such jobs cannot be done."""

    def act(job: Job) -> bytes:
        del job
        raise error

    outcome = Function(act).perform(JOB, SETTING)
    assert (outcome.claim, outcome.said, outcome.outputs) == (claim, said, (None, None))


def test_a_function_that_does_not_return_is_left_to_itself() -> None:
    """Its time is over."""
    forever = threading.Event()

    def act(job: Job) -> bytes:
        del job
        forever.wait()
        return b""

    assert Function(act).perform(JOB, Setting(Clock(), 0.1)).claim is Claim.NONE
    forever.set()


def test_the_waits_of_a_function_follow_the_clock() -> None:
    """Half a minute of a clock that runs sixty times faster is half a real second."""

    def act(job: Job) -> bytes:
        del job
        began = time.monotonic()
        time.sleep(30)
        return str(time.monotonic() - began).encode()

    clock = Clock(speed=60)
    before, began = clock.now(), stopwatch()
    outcome = Function(act).perform(JOB, Setting(clock, 30.0))
    assert stopwatch() - began < 20
    assert outcome.claim is Claim.SUCCESS, outcome.said
    assert outcome.ended - before >= 30
    assert float(outcome.outputs[0] or b"0") >= 30


def test_a_function_has_a_name() -> None:
    """Its own, or the one that it is given."""
    assert Function(test_a_function_has_a_name).name == "test_a_function_has_a_name"  # type: ignore[arg-type]
    assert Function(lambda _: b"", "mine").name == "mine"
