"""Every scenario that is shipped does, through the server, what its description says."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from contracts.clock import Clock
from contracts.model import Ending
from contracts.providers import discover
from mockserver.mock import Mock
from mockserver.scenarios import Library
from mockserver.scenarios.vocabulary import Vocabulary
from pictures import decoded, disc, encoded
from serving import ACCOUNT, PATIENCE, PICTURE, START, converse, frozen, until, upload, waits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MEGAPIXEL = encoded(disc((1000, 1000), (300, 300, 700, 700)))
SHIPPED = (
    "almost-out-of-credits",
    "black-friday",
    "broken-pictures",
    "busy",
    "dormant-pack",
    "expired-results",
    "flaky-network",
    "html-errors",
    "out-of-credits",
    "ramp-up",
    "slow-peak",
    "strict-limits",
    "too-slow",
)


class Caller:
    """A client of both providers, and the server it calls."""

    def __init__(self, mock: Mock, client: httpx.Client) -> None:
        """Call *mock* by *client*."""
        self.mock = mock
        self.client = client

    def account(self) -> httpx.Response:
        """Ask for the account."""
        return self.client.get(ACCOUNT, auth=("me", "secret"))

    def upload(self, picture: bytes = PICTURE, **fields: str) -> httpx.Response:
        """Have a background removed by Pixian."""
        return upload(self.client, picture=picture, **fields)

    def converse(self) -> httpx.Response:
        """Have a background removed by XTY."""
        return converse(self.client)

    def outcome(self, call: Callable[[], httpx.Response]) -> int | str:
        """Return the status of *call*, or the name of what went wrong on the way."""
        try:
            return call().status_code
        except httpx.TransportError as error:
            return type(error).__name__

    def in_progress(self) -> int:
        """Return how many requests of ``me`` are under way."""
        return self.mock.state.tenants.get("me").limiter.in_progress

    def status_after(self, seconds: float, answer: Future[httpx.Response]) -> int:
        """Return the status of *answer*, which has to come when just so many *seconds* of the clock have passed."""
        assert waits(self.mock, answer)
        self.mock.clock.advance(seconds - 0.1)
        assert waits(self.mock, answer)
        self.mock.clock.advance(0.1)
        return answer.result(PATIENCE).status_code


@contextmanager
def serving(scenario: str, **options: Any) -> Iterator[Caller]:  # noqa: ANN401  options of the mock
    """Serve in *scenario*, with a clock that stands still unless *options* say otherwise."""
    clock = options.pop("clock", None) or frozen()
    with (
        Mock(scenario=scenario, clock=clock, **options) as mock,
        httpx.Client(base_url=mock.url, trust_env=False, timeout=PATIENCE) as client,
    ):
        yield Caller(mock, client)


def library() -> Library:
    """Return the scenarios as a server of all providers has them."""
    return Mock().engine.library


def test_these_scenarios_are_shipped() -> None:
    """None is missing, and none is without a test."""
    assert library().names == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_loads_and_describes_itself(name: str) -> None:
    """It is right by its own rules, and says in a sentence what a client meets."""
    scenario = library().get(name)
    assert scenario.name == name
    assert scenario.description.endswith(".")
    assert len(scenario.description) > 20


@pytest.mark.parametrize("name", SHIPPED)
def test_a_tenant_can_be_put_into_it_and_taken_out(name: str) -> None:
    """The control API names it on the tenant, changes something, and a reset leaves nothing of it."""
    with serving("") as caller:
        fresh = caller.client.get("/_mock/v1/tenants/me").json()
        path = "/_mock/v1/tenants/me/scenario"
        inside = caller.client.put(path, json={"name": name}).json()
        tenant = caller.mock.state.tenants.get("me")
        assert inside["scenario"] == name
        assert inside != {**fresh, "scenario": name} or tenant.rules
        assert caller.client.put(path, json={"name": None}).json() == fresh
        assert not tenant.rules


def test_strict_limits() -> None:
    """Four requests at once, then two a second; and two at a time."""
    with serving("strict-limits") as caller:
        assert [caller.account().status_code for _ in range(5)] == [200] * 4 + [429]
        caller.mock.clock.advance(1)
        assert [caller.account().status_code for _ in range(3)] == [200, 200, 429]
    with serving("strict-limits", latency=10) as caller, ThreadPoolExecutor() as pool:
        answers = [pool.submit(caller.upload) for _ in range(2)]
        until(lambda: caller.in_progress() == 2)
        assert caller.upload().status_code == 429
        caller.mock.clock.advance(10)
        assert [one.result(PATIENCE).status_code for one in answers] == [200, 200]


@pytest.mark.parametrize("call", ["upload", "converse"])
def test_busy(call: str) -> None:
    """About every other request is refused with 429, and the others succeed."""
    with serving("busy") as caller:
        statuses = Counter(getattr(caller, call)().status_code for _ in range(40))
    assert statuses.keys() == {200, 429}
    assert 10 <= statuses[429] <= 30


def test_black_friday_is_overload() -> None:
    """Among many answers there are successes, overload, pages of a gateway and broken connections."""
    with serving("black-friday", clock=Clock(speed=5000, now=START)) as caller:
        found = Counter(caller.outcome(caller.account) for _ in range(200))
        stalled = [one for one in caller.mock.journal.find() if one.ended is not None and one.ended - one.received > 99]
    assert found.keys() >= {200, 502, 503}
    assert found.keys() & {"ReadError", "RemoteProtocolError"}
    assert found[200] > 100
    assert stalled


def test_black_friday_limits() -> None:
    """Five requests come at once; the sixth within the same second is refused."""
    with serving("black-friday") as caller:
        tenant = caller.mock.state.tenants.get("me")
        tenant.rules.clear()
        assert [caller.account().status_code for _ in range(6)] == [200] * 5 + [429]
        caller.mock.clock.advance(1)
        assert [caller.account().status_code for _ in range(2)] == [200, 429]


def test_black_friday_takes_its_time() -> None:
    """A picture takes twenty seconds."""
    with serving("black-friday") as caller, ThreadPoolExecutor() as pool:
        caller.mock.state.tenants.get("me").rules.clear()
        assert caller.status_after(20, pool.submit(caller.upload)) == 200


def test_too_slow() -> None:
    """Every answer, also that about the account, is silent for 190 seconds."""
    for call in ("account", "upload", "converse"):
        with serving("too-slow") as caller, ThreadPoolExecutor() as pool:
            assert caller.status_after(190, pool.submit(getattr(caller, call))) == 200


def test_ramp_up() -> None:
    """Five pictures at a time, and one more after five minutes."""
    with serving("ramp-up", latency=1000) as caller, ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(caller.upload) for _ in range(5)]
        until(lambda: caller.in_progress() == 5)
        assert caller.upload().status_code == 429
        caller.mock.clock.advance(300)
        answers.append(pool.submit(caller.upload))
        until(lambda: caller.in_progress() == 6)
        assert caller.upload().status_code == 429
        caller.mock.clock.advance(1000)
        assert {one.result(PATIENCE).status_code for one in answers} == {200}


def test_expired_results() -> None:
    """The answer is as always, and its URL leads to nothing."""
    with serving("expired-results") as caller:
        answer = caller.converse()
        url = answer.json()["choices"][0]["message"]["content"]
        assert answer.status_code == 200
        assert caller.client.get(url).status_code == 404
        assert caller.upload().status_code == 200


def test_almost_out_of_credits() -> None:
    """One picture of a megapixel, or one conversation, can be paid, and then no more."""
    with serving("almost-out-of-credits") as caller:
        assert [caller.upload(MEGAPIXEL).status_code for _ in range(2)] == [200, 402]
        assert [caller.converse().status_code for _ in range(2)] == [200, 403]


def test_out_of_credits() -> None:
    """Production is refused from the beginning, and tests succeed."""
    with serving("out-of-credits") as caller:
        assert caller.upload().status_code == 402
        assert caller.upload(test="true").status_code == 200
        assert caller.converse().status_code == 403
        assert caller.account().json()["credits"] == 0


def test_html_errors() -> None:
    """About every other answer is a page, half an object or nothing; the others are as always."""
    with serving("html-errors") as caller:
        answers = [caller.account() for _ in range(100)]
    wrong = [one for one in answers if one.status_code != 200]
    assert 30 <= len(wrong) <= 70
    assert {one.status_code for one in wrong} == {500, 502, 503}
    for answer in wrong:
        if answer.status_code == 502:
            assert answer.headers["Content-Type"].startswith("text/html")
            assert answer.text.startswith("<!DOCTYPE html>")
        elif answer.status_code == 503:
            assert answer.content == b""
        else:
            assert answer.content.startswith(b"{")
            assert not answer.content.endswith(b"}}")


def test_broken_pictures() -> None:
    """Every upload is answered with no picture under the right type, or with a picture under the wrong one."""
    with serving("broken-pictures") as caller:
        answers = [caller.upload() for _ in range(30)]
    assert {one.status_code for one in answers} == {200}
    types = Counter(one.headers["Content-Type"] for one in answers)
    assert types.keys() == {"image/png", "text/plain"}
    for answer in answers:
        if answer.headers["Content-Type"] == "image/png":
            assert not answer.content.startswith(b"\x89PNG")
        else:
            assert decoded(answer.content).format == "PNG"


def test_slow_peak() -> None:
    """A picture takes 170 seconds; the account is told at once."""
    with serving("slow-peak") as caller, ThreadPoolExecutor() as pool:
        assert caller.account().status_code == 200
        for call in (caller.upload, caller.converse):
            assert caller.status_after(170, pool.submit(call)) == 200


def test_flaky_network() -> None:
    """Most tries succeed, some only after a silence; others are reset, closed, or cut off in the middle."""
    with serving("flaky-network", clock=Clock(speed=2000, now=START)) as caller:
        found = Counter(caller.outcome(caller.upload) for _ in range(100))
        journal = caller.mock.journal.find()
    assert found[200] > 50
    assert found.keys() <= {200, "ReadError", "RemoteProtocolError"}
    endings = Counter(one.ending for one in journal)
    assert endings.keys() == {Ending.DONE, Ending.RESET, Ending.CLOSE}
    reasons = " ".join(reason.text for one in journal for reason in one.reasons)
    for words in ("reset without", "closed without an answer", "closed after 500", "silence for 20 seconds after 100"):
        assert words in reasons


def test_dormant_pack() -> None:
    """There are credits, but the pack can no longer be used: production is refused, tests succeed."""
    with serving("dormant-pack") as caller:
        account = caller.account().json()
        assert (account["state"], account["creditPack"]) == ("dormant", "expired")
        assert account["useBefore"] == "2024-01-01T00:00:00Z"
        assert account["credits"] == 1000
        assert caller.upload().status_code == 402
        assert caller.upload(test="true").status_code == 200
        assert caller.converse().status_code == 403


def test_a_scenario_with_chance_repeats_exactly() -> None:
    """With the same seed the same requests meet the same faults, with another one they do not."""

    def statuses(seed: int) -> list[int]:
        with serving("html-errors", seed=seed) as caller:
            return [caller.account().status_code for _ in range(40)]

    first = statuses(1)
    assert statuses(1) == first
    assert statuses(2) != first


@pytest.mark.parametrize("provider", sorted(discover()))
@pytest.mark.parametrize("name", [name for name in SHIPPED if not name.endswith("out-of-credits")])
def test_a_scenario_can_be_used_with_one_provider_alone(name: str, provider: str) -> None:
    """Nothing in it needs the other provider."""
    with Mock([discover()[provider]], scenario=name) as mock:
        assert mock.engine.scenario == name


def test_a_vocabulary_without_names_takes_scenarios_that_use_none() -> None:
    """What a scenario needs is only what it names."""
    assert Library(Vocabulary((), {})).get("too-slow").name == "too-slow"
