"""Albums by way of XTY, without a socket; the last test with the pytest plugin of anyio."""

import pytest

from album import Xty, cut_out_all


@pytest.fixture
def xty(xty_respx):
    return Xty(xty_respx.credentials)  # at XTY's own address: what httpx sends there ends up in the mock


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.mark.asyncio
async def test_every_photo_is_sent_and_its_result_fetched(xty, xty_respx, photos, folder):
    assert await cut_out_all(xty, photos[:3], folder) == {}
    assert sorted(path.name for path in folder.iterdir()) == ["photo-0.png", "photo-1.png", "photo-2.png"]
    assert sorted(call.method for call in xty_respx.journal) == ["GET", "GET", "GET", "POST", "POST", "POST"]


@pytest.mark.asyncio
@pytest.mark.xty_mock(scenario="expired-results")
async def test_a_result_that_is_gone_is_a_failure(xty, photos, folder):
    failures = await cut_out_all(xty, photos[:1], folder)
    assert list(failures) == [photos[0]]
    assert not list(folder.iterdir())


@pytest.mark.anyio
@pytest.mark.xty_mock(script=["429", "429", "503", "ok"])
async def test_waits_grow(xty, xty_respx, virtual_clock, photos, folder):
    assert await cut_out_all(xty, photos[:1], folder) == {}
    assert virtual_clock.waits == [5, 10, 2]
    assert xty_respx.journal.statuses == [429, 429, 503, 200, 200]
