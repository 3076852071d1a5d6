"""Waits in real time while the clock stands still: nobody is accused of not having waited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from clients import remove
from contracts.model import Ending, Exchange, Request
from mockserver.testing import House, NonconformityError, ProviderMock
from mockserver.testing.clock import keeping
from mockserver.testing.fairness import with_real_waits
from mockserver.testing.journal import Call
from serving import PICTURE, REMOVE

if TYPE_CHECKING:
    from collections.abc import Iterator

Span = tuple[float, float | None]
SENTENCE = "5.0 real seconds passed between two calls under virtual_clock: a wait that does not follow it"


def call(number: int, clock: Span, real: Span, ending: Ending | None = Ending.DONE) -> Call:
    """Return a call from one moment to another by the *clock*, and by the system's."""
    began, ended = clock
    exchange = Exchange(number, 1, Request("POST", "/"), None, began, ended, ending, answered=ended)
    return Call(exchange, {}, (), "", is_whole=True, was_read=True, size=0, real=real)


def spans(calls: list[Call]) -> tuple[list[Span], float]:
    """Return when *calls* began and ended for the verdict, to the millisecond, and the longest real wait."""
    told, longest = with_real_waits(calls)
    pairs = [(one.exchange.received, one.exchange.ended) for one in told]
    return [(round(began, 3), None if ended is None else round(ended, 3)) for began, ended in pairs], round(longest, 3)


def test_virtual_waits_are_as_long_as_they_are() -> None:
    """Whatever they cost in real time."""
    calls = [call(0, (0, 0), (100, 100.3)), call(1, (5, 8), (100.4, 100.9)), call(2, (9, 9), (101, 101.1))]
    assert spans(calls) == ([(0, 0), (5, 8), (9, 9)], 0)


def test_real_waits_count_where_the_clock_stood_still() -> None:
    """Later calls are as much later; calls themselves take as long as ever."""
    calls = [call(0, (0, 0), (100, 100.3)), call(1, (0, 20), (105.3, 106)), call(2, (30, 30), (106.1, 106.2))]
    assert spans(calls) == ([(0, 0), (5, 25), (35, 35)], 5)


def test_a_wait_is_partly_real() -> None:
    """What is more counts, of what passed on the clock and what really did."""
    assert spans([call(0, (0, 0), (100, 100)), call(1, (2, 2), (105, 105))]) == ([(0, 0), (5, 5)], 5)


def test_a_wait_beside_others_counts() -> None:
    """A thread waits really, while another one makes calls: that is no wait of the whole client."""
    calls = [call(0, (0, 0), (100, 100)), call(1, (0, 0), (100.05, 105)), call(2, (0, 0), (104, 104.5))]
    assert spans(calls) == ([(0, 0), (0, 0), (4, 4)], 0)


def test_who_has_left_had_waited_in_its_own_time() -> None:
    """And who is still there has not left; between them nobody has waited."""
    calls = [call(0, (0, 0), (100, 160), Ending.GONE), call(1, (0, None), (160, None), None)]
    assert spans(calls) == ([(0, 60), (60, None)], 0)
    calls = [call(0, (0, None), (100, None), None), call(1, (0, 0), (101, 101)), call(2, (0, 0), (107, 107))]
    assert spans(calls) == ([(0, None), (0, 0), (6, 6)], 0)


def test_a_clock_that_is_set_back_does_not_shorten_waits() -> None:
    """As when virtual time ends within a test."""
    assert spans([call(0, (3600, 3600), (100, 100)), call(1, (7, 7), (107, 107))]) == ([(3600, 3600), (3607, 3607)], 7)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Return a house for all tests here."""
    house = House()
    yield house
    house.close()


def delay(house: House, number: int, seconds: float) -> None:
    """Have the call of that *number*, and so its client, have waited really for so many *seconds* more."""
    entry = house.mock.journal.get(number)
    assert entry is not None
    assert entry.ended_real is not None
    entry.received_real += seconds
    entry.ended_real += seconds


@pytest.mark.parametrize("seconds", [5.0, 4.0])
def test_the_verdict_goes_by_the_longer_wait(house: House, seconds: float) -> None:
    """Whoever waits for five real seconds has waited; who does for less is told what the wait was."""
    with ProviderMock(house, "pixian") as mock, httpx.Client() as client, keeping(house):
        mock.script("429", "ok", "503")
        for _ in range(3):
            files = {"image": ("p.png", PICTURE)}
            client.post(mock.url + REMOVE, files=files, data={"test": "true"}, auth=mock.credentials)
        delay(house, mock.journal[1].number, seconds)
        delay(house, mock.journal[2].number, seconds)
        if seconds == 5:
            mock.assert_conforms()
            assert SENTENCE in mock.told()
        else:
            with pytest.raises(NonconformityError, match=r"received 4\.0 s(.|\n)*4\.0 real seconds passed between"):
                mock.assert_conforms()


def test_without_a_virtual_clock_nothing_is_added(house: House) -> None:
    """The mock's own moments are the exact ones."""
    with ProviderMock(house, "pixian") as mock, httpx.Client() as client:
        mock.script("429")
        for _ in range(2):
            remove(client, mock.url, mock.credentials, 0)
        delay(house, mock.journal[1].number, 3600)
        assert "real seconds" not in mock.told()
        with pytest.raises(NonconformityError, match=r"received 0\.\d s"):
            mock.assert_conforms()
