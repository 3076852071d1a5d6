"""Without a socket: what httpx and httpx2 get is what a connection would bring them."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest
import respx
import trio

from clients import remove_async
from fresh import run_fresh
from mockserver.testing import House, ProviderMock
from mockserver.testing.clock import keeping
from mockserver.testing.respx_provider import ProviderRespx
from serving import ACCOUNT, CHAT, CONVERSATION, PICTURE, REMOVE, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIBRARIES = (httpx, httpx2)
CUT: dict[str, tuple[dict[str, Any], str]] = {
    "reset": ({"fault": "reset"}, "ReadError"),
    "close": ({"fault": "close"}, "RemoteProtocolError"),
    "reset-after": ({"fault": "reset", "after": 100}, "ReadError"),
    "truncate": ({"fault": "truncate", "after": 100}, "RemoteProtocolError"),
    "truncate-at-once": ({"fault": "truncate", "after": 0}, "RemoteProtocolError"),
}
VARYING = {"date"}
"""Header fields that are not the same in two answers."""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Return a house for all tests here."""
    house = House()
    yield house
    house.close()


@pytest.fixture
def inside(house: House) -> Iterator[ProviderRespx]:
    """Return a mock of Pixian without a socket."""
    with ProviderRespx(house, "pixian", "a test") as mock:
        yield mock


def ask(library: Any, mock: ProviderMock, **fields: str) -> Any:  # noqa: ANN401  a module, and its response
    """Ask *mock* to remove a background, by *library*."""
    form = {"test": "true", **fields}
    files = {"image": ("p.png", PICTURE)}
    return library.post(mock.url + REMOVE, files=files, data=form, auth=mock.credentials, timeout=60)


def listed(response: httpx.Response) -> list[tuple[str, str]]:
    """Return the header fields that should be the same in every answer."""
    return sorted((name.lower(), value) for name, value in response.headers.items() if name.lower() not in VARYING)


@pytest.mark.parametrize("library", LIBRARIES)
def test_answers_are_those_of_the_server(inside: ProviderRespx, house: House, library: Any) -> None:  # noqa: ANN401
    """Status, fields and body, of successes and of errors."""
    with ProviderMock(house, "pixian") as outside:
        inside.router.route(host="127.0.0.1").pass_through()
        for fields in ({}, {"output.format": "jpeg"}, {"output.format": "nonsense"}):
            here, there = ask(library, inside, **fields), ask(library, outside, **fields)
            assert here.status_code == there.status_code
            assert here.content == there.content
            assert [one for one in listed(here) if one[0] != "x-request-id"] == [
                one for one in listed(there) if one[0] not in {"x-request-id", "connection"}
            ]


@pytest.mark.parametrize("name", CUT)
@pytest.mark.parametrize("library", LIBRARIES)
def test_connections_are_cut_off(inside: ProviderRespx, library: Any, name: str) -> None:  # noqa: ANN401
    """With the exception of the library that asks, and with what went out in the journal."""
    word, error = CUT[name]
    inside.script(word)
    with pytest.raises(getattr(library, error)):
        ask(library, inside)
    call = inside.journal[0]
    assert call.ending == ("reset" if "reset" in name else "close")
    assert call.exchange.sent == word.get("after", 0)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_silence_longer_than_the_timeout_ends_with_it(inside: ProviderRespx, house: House, library: Any) -> None:  # noqa: ANN401
    """By the clock of the mock; the client has gone then."""
    inside.script({"fault": "stall", "after": 10, "seconds": 100}, {"fault": "stall", "after": 10, "seconds": 50})
    with keeping(house) as clock:
        with pytest.raises(library.ReadTimeout):
            ask(library, inside)
        assert clock.elapsed == 60
        assert ask(library, inside).status_code == 200
        assert clock.elapsed == 110
    assert [call.ending for call in inside.journal] == ["gone", "done"]


@pytest.mark.parametrize("timeout", [60, 60.0])
def test_who_leaves_before_the_answer_has_none(inside: ProviderRespx, house: House, timeout: float) -> None:
    """Whatever type its timeout has; the status that was meant is none that has come."""
    inside.change(latency=100)
    with keeping(house) as clock:
        with pytest.raises(httpx.ReadTimeout), httpx.Client(timeout=timeout) as client:
            client.post(inside.url + REMOVE, files={"image": PICTURE}, auth=inside.credentials)
        assert clock.elapsed == 60
    assert inside.journal.statuses == [None]
    assert repr(inside.journal[0]).endswith(" -> no answer>")


def test_a_delay_before_the_answer_passes_on_the_clock(inside: ProviderRespx, house: House) -> None:
    """As the documented processing time does."""
    inside.change(latency=8)
    with keeping(house) as clock:
        assert ask(httpx, inside).status_code == 200
        assert clock.elapsed == 8


def test_slow_bodies_come_piece_by_piece(inside: ProviderRespx, house: House) -> None:
    """And whoever leaves in between is noted as gone."""
    inside.script({"fault": "dribble", "bytes": 100, "every": 1})
    with keeping(house) as clock, httpx.Client() as client:
        files = {"image": ("p.png", PICTURE)}
        with client.stream("POST", inside.url + REMOVE, files=files, auth=inside.credentials) as response:
            pieces = response.iter_raw()
            assert [len(next(pieces)), len(next(pieces))] == [100, 100]
            assert clock.elapsed == 2
    assert (inside.journal[0].ending, inside.journal[0].exchange.sent) == ("gone", 200)


def test_asynchronous_clients_wait_together(inside: ProviderRespx, house: House) -> None:
    """Delays and back-offs of several tasks pass at the same time."""
    inside.change(latency=4)
    inside.script("429", "429")

    async def main() -> list[int]:
        async with httpx.AsyncClient() as client:
            jobs = (remove_async(client, inside.url, inside.credentials) for _ in range(3))
            return [response.status_code for response in await asyncio.gather(*jobs)]

    with keeping(house) as clock:
        assert asyncio.run(main()) == [200, 200, 200]
        assert clock.elapsed < 20


def test_an_asynchronous_client_of_the_successor_is_answered(inside: ProviderRespx, house: House) -> None:
    """Also where its timeout ends the wait."""
    inside.script({"fault": "stall", "after": 0, "seconds": 100})

    async def main() -> None:
        async with httpx2.AsyncClient(timeout=30) as client:
            with pytest.raises(httpx2.ReadTimeout):
                await client.post(inside.url + REMOVE, files={"image": PICTURE}, auth=inside.credentials)
            assert (await client.get(inside.url + ACCOUNT, auth=inside.credentials)).status_code == 200

    with keeping(house) as clock:
        asyncio.run(main())
        assert clock.elapsed == 30


def test_nothing_leaves_for_the_network(inside: ProviderRespx) -> None:
    """Who asks another host is told how to let it through, and that the base URL may be wrong."""
    for library in LIBRARIES:
        with pytest.raises(AssertionError, match=r"GET https://example.com/ .* only api.pixian.ai is mocked"):
            library.get("https://example.com/")
    inside.router.get("https://example.com/").respond(204)
    assert httpx.get("https://example.com/").status_code == 204


def test_results_of_another_request_are_fetched_in_the_same_way(house: House) -> None:
    """A completion names a result, which is there for an hour."""
    with ProviderRespx(house, "xty") as xty, keeping(house) as clock:
        asked = httpx.post(
            xty.url + CHAT, json=CONVERSATION, headers={"Authorization": f"Bearer {xty.credentials}"}
        ).json()
        url = asked["choices"][0]["message"]["content"]
        assert httpx.get(url).content.startswith(b"\x89PNG")
        clock.advance(3700)
        assert httpx.get(url).status_code == 404
        assert [call.status for call in xty.journal] == [200, 200, 404]


def test_other_routers_still_work(inside: ProviderRespx) -> None:
    """A test may mock other hosts beside with respx itself."""
    with respx.mock as router:
        router.get("https://example.com/").respond(418)
        assert httpx.get("https://example.com/").status_code == 418
        assert ask(httpx, inside).status_code == 200


def test_a_body_beyond_the_limit_is_refused(inside: ProviderRespx, house: House) -> None:
    """As the server does, in the provider's own form."""
    size = house.mock.engine.largest_body() + 1
    answer = httpx.post(inside.url + REMOVE, content=b"x" * size, auth=inside.credentials)
    assert answer.status_code in {400, 413}
    assert "error" in answer.json()


def test_afterwards_everything_is_as_it_was(house: House) -> None:
    """No transport is left changed."""
    import httpcore2._sync.connection_pool as second  # noqa: PLC0415
    from httpcore._sync import connection_pool as first  # noqa: PLC0415

    before = first.ConnectionPool.handle_request, second.ConnectionPool.handle_request
    with ProviderRespx(house, "pixian"):
        assert first.ConnectionPool.handle_request is not before[0]
        assert second.ConnectionPool.handle_request is not before[1]
    assert (first.ConnectionPool.handle_request, second.ConnectionPool.handle_request) == before


@pytest.mark.parametrize("url", ["https://api.pixian.ai:443", "http://api.pixian.ai", "http://api.pixian.ai:80"])
def test_the_usual_ports_are_the_provider_s(inside: ProviderRespx, url: str) -> None:
    """With TLS, or without."""
    assert httpx.get(url + ACCOUNT, auth=inside.credentials).status_code == 200


def test_other_ports_of_its_hosts_are_not(inside: ProviderRespx) -> None:
    """Nothing is there, as nothing is in production."""
    with pytest.raises(AssertionError, match=r"only api\.pixian\.ai, at its usual ports, is mocked in this test"):
        httpx.get(f"https://api.pixian.ai:8443{ACCOUNT}", auth=inside.credentials)

    async def main() -> None:
        async with httpx.AsyncClient() as client:
            await client.get(f"http://api.pixian.ai:8080{ACCOUNT}", auth=inside.credentials)

    with pytest.raises(AssertionError, match="at its usual ports"):
        asyncio.run(main())
    assert list(inside.journal) == []


def _ask_with_asyncio(url: str, auth: tuple[str, str]) -> None:
    asyncio.run(_ask(url, auth))


def _ask_with_trio(url: str, auth: tuple[str, str]) -> None:
    trio.run(_ask, url, auth)


def _ask_blocking(url: str, auth: tuple[str, str]) -> None:
    with httpx.Client(timeout=None) as client:  # noqa: S113  the test ends it
        client.post(url + REMOVE, files={"image": PICTURE}, auth=auth)


async def _ask(url: str, auth: tuple[str, str]) -> None:
    async with httpx.AsyncClient(timeout=None) as client:  # noqa: S113  likewise
        await client.post(url + REMOVE, files={"image": PICTURE}, auth=auth)


@pytest.mark.parametrize("ask", [_ask_blocking, _ask_with_asyncio, _ask_with_trio])
@pytest.mark.parametrize("word", ["ok", {"fault": "stall", "after": 10, "seconds": 600}], ids=["delay", "stall"])
def test_whoever_waits_for_an_answer_at_the_end_has_it(house: House, ask: Callable[..., None], word: object) -> None:
    """So that no thread that is left over keeps the tests from ending."""
    with ProviderRespx(house, "pixian") as mock:
        mock.change(latency=600 if word == "ok" else 0)
        mock.script(word)
        thread = threading.Thread(target=ask, args=[mock.url, mock.credentials], daemon=True)
        thread.start()
        until(lambda: bool(mock.journal) and not house.mock.engine.is_busy)
    thread.join(20)
    assert not thread.is_alive()


def test_a_process_that_is_forked_off_waits_for_no_clock() -> None:
    """Nobody would move it there."""
    run_fresh("""
        import multiprocessing

        import httpx

        from mockserver.testing import provider_respx, virtual_clock

        PICTURE = "https://example.com/example.jpeg"

        def ask(url, auth):
            with httpx.Client(timeout=None) as client:
                client.post(f"{url}/api/v2/remove-background", data={"image.url": PICTURE}, auth=auth)

        with provider_respx("pixian") as mock, virtual_clock():
            mock.change(latency=600)
            process = multiprocessing.get_context("fork").Process(target=ask, args=[mock.url, mock.credentials])
            process.start()
            process.join(20)
            code = process.exitcode
            process.kill()
        assert code == 0, f"the process that was forked off ended with {code}"
    """)
