"""Results of far more pixels than were asked for: they break a rule about sizes, and nobody decodes them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from contracts.providers.pixian.campaigns.form import upload
from contracts.strategies import Drawing, draw
from tests.contracts.checks.pixian.exchanges import judged, result

SIDE = 8900


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """Return a small file of a picture of 79 million pixels."""
    buffer = io.BytesIO()
    Image.new("1", (SIDE, SIDE)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("parameters", "rule"),
    [
        ({}, "max-pixels.default"),
        ({"max_pixels": 1_000_000}, "max-pixels.keep"),
        ({"max_pixels": 1000}, "max-pixels.shrink"),
        ({"result__target_size": "100 80"}, "target-size.exact"),
    ],
)
def test_the_rule_about_the_size_is_broken(
    bomb: bytes, parameters: dict[str, Any], rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what the header of the picture says, without a look at its pixels."""
    monkeypatch.setattr("PIL.Image.Image.load", _loaded_small(Image.Image.load))
    seen = judged((upload(draw(Drawing()), test=True, **parameters), result(("X-Result-Size", "80 64"), body=bomb)))
    assert rule in seen.broken
    assert "header.result-size" in seen.broken
    assert not seen.troubled


def test_a_margin_may_make_a_large_picture_of_a_small_one() -> None:
    """What can be right is looked at, generously."""
    margin = Image.new("RGBA", (2096, 2096))
    buffer = io.BytesIO()
    margin.save(buffer, "PNG")
    asked = upload(draw(Drawing(width=96, height=96)), test=True, result__margin="1000px")
    assert "result.format" not in judged((asked, result(body=buffer.getvalue()))).broken


def _loaded_small(load: object) -> object:
    def only_small(image: Image.Image) -> object:
        assert image.width * image.height < SIDE * SIDE, "a bomb was decoded"
        return load(image)  # type: ignore[operator]

    return only_small
