"""Trials that nobody thought of: any pictures, parameters and scripts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from contracts.cases import Campaign
from contracts.providers.pixian.client.campaigns.jobs import PLAIN
from contracts.providers.pixian.strategies import KINDS, parameters, scripts
from contracts.strategies import draw
from contracts.strategies.inputs import file, hosted
from contracts.trials import Trial

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_LONGEST_SCRIPT = 5
_DRAWINGS = (
    *(PLAIN.with_kind(kind) for kind in KINDS),
    *(replace(PLAIN, kind="png", mode=mode) for mode in ("L", "P", "RGBA")),
    *(replace(PLAIN, kind="jpeg", orientation=orientation) for orientation in (3, 6, 8)),
    replace(PLAIN, width=61, height=97, shape="ellipse", noise=3),
)
"""Pictures of all sorts, few enough for a trial to become small in some steps."""


@st.composite
def _jobs(draw_from: st.DrawFn) -> Trial:
    chosen = draw_from(parameters(free=False))
    drawing, at_url = draw_from(st.sampled_from(_DRAWINGS)), draw_from(st.booleans())
    return Trial("a generated job", (hosted(draw(drawing)) if at_url else file(drawing),), chosen)


def _scripts() -> SearchStrategy[Trial]:
    words = scripts(longest=_LONGEST_SCRIPT)
    return words.map(lambda script: Trial("a generated script", (file(PLAIN),), script=tuple(script)))


JOBS: Campaign[Trial] = Campaign(
    "any job", "any picture, with any parameters", ("request", "image", "parameter", "success"), tuple, _jobs
)
SCRIPTS: Campaign[Trial] = Campaign(
    "any script", "any course of events", ("backoff", "timeout", "error", "success"), tuple, _scripts
)
