"""Limits: how many requests a tenant may make at a time and in a while, and how the others are refused."""

from __future__ import annotations

import base64
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

import httpx
import pytest

from mockserver.mock import Mock
from mockserver.state.limiter import GENEROUS, Limiter, Limits, Ramp, Rate
from serving import ACCOUNT, CHAT, MODELS, PATIENCE, PICTURE, REMOVE, START, frozen, until, upload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts.clock import Clock
    from mockserver.state.tenant import Tenant

KEY = "sk-limited"


def admitted(limiter: Limiter, *moments: float) -> list[bool]:
    """Return whether a request is let in at each of *moments*; none of them leaves."""
    return [limiter.enter(moment).admitted for moment in moments]


@contextmanager
def serving(clock: Clock, latency: float = 0.0) -> Iterator[tuple[Mock, httpx.Client]]:
    """Serve by *clock*, and yield a client without credentials besides the server."""
    with Mock(clock=clock, latency=latency) as mock:
        limits = httpx.Limits(max_connections=None)
        with httpx.Client(base_url=mock.url, trust_env=False, timeout=PATIENCE, limits=limits) as client:
            yield mock, client


def limited(mock: Mock, name: str, limits: Limits) -> Tenant:
    """Return the tenant *name*, which has *limits* from now on."""
    tenant = mock.state.tenants.get(name)
    tenant.limiter.set(limits)
    return tenant


def test_without_limits_everybody_is_let_in_and_nothing_is_said() -> None:
    """The generous default counts requests and gives no reason."""
    limiter = Limiter()
    assert all(admitted(limiter, *[0.0] * 500))
    assert limiter.in_progress == 500
    assert limiter.enter(0).reason == ""


def test_only_so_many_requests_are_in_progress_at_a_time() -> None:
    """Beyond the concurrency a request is refused, until one that was let in leaves."""
    limiter = Limiter(Limits(concurrency=2))
    assert admitted(limiter, 0, 0, 0) == [True, True, False]
    assert limiter.in_progress == 2
    limiter.leave()
    assert admitted(limiter, 0, 0) == [True, False]


def test_a_refusal_says_how_many_there_are_and_how_many_may_be() -> None:
    """The reason names the limit that refuses."""
    limiter = Limiter(Limits(concurrency=1))
    assert limiter.enter(0).reason == "0 other requests in progress, concurrency allows 1"
    assert limiter.enter(0).reason == "1 requests in progress, concurrency allows 1"


def test_a_concurrency_of_zero_lets_nobody_in() -> None:
    """Zero is a limit, not the lack of one."""
    assert admitted(Limiter(Limits(concurrency=0)), 0) == [False]


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    """The burst is let in at once, and then one request for each token that has come since."""
    limiter = Limiter(Limits(rate=Rate(per_second=2, burst=3)))
    assert admitted(limiter, 0, 0, 0, 0) == [True, True, True, False]
    assert admitted(limiter, 0.49) == [False]
    assert admitted(limiter, 0.5, 0.5) == [True, False]
    assert admitted(limiter, 1.5, 1.5, 1.5) == [True, True, False]


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    """A long rest fills the bucket and no more."""
    limiter = Limiter(Limits(rate=Rate(per_second=10, burst=2)))
    assert admitted(limiter, 0, 1000, 1000, 1000) == [True, True, True, False]


def test_tenths_of_a_token_add_up_to_a_whole() -> None:
    """Rounding in binary fractions costs nobody a token."""
    limiter = Limiter(Limits(rate=Rate(per_second=1, burst=1)))
    tenths = [number / 10 for number in range(101)]
    assert sum(admitted(limiter, *tenths)) == 11


@pytest.mark.parametrize("rate", [1.0, 2.0, 50.0])
def test_small_steps_of_a_frozen_clock_fill_the_bucket(rate: float) -> None:
    """A token is there once the clock has been advanced by its time in parts."""
    clock, limiter = frozen(), Limiter(Limits(rate=Rate(per_second=rate)))
    assert limiter.enter(clock.now()).admitted
    for _ in range(10):
        clock.advance(0.1 / rate)
    assert limiter.enter(clock.now()).admitted


def test_a_clock_that_is_set_back_does_not_stop_the_bucket() -> None:
    """Tokens come again from the new moment on; those that were taken stay taken."""
    limiter = Limiter(Limits(rate=Rate(per_second=1)))
    assert admitted(limiter, START) == [True]
    assert admitted(limiter, START - 86_400, START - 86_399) == [False, True]


def test_a_clock_that_is_set_back_does_not_stop_the_ramp() -> None:
    """What the ramp has allowed stays allowed, and it goes on from the new moment."""
    limiter = Limiter(Limits(ramp=Ramp(start=1, step=1, every=10)))
    assert admitted(limiter, START, START + 10, START + 10) == [True, True, False]
    assert admitted(limiter, START - 86_400, START - 86_390) == [False, True]


def test_requests_that_come_a_little_out_of_order_gain_nothing() -> None:
    """An earlier moment than the latest one fills no bucket."""
    limiter = Limiter(Limits(rate=Rate(per_second=10)))
    moments = [START + 0.1 * (number % 2) for number in range(40)]
    assert sum(admitted(limiter, *moments)) == 2


def test_a_bucket_does_not_mind_who_leaves() -> None:
    """Tokens do not come back with the end of a request."""
    limiter = Limiter(Limits(rate=Rate(per_second=1)))
    assert admitted(limiter, 0) == [True]
    limiter.leave()
    assert admitted(limiter, 0) == [False]


@pytest.mark.parametrize(("seconds", "most"), [(0, 5), (299.9, 5), (300, 6), (599.9, 6), (600, 7), (3000, 15)])
def test_the_advised_ramp_is_five_and_one_more_every_five_minutes(seconds: float, most: int) -> None:
    """The number of requests at a time grows with the time since the first one."""
    limiter = Limiter(Limits(ramp=Ramp()))
    assert limiter.enter(START).admitted
    limiter.leave()
    assert sum(admitted(limiter, *[START + seconds] * 20)) == most


def test_a_ramp_begins_with_the_first_request_not_with_the_limit() -> None:
    """Time that passes before the first request does not count."""
    limiter = Limiter(Limits(ramp=Ramp()))
    assert sum(admitted(limiter, *[START + 86_400] * 20)) == 5


def test_limits_that_are_set_again_begin_anew() -> None:
    """A ramp is back at its beginning, a bucket is full; requests in progress still count."""
    limiter = Limiter(Limits(ramp=Ramp(start=1, step=1, every=10), rate=Rate(per_second=0.001, burst=2)))
    assert admitted(limiter, 0, 10, 20) == [True, True, False]
    limiter.set(limiter.limits)
    assert admitted(limiter, 20) == [False]
    for _ in range(2):
        limiter.leave()
    assert admitted(limiter, 20, 20) == [True, False]


def test_several_limits_hold_together() -> None:
    """The narrowest of concurrency, ramp and rate decides, and the reason names it."""
    limiter = Limiter(Limits(concurrency=3, ramp=Ramp(start=2, step=1, every=10), rate=Rate(per_second=1, burst=4)))
    assert admitted(limiter, 0, 0) == [True, True]
    assert "ramp allows 2" in limiter.enter(0).reason
    assert admitted(limiter, 10) == [True]
    assert "concurrency allows 3" in limiter.enter(30).reason
    for _ in range(3):
        limiter.leave()
    assert admitted(limiter, 30, 30, 30) == [True, True, True]
    limiter.leave()
    assert admitted(limiter, 30) == [True]
    limiter.leave()
    assert limiter.enter(30).reason == "the bucket of 1 a second is empty"


def test_whoever_finds_no_place_takes_no_token() -> None:
    """A request that the concurrency refuses leaves the bucket as it is."""
    limiter = Limiter(Limits(concurrency=1, rate=Rate(per_second=0.001, burst=2)))
    assert admitted(limiter, 0, 0, 0, 0) == [True, False, False, False]
    limiter.leave()
    assert admitted(limiter, 0) == [True]


def test_64_threads_never_exceed_the_concurrency() -> None:
    """However many come at once, never more are in than allowed, and all places are free in the end."""
    limiter, lock = Limiter(Limits(concurrency=7)), Lock()
    inside, peak = 0, 0

    def come_and_go(_: int) -> None:
        nonlocal inside, peak
        for _ in range(300):
            if not limiter.enter(0).admitted:
                continue
            with lock:
                inside += 1
                peak = max(peak, inside)
            with lock:
                inside -= 1
            limiter.leave()

    with ThreadPoolExecutor(64) as pool:
        list(pool.map(come_and_go, range(64)))
    assert 1 <= peak <= 7
    assert limiter.in_progress == 0


def test_64_threads_never_take_more_tokens_than_there_are() -> None:
    """Of 6,400 requests in one moment, just the burst is let in."""
    limiter = Limiter(Limits(rate=Rate(per_second=1, burst=50)))
    with ThreadPoolExecutor(64) as pool:
        found = list(pool.map(lambda _: sum(admitted(limiter, *[START] * 100)), range(64)))
    assert sum(found) == 50


def test_the_server_lets_just_so_many_of_64_clients_in() -> None:
    """While three pictures are in work, 61 others are refused; once they are done, there is room again."""
    clock = frozen()
    with serving(clock, latency=10) as (mock, client), ThreadPoolExecutor(64) as pool:
        tenant = limited(mock, "me", Limits(concurrency=3))
        answers = [pool.submit(upload, client) for _ in range(64)]
        until(lambda: sum(answer.done() for answer in answers) == 61)
        assert tenant.limiter.in_progress == 3
        clock.advance(10)
        statuses = sorted(answer.result(PATIENCE).status_code for answer in answers)
        assert statuses == [200] * 3 + [429] * 61
        until(lambda: tenant.limiter.in_progress == 0)
        assert client.get(ACCOUNT, auth=("me", "secret")).status_code == 200


def test_tokens_come_with_the_servers_clock() -> None:
    """Refused requests are let in after the clock was advanced, and not before."""
    clock = frozen()
    with serving(clock) as (mock, client):
        limited(mock, "me", Limits(rate=Rate(per_second=0.1, burst=2)))
        assert [upload(client).status_code for _ in range(3)] == [200, 200, 429]
        clock.advance(9)
        assert upload(client).status_code == 429
        clock.advance(1)
        assert [upload(client).status_code for _ in range(2)] == [200, 429]


def test_the_ramp_grows_with_the_servers_clock() -> None:
    """Five pictures at a time, and a sixth after five minutes."""
    clock = frozen()
    with serving(clock, latency=1000) as (mock, client), ThreadPoolExecutor(8) as pool:
        tenant = limited(mock, "me", Limits(ramp=Ramp()))
        waiting = [pool.submit(upload, client) for _ in range(5)]
        until(lambda: tenant.limiter.in_progress == 5)
        assert upload(client).status_code == 429
        clock.advance(300)
        waiting.append(pool.submit(upload, client))
        until(lambda: tenant.limiter.in_progress == 6)
        assert upload(client).status_code == 429
        clock.advance(1000)
        assert {one.result(PATIENCE).status_code for one in waiting} == {200}


def test_a_refused_picture_costs_nothing() -> None:
    """Whoever is refused pays nothing."""
    with serving(frozen()) as (mock, client):
        tenant = limited(mock, "me", Limits(concurrency=0))
        assert upload(client).status_code == 429
        assert tenant.ledger.account.credits == 1000


@pytest.mark.parametrize("seconds", [None, 0, 17])
def test_pixian_refuses_with_its_error_object(seconds: int | None) -> None:
    """The body is the error object with code 1015; Retry-After is there only if it is wanted."""
    with serving(frozen()) as (mock, client):
        limited(mock, "me", Limits(concurrency=0, retry_after=seconds))
        answer = upload(client)
    assert answer.status_code == 429
    error = answer.json()["error"]
    assert (error["status"], error["code"]) == (429, 1015)
    assert error["message"].startswith("Too many requests")
    assert answer.headers.get("Retry-After") == (None if seconds is None else str(seconds))


@pytest.mark.parametrize("seconds", [None, 3])
@pytest.mark.parametrize("name", ["upstream-saturated", "rate-limited", "", "slow-down"])
def test_xty_refuses_in_either_dialect_of_its_gateway(name: str, seconds: int | None) -> None:
    """A saturated upstream has an error object, the limiter an empty body, which is also the default."""
    with serving(frozen()) as (mock, client):
        bearer = {"Authorization": f"Bearer {KEY}"}
        assert client.get(MODELS, headers=bearer).status_code == 200
        (tenant,) = mock.state.tenants.all()
        tenant.limiter.set(Limits(concurrency=0, error=name, retry_after=seconds))
        answer = client.post(CHAT, headers=bearer, json={"model": "remove-bg", "messages": []})
    assert answer.status_code == 429
    assert answer.headers.get("Retry-After") == (None if seconds is None else str(seconds))
    if name == "upstream-saturated":
        error = answer.json()["error"]
        assert error.pop("message").startswith("当前分组上游负载已饱和")
        assert error == {"type": "upstream_error", "param": "", "code": ""}
    else:
        assert answer.content == b""
        assert "Content-Type" not in answer.headers


def test_a_client_that_breaks_off_gives_its_place_back() -> None:
    """The place is free as soon as the connection is gone, although the picture would still take long."""
    clock = frozen()
    with serving(clock, latency=1000) as (mock, client):
        tenant = limited(mock, "me", Limits(concurrency=1))
        with socket.create_connection(("127.0.0.1", mock.server.port)) as connection:
            connection.sendall(_raw_upload())
            until(lambda: tenant.limiter.in_progress == 1)
            assert upload(client).status_code == 429
        until(lambda: tenant.limiter.in_progress == 0)
        assert client.get(ACCOUNT, auth=("me", "secret")).status_code == 200


def test_limits_can_be_lifted_while_requests_are_in_progress() -> None:
    """The count stays right across a change of limits."""
    limiter = Limiter(Limits(concurrency=1))
    assert admitted(limiter, 0, 0) == [True, False]
    limiter.set(GENEROUS)
    assert admitted(limiter, 0) == [True]
    for _ in range(2):
        limiter.leave()
    assert limiter.in_progress == 0


def _raw_upload() -> bytes:
    """Return an upload by ``me``, byte for byte."""
    request = httpx.Request("POST", f"http://test{REMOVE}", files={"image": ("picture", PICTURE)})
    body = request.read()
    token = base64.b64encode(b"me:secret").decode()
    head = [
        f"POST {REMOVE} HTTP/1.1",
        "Host: test",
        f"Authorization: Basic {token}",
        f"Content-Type: {request.headers['Content-Type']}",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body
