"""Version 1: what a server is free to do, and what it is not."""

from __future__ import annotations

import io

from PIL import Image

from contracts.providers.pixian.campaigns.form import V1, upload
from tests.contracts.checks.pixian.exchanges import PICTURE, judged, refusal, result

PLAIN = upload(PICTURE, path=V1, test=True)
CAMEL, SNAKE = upload(PICTURE, path=V1, test=True, maxPixels=500), upload(PICTURE, path=V1, test=True, max_pixels=500)


def _small() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGBA", (25, 19)).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_version_that_knows_both_spellings_is_right() -> None:
    """Only one that knows the newer spelling alone is not."""
    small, large = result(body=_small()), result()
    assert "v1.camel-case" in judged((CAMEL, small), (SNAKE, small)).kept
    assert "v1.camel-case" in judged((CAMEL, large), (SNAKE, small)).broken
    assert "v1.camel-case" not in judged((CAMEL, large), (SNAKE, large)).broken


def test_a_spelling_of_version_2_is_unknown_in_version_1() -> None:
    """What it does is not judged by the rules about the parameter."""
    assert not judged((SNAKE, result())).broken & {"max-pixels.shrink", "max-pixels.keep", "v1.names"}


def test_a_refused_form_does_not_say_that_the_version_is_gone() -> None:
    """Nor does a limit, or somebody who is not let in."""
    assert "v1.available" not in judged((PLAIN, refusal())).broken
    assert "v1.image" in judged((PLAIN, refusal())).broken
    assert not {"v1.available", "v1.image"} & judged((PLAIN, refusal(429, 1015))).broken
    assert "v1.available" in judged((PLAIN, refusal(404, None))).broken


def test_answers_are_compared_between_equal_requests() -> None:
    """Other pictures, and versions that are busy, tell nothing."""
    newer = upload(PICTURE, test=True)
    fields = (("X-Credits-Charged", "0.000000"), ("X-Result-Size", "64 48"))
    assert "v1.answers" in judged((newer, result(*fields)), (PLAIN, result(*reversed(fields)))).kept
    assert "v1.answers" in judged((newer, result(*fields)), (PLAIN, result())).broken
    assert "v1.answers" not in judged((newer, result(*fields)), (CAMEL, result())).broken
    assert "v1.answers" not in judged((newer, result(*fields)), (PLAIN, refusal(429, 1015))).broken
