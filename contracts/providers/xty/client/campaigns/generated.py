"""Trials that nobody thought of: any pictures, words and scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from contracts.cases import Campaign
from contracts.model import Input
from contracts.providers.xty.client.campaigns.jobs import PLAIN
from contracts.providers.xty.strategies import KINDS, parameters, scripts
from contracts.strategies import pictures
from contracts.strategies.inputs import file, hosted
from contracts.trials import Trial

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_LONGEST_SCRIPT = 5


@st.composite
def _jobs(draw_from: st.DrawFn) -> Trial:
    picture = draw_from(pictures(kinds=KINDS, shortest=48, longest=96))
    # What the mock's fetcher cannot tell by its first bytes stays a file.
    at_url = picture.drawing.kind != "webp" and draw_from(st.booleans())
    shown = hosted(picture) if at_url else Input(picture.filename, picture.data)
    return Trial("a generated job", (shown,), draw_from(parameters(free=False)))


def _scripts() -> SearchStrategy[Trial]:
    words = scripts(longest=_LONGEST_SCRIPT)
    return words.map(lambda script: Trial("a generated script", (file(PLAIN),), script=tuple(script)))


JOBS: Campaign[Trial] = Campaign(
    "any job", "any picture, with any words", ("request", "image", "success"), tuple, _jobs
)
SCRIPTS: Campaign[Trial] = Campaign(
    "any script", "any course of events", ("retry", "timeout", "error", "success"), tuple, _scripts
)
