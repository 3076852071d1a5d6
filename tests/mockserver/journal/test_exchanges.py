"""What the journal tells of exchanges with the server: when, what, how they ended, and why."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import struct
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from contracts.clock import Clock
from contracts.model import Ending
from mockserver.faults import FaultRule, fault_of
from mockserver.journal import Filter, Journal
from mockserver.mock import Mock
from mockserver.state.limiter import Limits, Rate
from pictures import decoded, disc, encoded
from serving import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.journal import Entry

START = 1_704_067_200.0
PATIENCE = 20.0
REMOVE, ACCOUNT = "/api/v2/remove-background", "/api/v2/account"
JOURNAL = "/_mock/v1/journal"
PICTURE = encoded(disc())


@pytest.fixture(autouse=True)
def _answers_keep_the_contract() -> None:
    """Take the place of the watch over all answers: here, some are wrong on purpose."""


@contextmanager
def serving(latency: float = 0.0) -> Iterator[tuple[Mock, httpx.Client]]:
    """Serve by a clock that stands still, and yield a client without credentials besides the server."""
    with (
        Mock(clock=Clock(frozen=True, now=START), latency=latency) as mock,
        httpx.Client(base_url=mock.url, trust_env=False, timeout=PATIENCE) as client,
    ):
        yield mock, client


def upload(client: httpx.Client, picture: bytes = PICTURE, **fields: str) -> httpx.Response:
    """Have a background removed for ``me``."""
    return client.post(REMOVE, files={"image": ("picture", picture)}, data=fields, auth=("me", "secret"))


def latest(mock: Mock, count: int = 1) -> Entry:
    """Return the last exchange of ``me`` once *count* have ended."""
    found = mock.journal.wait(Filter(tenant="me"), count, PATIENCE)
    assert len(found) == count
    return found[-1]


def steps(entry: Entry) -> dict[str, str]:
    """Return the reasons of *entry* by their steps."""
    found: dict[str, str] = {reason.step: reason.text for reason in entry.reasons}
    assert len(found) == len(entry.reasons)
    return found


def test_an_upload_is_told_with_everything_but_the_secret() -> None:
    """Operation, tenant, parameters, bodies, error and times are there, and the secret is nowhere."""
    with serving() as (mock, client):
        answer = upload(client, test="true", max_pixels="100000")
        number = latest(mock).number
        told = client.get(f"{JOURNAL}/{number}").json()
    assert (told["tenant"], told["provider"], told["operation"]) == ("me", "pixian", "removeBackground")
    assert (told["method"], told["path"], told["status"], told["error"]) == ("POST", REMOVE, 200, "")
    assert told["parameters"] == {
        "test": "true",
        "max_pixels": "100000",
        "image": f"('picture', {len(PICTURE)} bytes)",
    }
    assert (told["received"], told["ended"], told["seconds"]) == ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z", 0)
    assert base64.b64decode(told["response"]["body"]["base64"]) == answer.content
    assert told["request"]["body"]["size"] > len(PICTURE)
    assert ["authorization", "Basic me:[redacted]"] in [
        [name.lower(), value] for name, value in told["request"]["headers"]
    ]
    text = json.dumps(told)
    assert "secret" not in text
    assert base64.b64encode(b"me:secret").decode() not in text


def test_a_success_says_what_was_charged() -> None:
    """The reasons of a production picture are the charge and the answer."""
    with serving() as (mock, client):
        upload(client)
        assert steps(latest(mock)) == {"credits": "0.019200 charged, 999.980800 left", "answer": "picture made"}


def test_a_free_test_says_nothing_of_credits() -> None:
    """Where nothing was charged there is nothing to say."""
    with serving() as (mock, client):
        upload(client, test="true")
        assert steps(latest(mock)) == {"answer": "picture made"}


def test_a_charge_that_cannot_be_made_is_a_reason() -> None:
    """The amount, what is left and the error stand side by side."""
    with serving() as (mock, client):
        mock.state.tenants.get("me").ledger.set(credits_=Decimal("0.01"))
        assert upload(client).status_code == 402
        found = steps(latest(mock))
        assert found["credits"] == "0.019200 cannot be charged, 0.01 left"
        assert found["answer"] == "error out-of-credits"
        assert latest(mock).error == "out-of-credits"


def test_a_wrong_parameter_is_a_reason() -> None:
    """Validation says what was wrong, and the error has its name."""
    with serving() as (mock, client):
        assert upload(client, max_pixels="many").status_code == 400
        entry = latest(mock)
    assert entry.error == "parameter-invalid"
    assert steps(entry)["answer"].startswith("error parameter-invalid: ")
    assert "max_pixels" in steps(entry)["answer"]


def test_a_script_says_which_word_it_is() -> None:
    """The place in the script and what it means are told, also of a word that changes nothing."""
    with serving() as (mock, client):
        mock.state.tenants.get("me").play([fault_of(429, ()), fault_of("ok", ())])
        upload(client)
        assert steps(latest(mock))["script"] == "word 1 of 2: the status 429"
        upload(client)
        assert steps(latest(mock, 2))["script"] == "word 2 of 2: nothing is changed"
        upload(client)
        assert "script" not in steps(latest(mock, 3))


def test_the_limiter_says_how_it_stands() -> None:
    """Whoever is let in and whoever is refused finds the numbers."""
    with serving() as (mock, client):
        mock.state.tenants.get("me").limiter.set(Limits(concurrency=2, rate=Rate(per_second=1, burst=1)))
        assert [upload(client).status_code for _ in range(2)] == [200, 429]
        latest(mock, 2)
        let_in, refused = mock.journal.find(Filter(tenant="me"))
    assert steps(let_in)["limits"] == "0 other requests in progress, concurrency allows 2, 0.00 tokens left"
    assert steps(refused) == {"limits": "the bucket of 1 a second is empty", "answer": "error slow-down"}


def test_a_fault_says_what_was_drawn() -> None:
    """A rule with a chance tells its number, the draw and the threshold; one without only what it does."""
    with serving() as (mock, client):
        rules = mock.state.tenants.get("me").rules
        rules.add([FaultRule("late", fault_of(503, ()), probability=0.999999)], START)
        upload(client)
        words = steps(latest(mock))["faults"]
        assert words.startswith("rule late, draw 1: 0.")
        assert words.endswith("< 0.999999: the status 503")
        rules.clear()
        rules.add([FaultRule("sure", fault_of(503, ()))], START)
        upload(client)
        assert steps(latest(mock, 2))["faults"] == "rule sure: the status 503"


def test_a_refusal_before_anybody_is_known_has_its_reason() -> None:
    """Exchanges of nobody are told, too: a missing key, an unknown path."""
    with serving() as (mock, client):
        client.get(ACCOUNT)
        client.get("/nowhere")
        found = mock.journal.wait(Filter(), 2, PATIENCE)
    assert [entry.tenant for entry in found] == ["", ""]
    assert steps(found[0])["answer"].startswith("error unknown-api-id")
    assert steps(found[1])["answer"]


@pytest.mark.parametrize(
    ("word", "ending", "status"),
    [
        ("ok", Ending.DONE, 200),
        ("429", Ending.DONE, 429),
        ({"fault": "close"}, Ending.CLOSE, None),
        ({"fault": "truncate", "after": 10}, Ending.CLOSE, 200),
        ({"fault": "reset"}, Ending.RESET, None),
        ({"fault": "reset", "after": 10}, Ending.RESET, 200),
    ],
)
def test_the_way_an_answer_ended_is_told(word: object, ending: Ending, status: int | None) -> None:
    """An answer that never came has no status; one that broke off has the status that was sent."""
    with serving() as (mock, client):
        mock.state.tenants.get("me").play([fault_of(word, ())])
        try:
            assert upload(client).status_code == status
        except httpx.TransportError:
            assert ending is not Ending.DONE
        told = client.get(f"{JOURNAL}/{latest(mock).number}").json()
    assert (told["ending"], told["status"]) == (ending.value, status)
    assert (told["response"] is None) == (status is None)


@pytest.mark.parametrize("abruptly", [False, True])
def test_a_client_that_leaves_is_gone(*, abruptly: bool) -> None:
    """Whether it closes or resets the connection, the exchange has ended when it left."""
    with serving(latency=1000) as (mock, client):
        request = client.build_request("POST", REMOVE, files={"image": ("picture", PICTURE)})
        token = base64.b64encode(b"me:secret").decode()
        with socket.create_connection(("127.0.0.1", mock.server.port)) as connection:
            fields = [f"{name}: {value}" for name, value in request.headers.items()]
            head = [f"POST {REMOVE} HTTP/1.1", f"Authorization: Basic {token}", *fields, "", ""]
            connection.sendall("\r\n".join(head).encode() + request.read())
            until(lambda: any(one.response is not None for one in mock.journal.find()))
            mock.clock.advance(7)
            if abruptly:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        entry = latest(mock)
    assert entry.ending is Ending.GONE
    assert (entry.received, entry.ended) == (START, START + 7)


def test_an_exchange_under_way_has_no_ending() -> None:
    """It is listed from its beginning on, and its times are filled in at its end."""
    with serving(latency=170) as (mock, client), ThreadPoolExecutor() as pool:
        answer = pool.submit(upload, client)
        until(lambda: any(one.response is not None for one in mock.journal.find()))
        (told,) = client.get(JOURNAL, params={"tenant": "me"}).json()["exchanges"]
        assert (told["ending"], told["ended"], told["seconds"]) == (None, None, None)
        mock.clock.advance(170)
        assert answer.result(PATIENCE).status_code == 200
        assert latest(mock).ending is Ending.DONE
        (told,) = client.get(JOURNAL, params={"tenant": "me"}).json()["exchanges"]
        assert (told["ended"], told["seconds"]) == ("2024-01-01T00:02:50Z", 170)


def test_one_tenant_can_be_cleared_without_the_other() -> None:
    """The control API forgets exchanges of the named tenant only, or all."""
    with serving() as (mock, client):
        for user in ("me", "you", "me"):
            client.get(ACCOUNT, auth=(user, "secret"))
        mock.journal.wait(Filter(), 3, PATIENCE)
        client.delete(JOURNAL, params={"tenant": "me"})
        assert [entry.tenant for entry in mock.journal.find()] == ["you"]
        client.delete(JOURNAL)
        assert mock.journal.find() == []


def test_a_reset_of_a_tenant_forgets_what_happened_to_it() -> None:
    """Others keep their exchanges."""
    with serving() as (mock, client):
        for user in ("me", "you"):
            client.get(ACCOUNT, auth=(user, "secret"))
        mock.journal.wait(Filter(), 2, PATIENCE)
        client.delete("/_mock/v1/tenants/me")
        assert [entry.tenant for entry in mock.journal.find()] == ["you"]


def test_waiting_over_the_control_api_ends_with_the_exchange() -> None:
    """The answer comes as soon as enough has happened, with what happened."""
    with serving() as (mock, client), ThreadPoolExecutor() as pool:
        query: dict[str, Any] = {"count": 2, "tenant": "me", "timeout": PATIENCE}
        waiting = pool.submit(client.get, f"{JOURNAL}/wait", params=query)
        client.get(ACCOUNT, auth=("me", "secret"))
        latest(mock)
        assert not waiting.done()
        client.get(ACCOUNT, auth=("me", "secret"))
        told = waiting.result(PATIENCE).json()
    assert told["count"] == 2
    assert [one["tenant"] for one in told["exchanges"]] == ["me", "me"]


def test_following_over_the_control_api_tells_each_exchange_as_it_ends() -> None:
    """Server-sent events come one an exchange."""
    with serving() as (_, client):
        query: dict[str, Any] = {"count": 2, "timeout": PATIENCE}
        with client.stream("GET", "/_mock/v1/events", params=query) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith(":")
            for user in ("me", "you"):
                httpx.get(f"{client.base_url}{ACCOUNT}", auth=(user, "secret"), trust_env=False)
            told = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    assert [one["tenant"] for one in told] == ["me", "you"]


def test_with_many_uploads_only_the_latest_bodies_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of older ones size, hash, parameters and a thumbnail are left; of the oldest, nothing."""
    monkeypatch.setattr("mockserver.mock.Journal", partial(Journal, max_entries=12, max_bytes=1_000_000))
    picture = encoded(disc((300, 200), (50, 50, 200, 150)), compress_level=0)
    with serving() as (mock, client):
        for number in range(20):
            upload(client, picture, max_pixels=str(200_000 + number))
        mock.journal.wait(Filter(), 12, PATIENCE)
        found = mock.journal.find()
        assert [entry.number for entry in found] == list(range(8, 20))
        assert mock.journal.size <= 1_000_000
        until(lambda: all(entry.request_body.data is None for entry in found[:-2]))
        assert found[-1].request_body.data is not None
        pictures = [decoded(entry.request_body.thumbnail) for entry in found if entry.request_body.thumbnail]
        told = client.get(f"{JOURNAL}/12").json()  # the fifth of those remembered
    assert pictures
    assert {(small.format, small.size) for small in pictures} == {("JPEG", (96, 64))}
    assert told["parameters"]["max_pixels"] == "200012"
    assert told["request"]["body"].keys() & {"text", "base64"} == set()
    assert told["request"]["body"]["size"] > len(picture)
    assert len(told["request"]["body"]["sha256"]) == 64


def test_the_hash_of_a_body_outlives_it() -> None:
    """It is that of the bytes that were sent."""
    with serving() as (mock, client):
        answer = upload(client)
        entry = latest(mock)
        entry.let_go()
        assert entry.response_body is not None
        assert entry.response_body.sha256 == hashlib.sha256(answer.content).hexdigest()
        assert entry.parameters["image"] == f"('picture', {len(PICTURE)} bytes)"


@pytest.mark.parametrize("path", [REMOVE, "/api/v2/nope"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_was_too_large_is_no_empty_one(path: str, *, chunked: bool) -> None:
    """Its size is known if the client has told it; nothing of it is."""
    with serving() as (mock, client):
        size = mock.engine.largest_body() + 1
        client.post(path, content=iter([b"x" * size]) if chunked else b"x" * size, auth=("me", "secret"))
        (entry,) = mock.journal.wait(Filter(), 1, PATIENCE)
        body = entry.request_body
        assert (body.size, body.data, body.sha256, body.was_read) == (0 if chunked else size, None, "", False)
        assert not entry.is_whole
        entry.let_go()
        assert not body.was_read
        told = client.get(f"{JOURNAL}/{entry.number}").json()
        assert told["request"]["body"] == {"size": body.size, "sha256": ""}


@pytest.mark.parametrize("warm", [False, True])
def test_a_mistake_inside_leaves_one_exchange(monkeypatch: pytest.MonkeyPatch, *, warm: bool) -> None:
    """It has the tenant, the status 500 and one reason with the kind of the mistake; the client learns no more."""

    def broken(*_: object, **__: object) -> None:
        message = "a pin in the works"
        raise ZeroDivisionError(message)

    with serving() as (mock, client):
        if warm:
            upload(client)
        monkeypatch.setattr(type(mock.engine.services["pixian"].behaviour), "perform", broken)
        answer = upload(client)
        assert answer.status_code == 500
        assert "works" not in answer.text
        assert "ZeroDivisionError" not in answer.text
        entry = latest(mock, 1 + warm)
        assert len(mock.journal.find()) == 1 + warm
        assert entry.error == "internal"
        assert entry.response is not None
        assert entry.response.status == 500
        assert "ZeroDivisionError" in steps(entry)["answer"]
        assert mock.state.tenants.get("me").limiter.in_progress == 0
