"""Albums by way of Pixian.AI, with pytest-asyncio.

``matteproof_conforms`` in pyproject.toml has the rules judged in each of these tests.
"""

import pytest

from album import Pixian, cut_out_all

pytestmark = pytest.mark.asyncio


@pytest.fixture
def pixian(pixian_mock):
    return Pixian(pixian_mock.credentials, pixian_mock.url)


@pytest.mark.pixian_mock(latency=8)
async def test_no_more_than_five_photos_are_under_way(pixian, virtual_clock, photos, folder):
    assert await cut_out_all(pixian, photos, folder) == {}
    assert len(list(folder.iterdir())) == 12
    assert virtual_clock.elapsed == pytest.approx(24, abs=0.5)  # five, five and two, at 8 seconds each


@pytest.mark.pixian_mock(script=["429"])
async def test_one_refusal_makes_one_photo_wait(pixian, pixian_mock, virtual_clock, photos, folder):
    assert await cut_out_all(pixian, photos[:4], folder) == {}
    assert virtual_clock.waits == [5]
    assert sorted(pixian_mock.journal.statuses) == [200, 200, 200, 200, 429]


@pytest.mark.pixian_mock(script=["ok", {"fault": "reset"}, "ok"])
async def test_a_broken_connection_loses_one_photo(pixian, photos, folder):
    failures = await cut_out_all(pixian, photos[:3], folder)
    assert len(failures) == 1
    assert len(list(folder.iterdir())) == 2


@pytest.mark.pixian_mock(latency=300)
async def test_silence_is_borne_for_long_and_not_for_ever(pixian, virtual_clock, photos, folder):
    failures = await cut_out_all(pixian, photos[:1], folder)
    assert "no whole answer" in failures[photos[0]]
    assert virtual_clock.elapsed == pytest.approx(200, abs=0.5)
