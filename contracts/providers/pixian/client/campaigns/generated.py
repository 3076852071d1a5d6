"""Trials that nobody thought of: any pictures, parameters and scripts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from contracts.cases import Campaign
from contracts.providers.pixian.client.campaigns.jobs import ANSWER_CUT, KINDS, PLAIN
from contracts.strategies import draw
from contracts.strategies.inputs import file, hosted
from contracts.trials import Trial, status

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_LONGEST_SCRIPT = 5
_FEW = 2_000
"""Pixels, fewer than any generated picture has."""
_WORDS: tuple[object, ...] = (
    "ok",
    "429",
    status(429, "empty"),
    "workers-overloaded",
    status(500, "html"),
    status(502, "empty"),
    status(503, "malformed"),
    {"fault": "close"},
    {"fault": "reset"},
    {"fault": "truncate", "after": ANSWER_CUT},
    {"fault": "stall", "seconds": 100},
    {"fault": "no-image"},
    {"fault": "redirect", "location": "/elsewhere"},
    "unreadable-image",
    "wrong-secret",
    "out-of-credits",
    status(413, "html"),
    status(200, "html"),
)
"""What may happen to a request, the plainest first."""
_DRAWINGS = (
    *(PLAIN.with_kind(kind) for kind in KINDS),
    *(replace(PLAIN, kind="png", mode=mode) for mode in ("L", "P", "RGBA")),
    *(replace(PLAIN, kind="jpeg", orientation=orientation) for orientation in (3, 6, 8)),
    replace(PLAIN, width=61, height=97, shape="ellipse", noise=3),
)
"""Pictures of all sorts, few enough for a trial to become small in some steps."""


@st.composite
def _jobs(draw_from: st.DrawFn) -> Trial:
    parameters = draw_from(_parameters())
    drawing, at_url = draw_from(st.sampled_from(_DRAWINGS)), draw_from(st.booleans())
    return Trial("a generated job", (hosted(draw(drawing)) if at_url else file(drawing),), parameters)


def _parameters() -> SearchStrategy[dict[str, object]]:
    """Return a strategy for parameters, none at the simplest, that make sense together."""
    sides = st.integers(20, 200)
    chosen: dict[str, SearchStrategy[object]] = {
        "test": st.booleans(),
        "max_pixels": st.sampled_from((25_000_000, 1_000_000, _FEW)),
        "background.color": st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}"),
        "result.crop_to_foreground": st.booleans(),
        "result.margin": st.lists(_lengths(), min_size=1, max_size=4).map(" ".join),
        "result.target_size": st.tuples(sides, sides).map(lambda size: f"{size[0]} {size[1]}"),
        "result.vertical_alignment": st.sampled_from(("middle", "top", "bottom")),
        "output.format": st.sampled_from(("auto", "png", "jpeg", "delta_png")),
        "output.jpeg_quality": st.integers(1, 100),
    }
    return st.fixed_dictionaries({}, optional=chosen).filter(_can_be_had)


def _lengths() -> SearchStrategy[str]:
    return st.sampled_from(("0px", "1px", "12px", "2.5px", "5%", "7.5%"))


def _can_be_had(parameters: dict[str, object]) -> bool:
    """Tell whether the result can be made: a delta PNG is never of a picture that is scaled down."""
    return parameters.get("output.format") != "delta_png" or parameters.get("max_pixels") != _FEW


def _scripts() -> SearchStrategy[Trial]:
    words = st.lists(st.sampled_from(_WORDS), max_size=_LONGEST_SCRIPT).map(tuple)
    return words.map(lambda script: Trial("a generated script", (file(PLAIN),), script=script))


JOBS: Campaign[Trial] = Campaign(
    "any job", "any picture, with any parameters", ("request", "image", "parameter", "success"), tuple, _jobs
)
SCRIPTS: Campaign[Trial] = Campaign(
    "any script", "any course of events", ("backoff", "timeout", "error", "success"), tuple, _scripts
)
