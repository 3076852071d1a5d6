"""One clock drives everything: real, scaled, or frozen and advanced by hand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Event
from typing import TYPE_CHECKING

import httpx
import pytest

from contracts.clock import Clock, stopwatch, system_time
from mockserver.faults import FaultRule, fault_of
from mockserver.mock import Mock
from mockserver.state.limiter import Limits, Ramp, Rate
from serving import ACCOUNT, PATIENCE, START, converse, frozen, upload, waits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLOCK = "/_mock/v1/clock"


@contextmanager
def serving(clock: Clock, latency: float = 0.0) -> Iterator[tuple[Mock, httpx.Client]]:
    """Serve by *clock*, and yield a client without credentials besides the server."""
    with (
        Mock(clock=clock, latency=latency) as mock,
        httpx.Client(base_url=mock.url, trust_env=False, timeout=PATIENCE) as client,
    ):
        yield mock, client


@pytest.mark.parametrize("call", [upload, converse])
def test_processing_takes_time_of_the_clock(call: Callable[[httpx.Client], httpx.Response]) -> None:
    """While the clock stands still no picture is finished; it comes at the moment it should."""
    with serving(frozen(), latency=170) as (mock, client), ThreadPoolExecutor() as pool:
        answer = pool.submit(call, client)
        assert waits(mock, answer)
        mock.clock.advance(169.9)
        assert waits(mock, answer)
        mock.clock.advance(0.2)
        assert answer.result(PATIENCE).status_code == 200


def test_a_clock_that_is_let_run_again_brings_the_answer() -> None:
    """Whoever waits is told that time goes on, over the control API, too."""
    with serving(frozen(), latency=100) as (mock, client), ThreadPoolExecutor() as pool:
        answer = pool.submit(upload, client)
        assert waits(mock, answer)
        assert client.put(CLOCK, json={"mode": "scaled", "speed": 1000}).json()["mode"] == "scaled"
        assert answer.result(PATIENCE).status_code == 200


def test_answers_can_be_brought_by_the_control_api() -> None:
    """An advance over HTTP moves the clock by just so much, while another request waits."""
    with serving(frozen(), latency=60) as (mock, client), ThreadPoolExecutor() as pool:
        answer = pool.submit(upload, client)
        assert waits(mock, answer)
        told = client.post(f"{CLOCK}/advance", json={"seconds": 60}).json()
        assert (told["mode"], told["speed"], told["now"]) == ("frozen", 1.0, "2024-01-01T00:01:00Z")
        assert answer.result(PATIENCE).status_code == 200


def test_results_live_for_an_hour_of_the_clock() -> None:
    """A result can be fetched until one hour has passed since its answer, and then no more."""
    with serving(frozen(), latency=100) as (mock, client), ThreadPoolExecutor() as pool:
        answer = pool.submit(converse, client)
        assert waits(mock, answer)
        mock.clock.advance(100)
        url = answer.result(PATIENCE).json()["choices"][0]["message"]["content"]
        mock.clock.advance(3599.9)
        assert client.get(url).status_code == 200
        mock.clock.advance(0.1)
        assert client.get(url).status_code == 404


def test_a_pack_ends_with_the_clock() -> None:
    """Up to the moment that it names the pack pays, from then on it is dormant."""
    with serving(frozen()) as (mock, client):
        client.patch("/_mock/v1/tenants/me", json={"use_before": "2024-01-31T12:00:00Z"})
        mock.clock.advance(30.5 * 86_400 - 0.1)
        assert upload(client).status_code == 200
        mock.clock.advance(0.1)
        assert upload(client).status_code == 402
        told = client.get(ACCOUNT, auth=("me", "secret")).json()
    assert (told["state"], told["useBefore"]) == ("dormant", "2024-01-31T12:00:00Z")


@pytest.mark.parametrize("path", [ACCOUNT, "/v1/models", "/", "/nowhere", CLOCK])
def test_the_date_of_every_answer_is_the_clocks(path: str) -> None:
    """The header field tells the moment of the clock, to the whole second that has begun."""
    with serving(frozen()) as (mock, client):
        assert client.get(path).headers["Date"] == "Mon, 01 Jan 2024 00:00:00 GMT"
        mock.clock.advance(59.99)
        assert client.get(path).headers["Date"] == "Mon, 01 Jan 2024 00:00:59 GMT"
        mock.clock.set(now=0.0)
        assert client.get(path).headers["Date"] == "Thu, 01 Jan 1970 00:00:00 GMT"


def test_a_delayed_answer_is_dated_when_it_is_sent() -> None:
    """The processing time is over when the date is written."""
    with serving(frozen(), latency=170) as (mock, client), ThreadPoolExecutor() as pool:
        answer = pool.submit(upload, client)
        assert waits(mock, answer)
        mock.clock.advance(170)
        assert answer.result(PATIENCE).headers["Date"] == "Mon, 01 Jan 2024 00:02:50 GMT"


def test_limits_follow_the_clock() -> None:
    """Neither tokens nor places of a ramp come while it stands still."""
    with serving(frozen()) as (mock, client):
        limiter = mock.state.tenants.get("me").limiter
        limiter.set(Limits(rate=Rate(per_second=1 / 60)))
        assert [upload(client).status_code for _ in range(2)] == [200, 429]
        Event().wait(0.1)
        assert upload(client).status_code == 429
        mock.clock.advance(60)
        assert upload(client).status_code == 200
        limiter.set(Limits(ramp=Ramp(start=1, step=0, every=1)))
        assert upload(client).status_code == 200


def test_the_life_of_a_fault_follows_the_clock() -> None:
    """A rule for a minute is in force for a minute of the clock."""
    with serving(frozen()) as (mock, client):
        mock.engine.rules.add([FaultRule("1", fault_of(503, ()), seconds=60)], mock.clock.now())
        assert upload(client).status_code == 503
        mock.clock.advance(59.9)
        assert upload(client).status_code == 503
        mock.clock.advance(0.1)
        assert upload(client).status_code == 200


@pytest.mark.parametrize("seconds", [170, 190])
def test_a_stall_follows_the_clock(seconds: int) -> None:
    """Silence before the answer lasts for so long by the clock."""
    with serving(frozen()) as (mock, client), ThreadPoolExecutor() as pool:
        mock.state.tenants.get("me").play([fault_of({"fault": "stall", "seconds": seconds}, ())])
        answer = pool.submit(upload, client)
        assert waits(mock, answer)
        mock.clock.advance(seconds - 0.1)
        assert waits(mock, answer)
        mock.clock.advance(0.1)
        assert answer.result(PATIENCE).status_code == 200


def test_ten_seconds_at_speed_100_take_about_a_tenth() -> None:
    """A scaled clock shortens the wait, not the time that the journal tells."""
    with serving(Clock(speed=100, now=START), latency=10) as (mock, client):
        upload(client)  # whatever has to be loaded is loaded now
        began = stopwatch()
        assert upload(client).status_code == 200
        took = stopwatch() - began
        entry = mock.journal.find()[-1]
    assert 0.09 < took < 5
    assert entry.ended is not None
    assert entry.ended - entry.received >= 9.99


def test_a_real_clock_tells_the_systems_time() -> None:
    """By default the date is that of the system."""
    with serving(Clock()) as (_, client):
        date = parsedate_to_datetime(client.get(ACCOUNT).headers["Date"])
    assert abs((date - datetime.fromtimestamp(system_time(), UTC)).total_seconds()) < 5


def test_every_answer_tells_the_instant_of_the_clock() -> None:
    """Ids and moments in bodies are the clock's, too."""
    with serving(frozen()) as (mock, client):
        mock.clock.advance(1.5)
        body = converse(client).json()
    assert body["id"] == "xty-1704067201500"
    assert body["created"] == 1_704_067_201
