"""What becomes of portraits; ``matteproof_conforms`` in pyproject.toml has the rules judged in each of these tests."""

import pytest
from PIL import Image

from portraits import NoPortraitError


def test_the_result_is_fetched(xty, xty_respx, photo, output):
    xty.cut_out(photo, output)
    with Image.open(output) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGBA", (90, 120))
    completion, result = xty_respx.journal
    assert completion.parameters["text"] == "a person"
    assert result.path.startswith("/files/")
    assert "Authorization" not in result.exchange.request.headers


@pytest.mark.xty_mock(script=["429", "500", "429", "ok"])
def test_waits_grow_with_every_failure(xty, xty_respx, virtual_clock, photo, output):
    xty.cut_out(photo, output)
    assert output.exists()
    assert virtual_clock.waits == [5, 10, 15]
    assert xty_respx.journal.statuses == [429, 500, 429, 200, 200]


@pytest.mark.xty_mock(script=["model-not-found"])
def test_an_error_that_is_for_good_is_not_tried_again(xty, xty_respx, photo, output):
    with pytest.raises(NoPortraitError, match="503"):
        xty.cut_out(photo, output)
    assert xty_respx.journal.statuses == [503]


@pytest.mark.parametrize("word", ["401", "403"])
def test_a_refused_key_is_not_tried_again(word, xty, xty_respx, photo, output):
    xty_respx.script(word)
    with pytest.raises(NoPortraitError, match=word):
        xty.cut_out(photo, output)
    assert len(xty_respx.journal) == 1


@pytest.mark.xty_mock(script=[{"fault": "stall", "seconds": 90}])
def test_silence_is_borne_for_a_minute(xty, virtual_clock, photo, output):
    with pytest.raises(NoPortraitError, match="timed out"):
        xty.cut_out(photo, output)
    assert virtual_clock.elapsed == 60
    assert not output.exists()


@pytest.mark.xty_mock(scenario="expired-results")
def test_a_result_that_is_gone_is_no_portrait(xty, photo, output):
    with pytest.raises(NoPortraitError, match="404"):
        xty.cut_out(photo, output)
    assert not output.exists()
