"""Whatever picture and whatever numbers come back, every check comes to a finding or to none, and none fails."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.cases import Sign
from contracts.model import Ending, Exchange, Headers, Response, Timeline
from contracts.providers.pixian.campaigns import background, crop, delta, margin, output, sizes, target, watermark
from contracts.providers.pixian.conformance import KIT
from contracts.strategies import KINDS, pictures
from tests.contracts.checks.pixian.exchanges import NOW, OURS, found

if TYPE_CHECKING:
    from collections.abc import Callable

CAMPAIGNS = (background, crop, delta, margin, output, sizes, target, watermark)
STEPS = tuple(step for one in CAMPAIGNS for case in one.CAMPAIGN.cases() for step in case.steps)
NAMES = ("X-Input-Size", "X-Result-Size", "X-Input-Foreground", "X-Result-Foreground", "X-Input-Orientation")
NUMBERS = st.integers(-2, 400) | st.just(10**30)
WORDS = st.lists(NUMBERS, min_size=1, max_size=4).map(lambda numbers: " ".join(map(str, numbers)))
SPECKLED = np.random.default_rng(0).integers(0, 255, (80, 120, 4), np.uint8)


def _speckled(size: int) -> bytes:
    import io  # noqa: PLC0415

    from PIL import Image  # noqa: PLC0415

    buffer = io.BytesIO()
    Image.fromarray(SPECKLED[:size, :size]).save(buffer, "PNG")
    return buffer.getvalue()


BODIES = st.one_of(
    pictures(kinds=KINDS, shortest=1, longest=160).map(lambda picture: picture.data),
    st.sampled_from([1, 2, 24, 80, 120]).map(_speckled),
)


@st.composite
def _timelines(draw_from: Callable[..., Any]) -> Timeline:
    exchanges: list[Exchange] = []
    for step in draw_from(st.lists(st.sampled_from(STEPS), min_size=1, max_size=4)):
        sent = KIT.signed(replace(step.request, origin="https://api.example"), OURS, Sign.OWN)
        fields = draw_from(st.lists(st.tuples(st.sampled_from(NAMES), WORDS), max_size=6))
        answer = Response(200, Headers.of(fields), draw_from(BODIES))
        exchanges.append(Exchange(len(exchanges), 0, sent, answer, NOW, NOW, Ending.DONE))
    return Timeline(tuple(exchanges))


@pytest.mark.thorough
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(_timelines())
def test_no_picture_makes_a_check_fail(timeline: Timeline) -> None:
    """Neither one of another size or kind, nor numbers that no picture has."""
    assert not found(timeline).troubled
