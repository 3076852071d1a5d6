"""Waits of the code under test: they pass at once, are recorded, and the mocks go by the same clock."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest

from clients import remove, remove_async
from contracts.clock import stopwatch
from contracts.virtual_time import VirtualTime
from mockserver.testing import House, MisuseError, ProviderMock, provider_mock, provider_respx, virtual_clock
from mockserver.testing.clock import keeping
from mockserver.testing.ready import housed
from pictures import disc, encoded
from serving import CHAT, CONVERSATION, REMOVE

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Return a house for all tests here."""
    house = House()
    yield house
    house.close()


def test_waits_are_recorded_with_what_they_took(house: House) -> None:
    """As numbers of seconds that know more: what was asked for, by whom, and when."""
    event = threading.Event()
    with keeping(house) as clock:
        began = clock.now
        time.sleep(5)
        threading.Timer(2, event.set).start()
        assert event.wait(30)
        event.clear()
        assert not event.wait(0.25)
    assert sorted(clock.waits) == [0.25, 2, 2, 5]
    first = clock.waits[0]
    assert (first.asked, first.thread, first.began) == (5, threading.current_thread().name, began)
    assert {one.asked for one in clock.waits if one == 2} == {2, 30}
    assert clock.elapsed == 7.25
    assert repr(clock) == "<VirtualClock: 7.25 s have passed in 4 waits>"


def test_a_server_that_starts_meanwhile_keeps_the_true_time() -> None:
    """Its threads are none of the code under test, also where the mock is taken after the clock."""
    house = House()
    with keeping(house) as clock, ProviderMock(house, "pixian") as mock, httpx.Client() as client:
        mock.script("429")
        assert remove(client, mock.url, mock.credentials).status_code == 200
        assert clock.waits == [5]
    house.close()


def test_work_of_the_mock_takes_no_time(house: House) -> None:
    """Limits of the client do not pass while a large picture is worked on."""
    picture = encoded(disc((2000, 1500)))
    with keeping(house) as clock, ProviderMock(house, "pixian") as mock:

        async def main() -> int:
            async with asyncio.timeout(0.5), httpx.AsyncClient(timeout=1000) as client:
                files = {"image": ("p.png", picture)}
                return (await client.post(mock.url + REMOVE, files=files, auth=mock.credentials)).status_code

        assert asyncio.run(main()) == 200
        assert clock.elapsed < 0.1


def test_the_mock_takes_its_time_by_the_same_clock(house: House) -> None:
    """Its processing time passes at once, and limits of tasks that wait for it are met."""
    with keeping(house) as clock, ProviderMock(house, "pixian") as mock:
        mock.change(latency=100)

        async def main(limit: float) -> int:
            async with asyncio.timeout(limit), httpx.AsyncClient(timeout=1000) as client:
                return (await remove_async(client, mock.url, mock.credentials)).status_code

        assert asyncio.run(main(150)) == 200
        assert clock.elapsed == pytest.approx(100, abs=0.1)
        with pytest.raises(TimeoutError):
            asyncio.run(main(30))
        assert clock.elapsed == pytest.approx(130, abs=0.2)


def test_threads_back_off_at_the_same_time(house: House) -> None:
    """Each waits for itself."""
    with keeping(house) as clock, ProviderMock(house, "pixian") as mock:
        mock.script("429", "429", "429")
        url, auth = mock.url, mock.credentials

        def job(_: int) -> int:
            with httpx.Client() as client:
                return remove(client, url, auth).status_code

        with ThreadPoolExecutor(3) as threads:
            assert list(threads.map(job, range(3))) == [200, 200, 200]
        assert clock.elapsed <= 15


def test_time_can_be_moved_by_hand(house: House) -> None:
    """For what ends after an hour."""
    with keeping(house) as clock, ProviderMock(house, "xty") as mock, httpx.Client() as client:
        signed = {"Authorization": f"Bearer {mock.credentials}"}
        url = client.post(mock.url + CHAT, json=CONVERSATION, headers=signed).json()["choices"][0]["message"]["content"]
        clock.advance(3590)
        assert client.get(url).status_code == 200
        clock.advance(20)
        assert client.get(url).status_code == 404
        assert clock.elapsed == 3610
        for wrong in (-1, float("nan"), float("inf"), "3"):
            with pytest.raises(MisuseError, match=rf"a number of seconds, 0 or more, not by {wrong!r}"):
                clock.advance(wrong)  # type: ignore[arg-type]
    with pytest.raises(MisuseError, match="This clock belongs to a test that is over"):
        clock.advance(1)


def test_afterwards_time_is_real(house: House) -> None:
    """For the code under test, and for the mock."""
    with keeping(house):
        time.sleep(1000)
    assert house.clock.mode == "real"
    assert abs(house.clock.now() - time.time()) < 1
    began = stopwatch()
    time.sleep(0.02)
    assert stopwatch() - began >= 0.02


def test_time_is_not_replaced_twice(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """By us or by somebody else, who is named."""
    with (
        VirtualTime(house.clock),
        pytest.raises(MisuseError, match="There is virtual time in this process already"),
        keeping(house),
    ):
        pass
    with keeping(house) as clock:
        with pytest.raises(MisuseError), keeping(house):
            pass
        time.sleep(100)
        assert clock.waits == [100]
    monkeypatch.setattr(time, "monotonic", _fake)
    with pytest.raises(MisuseError, match=rf"have been replaced already, by {__name__}.*freezegun"), keeping(house):
        pass
    assert house.clock.mode == "real"


def test_other_threads_are_waited_for_in_virtual_time(house: House) -> None:
    """While the test waits for calls, what else waits goes on."""
    with keeping(house) as clock, ProviderMock(house, "pixian") as mock:
        mock.script("429", "429")
        url, auth = mock.url, mock.credentials

        def job() -> None:
            with httpx.Client() as client:
                remove(client, url, auth)

        thread = threading.Thread(target=job)
        thread.start()
        assert mock.journal.wait(3, timeout=20).statuses == [429, 429, 200]
        thread.join()
        assert clock.elapsed == 15


def test_a_wait_that_is_left_over_ends_by_itself(house: House) -> None:
    """However far the clock was moved by hand meanwhile."""
    with keeping(house) as clock:
        clock.advance(3600)
        thread = threading.Thread(target=lambda: time.sleep(0.2), daemon=True)
        thread.start()
    thread.join(timeout=10)
    assert not thread.is_alive()


def _fake() -> float:
    return 0.0


def test_any_runner_has_the_same_by_context_managers() -> None:
    """With one server for the process."""
    with provider_mock("pixian", "one") as mock, provider_respx("xty", "two") as inside, virtual_clock() as clock:
        inside.router.route(host="127.0.0.1").pass_through()
        mock.script("429")
        with httpx.Client() as client:
            assert remove(client, mock.url, mock.credentials).status_code == 200
            signed = {"Authorization": f"Bearer {inside.credentials}"}
            assert client.post(inside.url + CHAT, json=CONVERSATION, headers=signed).status_code == 200
        assert clock.waits == [5]
        mock.assert_conforms()
    with provider_mock("pixian") as second:
        assert second.url
        assert second.journal.statuses == []


def test_mocks_and_clocks_of_one_test_are_of_one_house() -> None:
    """Wherever they come from, and whichever comes first: what is in use is shared."""
    with provider_mock("pixian") as mock, housed() as house, keeping(house) as clock:
        assert mock.url == house.origin
        time.sleep(600)
        mock.script("429")
        with httpx.Client() as client:
            assert remove(client, mock.url, mock.credentials).status_code == 200
        assert clock.waits == [600, 5]
        mock.assert_conforms()
    with housed() as house:
        with ProviderMock(house, "pixian") as mock, virtual_clock(), httpx.Client() as client:
            mock.script("429")
            assert remove(client, mock.url, mock.credentials).status_code == 200
            mock.assert_conforms()
        with virtual_clock(), housed() as again:
            assert again is house
