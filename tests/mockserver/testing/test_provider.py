"""A provider for one test: what the code under test finds, what can be chosen, and what is told afterwards."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING

import httpx
import pytest

from clients import remove
from mockserver.testing import House, MisuseError, NonconformityError, ProviderMock
from mockserver.testing.clock import keeping
from mockserver.testing.respx_provider import ProviderRespx
from serving import ACCOUNT, CHAT, CONVERSATION, PICTURE, REMOVE, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KINDS: tuple[type[ProviderMock], ...] = (ProviderMock, ProviderRespx)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Return a house for all tests here."""
    house = House()
    yield house
    house.close()


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def pixian(request: pytest.FixtureRequest, house: House) -> Iterator[ProviderMock]:
    """Return a mock of Pixian of each kind."""
    with request.param(house, "pixian", "a test") as mock:
        yield mock


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """Return a client."""
    with httpx.Client(timeout=30) as client:
        yield client


def test_a_script_is_met_word_by_word(pixian: ProviderMock, client: httpx.Client) -> None:
    """Then all is normal; what no request has met is told."""
    pixian.script("402", {"fault": "status", "status": 503, "body": "html"}, 429, "ok", "429")
    answers = [remove(client, pixian.url, pixian.credentials, 0) for _ in range(3)]
    assert [one.status_code for one in answers] == [402, 503, 200]
    assert pixian.unplayed == ("429",)
    assert pixian.journal.statuses == [402, 503, 429, 200]
    assert answers[1].headers["content-type"].startswith("text/html")


def test_a_call_tells_what_was_asked_and_why_it_was_answered_so(pixian: ProviderMock, client: httpx.Client) -> None:
    """Parameters, status, body, reasons; nothing secret is in what is shown."""
    remove(client, pixian.url, pixian.credentials)
    call = pixian.journal[0]
    assert (call.method, call.path, call.status) == ("POST", REMOVE, 200)
    assert call.parameters["test"] == "true"
    assert call.headers["content-type"] == "image/png"
    with pytest.raises(KeyError):
        call.headers["x-nothing"]
    assert call.body.startswith(b"\x89PNG")
    assert call.answered is not None
    assert call.received <= call.answered
    assert call.reasons == ("answer: picture made",)
    assert repr(call) == f"<POST {REMOVE} test=true image=('p.png', {len(PICTURE)} bytes) -> 200>"
    assert repr(pixian.journal) == f"[{call!r}]"
    assert pixian.journal[:1] == (call,)


def test_credits_are_seen_and_set(pixian: ProviderMock, client: httpx.Client) -> None:
    """They begin with 1000; what the provider has no more of it does not give."""
    assert pixian.credits == 1000
    client.post(pixian.url + REMOVE, files={"image": PICTURE}, auth=pixian.credentials)
    charged = Decimal(pixian.journal[0].headers.get("X-Credits-Charged") or "")
    assert pixian.credits == 1000 - charged
    pixian.credits = 0
    refused = client.post(pixian.url + REMOVE, files={"image": PICTURE}, auth=pixian.credentials)
    assert (refused.status_code, pixian.journal[1].error) == (402, "out-of-credits")


def test_a_scenario_is_for_one_test(house: House, client: httpx.Client) -> None:
    """Another test's mock is not in it, and none leads out of it."""
    with ProviderMock(house, "pixian", "one") as one, ProviderMock(house, "pixian", "two") as two:
        one.scenario("out-of-credits")
        assert remove(client, one.url, one.credentials).status_code in {200, 402}
        assert one.credits < 1
        assert two.credits == 1000
        one.scenario("")
        assert one.credits == 1000


def test_what_is_drawn_does_not_depend_on_other_tests() -> None:
    """But on the name of the test."""
    names = []
    for others in (0, 3):
        house = House()
        for number in range(others):
            ProviderMock(house, "pixian", f"another {number}").close()
        with ProviderMock(house, "pixian", "this test") as mock:
            names.append(mock.credentials)
        house.close()
    assert names[0] == names[1]


def test_faults_come_by_rule(pixian: ProviderMock, client: httpx.Client) -> None:
    """So many times, for one operation."""
    pixian.misbehave("500", operation="removeBackground", count=2)
    auth = pixian.credentials
    answers = [remove(client, pixian.url, auth) for _ in range(3)]
    assert [one.status_code for one in answers] == [500, 500, 200]
    assert client.get(pixian.url + ACCOUNT, auth=auth).status_code == 200


def test_limits_and_settings_are_changed(pixian: ProviderMock, client: httpx.Client) -> None:
    """As the control API has them."""
    pixian.change(limits={"rate": {"per_second": 0.01, "burst": 1}}, credits=5)
    assert remove(client, pixian.url, pixian.credentials, 0).status_code == 200
    assert remove(client, pixian.url, pixian.credentials, 0).status_code == 429
    assert pixian.credits == 5


def test_wrong_credentials_and_unknown_paths_are_seen(pixian: ProviderMock, client: httpx.Client) -> None:
    """What a client did wrong must not be missing where it is looked for."""
    client.get(pixian.url + ACCOUNT)
    client.get(pixian.url + ACCOUNT, auth=("somebody", "else"))
    client.get(pixian.url + "/api/v2/acount", auth=pixian.credentials)
    assert [call.path for call in pixian.journal] == [ACCOUNT, ACCOUNT, "/api/v2/acount"]
    assert pixian.journal.statuses[0] == 401


def test_providers_do_not_see_each_others_calls(house: House, client: httpx.Client) -> None:
    """Nor do a socket and none."""
    with (
        ProviderMock(house, "pixian") as pixian,
        ProviderMock(house, "xty") as xty,
        ProviderRespx(house, "xty") as inside,
    ):
        client.post(inside.url + CHAT, json=CONVERSATION, headers={"Authorization": f"Bearer {inside.credentials}"})
        inside.router.route(host="127.0.0.1").pass_through()
        client.get(pixian.url + ACCOUNT, auth=pixian.credentials)
        client.post(xty.url + CHAT, json=CONVERSATION, headers={"Authorization": f"Bearer {xty.credentials}"})
        assert [call.path for call in pixian.journal] == [ACCOUNT]
        assert [call.path for call in xty.journal] == [CHAT]
        assert [call.path for call in inside.journal] == [CHAT]


def test_pauses_are_between_an_answer_and_the_next_request(pixian: ProviderMock, house: House) -> None:
    """In seconds of the mock's clock."""
    pixian.script("429", "429")
    with keeping(house), httpx.Client() as client:
        remove(client, pixian.url, pixian.credentials)
        assert pixian.journal.pauses == [5.0, 10.0]


def test_a_client_that_keeps_the_rules_conforms(pixian: ProviderMock, house: House) -> None:
    """Whatever the server does to it."""
    pixian.script("429", "429", "ok")
    with keeping(house), httpx.Client() as client:
        remove(client, pixian.url, pixian.credentials)
    pixian.assert_conforms()
    pixian.assert_conforms(level="should")


def test_a_client_that_breaks_a_rule_does_not(pixian: ProviderMock, house: House) -> None:
    """The error names the rule, what was expected and received, the source, and shows the sequence; rules can go."""
    pixian.script("429")
    with keeping(house), httpx.Client() as client:
        remove(client, pixian.url, pixian.credentials, 2.0)
    with pytest.raises(NonconformityError) as caught:
        pixian.assert_conforms()
    told = str(caught.value).splitlines()
    assert told[0] == "A rule about clients of Pixian.AI v2 is broken."
    assert told[2].startswith("pixian.client.backoff.first (must, seed): ")
    assert told[3] == "  wait: expected at least 5 s after the 1st 429, received 2.0 s"
    assert any(line.startswith("  source: pixian-v2.it") for line in told)
    assert any(line.endswith("✗  received 2.0 s") for line in told)
    assert caught.value.mock is pixian
    pixian.assert_conforms(ignore=["pixian.client.backoff.first"])


def test_threads_with_the_same_picture_are_told_to_have_their_own(pixian: ProviderMock, house: House) -> None:
    """Rules tell threads apart by their pictures; where they have the same one, the verdict says so."""
    pixian.script("429", "429", "429")
    url, auth = pixian.url, pixian.credentials

    def job(_: int) -> int:
        with httpx.Client() as client:
            return remove(client, url, auth).status_code

    with keeping(house), ThreadPoolExecutor(3) as threads:
        assert list(threads.map(job, range(3))) == [200, 200, 200]
    with pytest.raises(NonconformityError, match="If several threads send the same picture here, give each one of its"):
        pixian.assert_conforms()


def test_who_asked_for_nothing_is_not_said_to_conform(pixian: ProviderMock) -> None:
    """A verdict on nothing would be none."""
    with pytest.raises(NonconformityError, match=r"^Pixian.AI v2 was asked for nothing in this test"):
        pixian.assert_conforms()


ASKED: dict[str, Callable[[httpx.Client, ProviderMock], object]] = {
    "pixian.client.auth.basic": lambda client, mock: client.post(mock.url + REMOVE, files={"image": PICTURE}),
    "pixian.client.auth.pair": lambda client, mock: client.post(
        mock.url + REMOVE, files={"image": PICTURE}, auth=("somebody", "else")
    ),
    "pixian.client.request.endpoint": lambda client, mock: client.post(
        mock.url + "/remove-background", files={"image": PICTURE}, auth=mock.credentials
    ),
}


@pytest.mark.parametrize("rule", ASKED)
def test_who_one_is_and_where_one_asks_is_judged(pixian: ProviderMock, client: httpx.Client, rule: str) -> None:
    """The mock knows its address and the credentials that it has handed out."""
    ASKED[rule](client, pixian)
    with pytest.raises(NonconformityError, match=rule):
        pixian.assert_conforms()


def test_keys_and_paths_of_other_providers_are_judged_as_well(house: House, client: httpx.Client) -> None:
    """Without a key, with another one, and at another place."""
    with ProviderMock(house, "xty") as xty:
        client.post(xty.url + CHAT, json=CONVERSATION)
        with pytest.raises(NonconformityError, match=r"xty\.client\.auth\.bearer"):
            xty.assert_conforms()
    with ProviderMock(house, "xty") as xty:
        client.post(xty.url + CHAT, json=CONVERSATION, headers={"Authorization": "Bearer sk-other"})
        with pytest.raises(NonconformityError, match=r"xty\.client\.auth\.bearer"):
            xty.assert_conforms()
        assert "Calls with other credentials than .credentials: 1;" in xty.told()
    with ProviderMock(house, "xty") as xty:
        signed = {"Authorization": f"Bearer {xty.credentials}"}
        client.post(xty.url + "/v1/images/edits", json=CONVERSATION, headers=signed)
        with pytest.raises(NonconformityError, match=r"xty\.client\.request\.endpoint"):
            xty.assert_conforms()


def test_the_same_picture_with_other_parameters_is_another_matter(pixian: ProviderMock, client: httpx.Client) -> None:
    """It is no repetition, and another thread's waits for nobody."""
    pixian.script("429")
    url, auth = pixian.url, pixian.credentials

    def send(kind: str) -> None:
        fields = {"output.format": kind, "test": "true"}
        client.post(url + REMOVE, files={"image": ("p.png", PICTURE)}, data=fields, auth=auth)

    for kind in ("png", "jpeg"):
        thread = threading.Thread(target=send, args=[kind])
        thread.start()
        thread.join()
    assert pixian.journal.statuses == [429, 200]
    pixian.assert_conforms()


def test_a_thread_that_is_refused_waits_also_before_the_next_picture(house: House) -> None:
    """Without a socket it is known which thread asks; tasks of an event loop are none, and wait for themselves."""

    def send(mock: ProviderMock, number: int) -> None:
        files = {"image": ("p.png", PICTURE + bytes([number]))}
        httpx.post(mock.url + REMOVE, files=files, data={"test": "true"}, auth=mock.credentials)

    async def send_as_task(mock: ProviderMock, number: int) -> None:
        send(mock, number)

    async def send_as_tasks(mock: ProviderMock) -> None:
        await asyncio.gather(*(send_as_task(mock, number) for number in range(3)))

    with ProviderRespx(house, "pixian") as mock:
        mock.script("429", "429")
        for number in range(3):
            send(mock, number)
        with pytest.raises(NonconformityError, match=r"before the thread's next picture, received \d\.\d s") as caught:
            mock.assert_conforms()
        assert "pixian.client.backoff.first (must, seed)" in str(caught.value)
    with ProviderRespx(house, "pixian") as mock, keeping(house):
        mock.script("429")
        for number in range(2):
            send(mock, number)
            time.sleep(5)
        mock.assert_conforms()
    with ProviderRespx(house, "pixian") as mock:
        mock.script("429")
        asyncio.run(send_as_tasks(mock))
        mock.assert_conforms()
        assert {call.exchange.thread for call in mock.journal} == {0}


@pytest.mark.parametrize("name", ["pixian", "xty"])
def test_what_is_too_large_to_be_read_is_not_judged(house: House, client: httpx.Client, name: str) -> None:
    """Its body is not an empty one: what is told of it has its true size."""
    for kind in KINDS:
        with kind(house, name) as mock:
            size = house.mock.engine.largest_body() + 1
            headers = {"Content-Type": "multipart/form-data; boundary=x"}
            path, auth = REMOVE, mock.credentials
            if name == "xty":
                path, auth = CHAT, None
                headers = {"Content-Type": "application/json", "Authorization": f"Bearer {mock.credentials}"}
            client.post(mock.url + path, content=b"x" * size, headers=headers, auth=auth)
            mock.assert_conforms(level="should")
            call = mock.journal[0]
            assert (call.is_whole, call.was_read, call.size) == (False, False, size)
            assert f"POST {path}, {size:,} bytes -> {call.status}: too large to be read, and not judged." in mock.told()
            assert " 0 bytes" not in mock.told()


def test_who_cannot_be_judged_as_a_whole_is_told_so(
    house: House, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was broken with what the journal has let go of would pass unseen."""
    journal = house.mock.journal
    monkeypatch.setattr(journal, "_max_bytes", 60_000)
    monkeypatch.setattr(journal, "_max_entries", 8)

    def send(mock: ProviderMock, count: int) -> None:
        mock.script("429")
        for _ in range(count):
            client.post(mock.url + REMOVE, content=b"x" * 20_000, auth=mock.credentials)

    for count in (5, 12):
        with ProviderMock(house, "pixian") as mock:
            send(mock, count)
            until(lambda mock=mock: sum(call.is_whole for call in mock.journal) < 4)  # type: ignore[misc]
            rules = [rule for rule in mock.story().verdict().rules if not rule.endswith("nothing")]
            with pytest.raises(MisuseError, match=rf"^\d+ of {count} calls are no longer held.*Send smaller pictures"):
                mock.assert_conforms(ignore=rules)
            assert f" of {count} calls are no longer held, and not judged." in mock.told()
    with ProviderMock(house, "pixian") as mock:
        send(mock, 1)
        mock.assert_conforms(ignore=rules)


def test_who_leaves_as_the_test_is_broken_off_is_not_judged_for_that(
    house: House, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time limit for tests ends the client, which has not chosen to leave; its own errors are its own."""
    monkeypatch.setattr("mockserver.testing.story._JUST_NOW", 60.0)
    with ProviderMock(house, "pixian") as mock:
        mock.script({"fault": "stall", "seconds": 300})
        with pytest.raises(httpx.ReadTimeout):
            client.post(mock.url + REMOVE, files={"image": PICTURE}, auth=mock.credentials, timeout=0.1)
        assert mock.journal.wait(1).statuses == [None]
        assert "pixian.client.timeout.idle" not in mock.told()
        assert "pixian.client.timeout.idle" not in mock.told(KeyboardInterrupt())
        assert "pixian.client.timeout.idle" in mock.told(ValueError())
        with pytest.raises(NonconformityError, match=r"pixian\.client\.timeout\.idle"):
            mock.assert_conforms()


def test_what_earlier_tests_have_left_over_is_not_this_test_s(house: House) -> None:
    """Calls without credentials on connections of theirs, and to unknown paths with their credentials."""
    with httpx.Client() as left, httpx.Client() as own:
        with ProviderMock(house, "pixian", "first") as first:
            url, auth = first.url, first.credentials
            left.get(url + ACCOUNT, auth=auth)
        with ProviderMock(house, "pixian", "second") as second:
            left.get(url + ACCOUNT)
            left.get(url + "/nope")
            own.get(url + "/nope", auth=auth)
            assert list(second.journal) == []
            with pytest.raises(NonconformityError, match=r"asked for nothing.* Calls without credentials .*: 2; they"):
                second.assert_conforms()
            own.get(url + "/nope", auth=second.credentials)
            own.get(url + ACCOUNT)
            left.get(url + ACCOUNT, auth=("somebody", "else"))
            assert [call.path for call in second.journal] == ["/nope", ACCOUNT, ACCOUNT]
            left.get(url + ACCOUNT, auth=second.credentials)
            left.get(url + "/nope")
            assert len(second.journal) == 7


def test_calls_of_other_threads_are_waited_for(pixian: ProviderMock, client: httpx.Client) -> None:
    """For so long; then it is said how many came."""
    url, auth = pixian.url, pixian.credentials
    threading.Timer(0.1, lambda: client.get(url + ACCOUNT, auth=auth)).start()
    assert pixian.journal.wait(1).statuses == [200]
    with pytest.raises(AssertionError, match=r"2 calls were expected within 0.05 s; 1 were answered: \[<GET /api/v2/"):
        pixian.journal.wait(2, timeout=0.05)


def test_other_processes_are_told_by_the_environment(house: House) -> None:
    """Where the provider is, and who they are there."""
    source = """
import base64, os, urllib.request
pair = os.environ["MATTEPROOF_API_ID"] + ":" + os.environ["MATTEPROOF_API_SECRET"]
fields = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
urllib.request.urlopen(urllib.request.Request(os.environ["MATTEPROOF_BASE_URL"] + "/api/v2/account", headers=fields))
"""
    with ProviderMock(house, "pixian") as pixian, ProviderMock(house, "xty") as xty:
        subprocess.run((sys.executable, "-c", source), env=os.environ | pixian.environment, check=True)
        assert pixian.journal.statuses == [200]
        assert xty.environment == {"MATTEPROOF_BASE_URL": xty.url, "MATTEPROOF_API_KEY": xty.credentials}


WRONG: dict[str, Callable[[ProviderMock], object]] = {
    "The words are given one by one: script(*['429', 'ok']).": lambda one: one.script(["429", "ok"]),
    "A scenario has a name, such as 'busy'; 3 is none.": lambda one: one.scenario(3),  # type: ignore[arg-type]
    "The change is wrong: credits: nan is no number": lambda one: one.change(credits=float("nan")),
    "A mock has no 'latency' to be set: use .change(latency=...).": lambda one: setattr(one, "latency", 30),
    "A mock has no 'credit' to be set: only .credits can be. Did you mean 'credits'?": (
        lambda one: setattr(one, "credit", 0)
    ),
    "'pixian.client.backof' is no rule about clients of pixian.": (
        lambda one: one.assert_conforms(ignore="pixian.client.backof")
    ),
    "Word 2 of the script: 'slow-dwn' is unknown. Did you mean 'slow-down'?": lambda one: one.script("ok", "slow-dwn"),
    "There is no scenario 'bussy'. Did you mean 'busy'?": lambda one: one.scenario("bussy"),
    "There is no change 'creditz'. Did you mean 'credits'?": lambda one: one.change(creditz=3),
    "The change is wrong: credits": lambda one: one.change(credits=-1),
    "The fault is wrong: match.operation: There is no 'removeBackgrund' here. Did you mean 'removeBackground'?": (
        lambda one: one.misbehave("429", operation="removeBackgrund")
    ),
    "The fault is wrong: fault.fault: 'reste' is unknown. Did you mean 'reset'?": (
        lambda one: one.misbehave({"fault": "reste"})
    ),
    "'pixian.client.backof.first' is no rule about clients of pixian. Did you mean 'pixian.client.backoff.first'": (
        lambda one: one.assert_conforms(ignore=["pixian.client.backof.first"])
    ),
    "The level is 'must' or 'should', not 'may'.": lambda one: one.assert_conforms(level="may"),
    "There is no provider 'pixan'. Did you mean 'pixian'? Installed are": lambda _: ProviderMock(House(), "pixan"),
}


@pytest.mark.parametrize("sentence", WRONG)
def test_what_is_unknown_is_said_with_the_likely_word(pixian: ProviderMock, sentence: str) -> None:
    """Words, scenarios, changes, faults, rules, levels, providers."""
    with pytest.raises(MisuseError) as caught:
        WRONG[sentence](pixian)
    assert str(caught.value).startswith(sentence)


def test_a_mock_is_of_no_use_after_its_test(house: House, client: httpx.Client) -> None:
    """Whoever keeps it is told so; whoever keeps its credentials is refused, and disturbs no other test."""
    with ProviderMock(house, "pixian", "tests/test_a.py::test_a") as old:
        url, auth = old.url, old.credentials
    acts: tuple[Callable[[], object], ...] = (
        lambda: old.url,
        lambda: old.script("429"),
        lambda: old.journal,
        old.assert_conforms,
    )
    for act in acts:
        with pytest.raises(MisuseError, match=r"^This mock belongs to tests/test_a.py::test_a, which is over\. "):
            act()
    with ProviderMock(house, "pixian", "tests/test_a.py::test_b") as new:
        assert client.get(url + ACCOUNT, auth=auth).status_code == 401
        assert client.get(new.url + ACCOUNT, auth=new.credentials).status_code == 200
        assert new.journal.statuses == [200]
        assert new.told().splitlines()[-1] == (
            "Calls refused for their credentials: 1; they are those of tests/test_a.py::test_a, which is over: make a "
            "client for each test."
        )
    assert repr(old) == "<ProviderMock pixian: over>"


def test_a_port_that_is_taken_is_said(house: House) -> None:
    """With what to do, also under pytest-xdist."""
    port = int(ProviderMock(house, "pixian").url.rpartition(":")[2])
    second = House(port)
    with pytest.raises(MisuseError, match=rf"{port}.*Leave --matteproof-port out.*pytest-xdist"):
        _ = ProviderMock(second, "pixian").url
    second.close()


def test_what_happened_is_told_with_reasons(pixian: ProviderMock, client: httpx.Client) -> None:
    """Nothing where nothing did."""
    assert pixian.told() == ""
    pixian.script("429")
    client.get(pixian.url + ACCOUNT, auth=pixian.credentials)
    told = pixian.told().splitlines()
    assert told[0].strip() == "client ─── provider"
    assert told[1].endswith(f"──▶ GET {ACCOUNT}, 0 bytes")
    assert "◀── " in told[2]
    assert told[3].strip().startswith(("script: ", "answer: "))


def test_memory_is_given_back(house: House, client: httpx.Client) -> None:
    """Once a test is over, its requests are not kept."""
    with ProviderMock(house, "pixian") as mock:
        remove(client, mock.url, mock.credentials)
        number = mock.journal[0].number
    until(lambda: house.mock.journal.get(number) is None)
    assert not house.mock.engine.is_busy
