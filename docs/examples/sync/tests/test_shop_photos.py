"""What happens to photos when Pixian.AI is well, busy, broken, or unpaid."""

import pytest
from PIL import Image

from shop_photos import OutOfCreditsError, PixianError


def test_the_background_is_gone(pixian, pixian_mock, photo, shop):
    result = pixian.cut_out(photo, shop)
    assert result == shop / "teapot.png"
    with Image.open(result) as picture:
        assert picture.size == (120, 90)
        assert picture.getpixel((0, 0))[3] == 0
        assert picture.getpixel((60, 45))[3] == 255
    pixian_mock.assert_conforms()


def test_every_refusal_makes_the_wait_longer(pixian, pixian_mock, virtual_clock, photo, shop):
    pixian_mock.script("429", "429", "429", "ok")
    assert pixian.cut_out(photo, shop).exists()
    assert virtual_clock.waits == [5, 10, 15]
    pixian_mock.assert_conforms(level="should")


@pytest.mark.pixian_mock(script=[{"fault": "status", "status": 502, "body": "html"}, "ok"], conforms=True)
def test_a_web_page_instead_of_an_answer_is_followed_by_another_try(pixian, pixian_mock, virtual_clock, photo, shop):
    assert pixian.cut_out(photo, shop).exists()
    assert pixian_mock.journal.statuses == [502, 200]
    assert virtual_clock.elapsed == 2


@pytest.mark.pixian_mock(script=[{"fault": "status", "status": 502, "body": "html"}] * 9, conforms=True)
def test_tries_come_to_an_end(pixian, pixian_mock, virtual_clock, photo, shop):
    with pytest.raises(PixianError, match="502 Bad Gateway"):
        pixian.cut_out(photo, shop)
    assert len(pixian_mock.journal) == 3
    assert virtual_clock.waits == [2, 2]
    assert not list(shop.iterdir())


@pytest.mark.pixian_mock(script=[{"fault": "truncate", "after": 1000}], conforms=True)
def test_half_a_picture_is_not_saved(pixian, pixian_mock, photo, shop):
    with pytest.raises(PixianError, match="no whole answer"):
        pixian.cut_out(photo, shop)
    assert len(pixian_mock.journal) == 1
    assert not list(shop.iterdir())


@pytest.mark.pixian_mock(script=["402"], conforms=True)
def test_what_must_be_paid_for_is_not_tried_again(pixian, pixian_mock, photo, shop):
    with pytest.raises(OutOfCreditsError):
        pixian.cut_out(photo, shop)
    assert pixian_mock.journal.statuses == [402]
    assert not pixian_mock.unplayed


@pytest.mark.pixian_mock(scenario="out-of-credits", conforms=True)
def test_without_credits_only_tests_succeed(pixian, photo, shop):
    with pytest.raises(OutOfCreditsError, match="credits"):
        pixian.cut_out(photo, shop)
    assert pixian.cut_out(photo, shop, test=True).exists()
