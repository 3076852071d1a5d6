"""Trials that nobody thought of: any pictures, words and scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from contracts.cases import Campaign
from contracts.model import Input
from contracts.providers.xty.client.campaigns.jobs import KINDS, PLAIN
from contracts.providers.xty.client.campaigns.requests import CHINESE, QUOTED
from contracts.strategies import pictures
from contracts.strategies.inputs import file, hosted
from contracts.trials import Trial, status

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_LONGEST_SCRIPT = 5
_LONGEST_TEXT = 40
_WORDS: tuple[object, ...] = (
    "ok",
    "429",
    "upstream-saturated",
    "internal",
    {"fault": "close"},
    status(502, "html"),
    status(503, "empty"),
    status(500, "malformed"),
    {"fault": "reset"},
    {"fault": "truncate", "after": 100},
    {"fault": "stall", "seconds": 9},
    {"fault": "expire"},
    {"fault": "no-image"},
    "image-unreadable",
    "quota-exhausted",
    status(200, "json"),
    status(200, "html"),
)
"""What may happen to a request, the plainest first."""


@st.composite
def _jobs(draw_from: st.DrawFn) -> Trial:
    picture = draw_from(pictures(kinds=KINDS, shortest=48, longest=96))
    # What the mock's fetcher cannot tell by its first bytes stays a file.
    at_url = picture.drawing.kind != "webp" and draw_from(st.booleans())
    shown = hosted(picture) if at_url else Input(picture.filename, picture.data)
    words = draw_from(st.none() | _texts())
    return Trial("a generated job", (shown,), {} if words is None else {"text": words})


def _texts() -> SearchStrategy[str]:
    """Return a strategy for words in any language, without control characters, and without blanks around them."""
    letters = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))
    invented = st.text(letters, min_size=1, max_size=_LONGEST_TEXT).map(str.strip).filter(bool)
    return st.sampled_from(("a person", CHINESE, QUOTED)) | invented


def _scripts() -> SearchStrategy[Trial]:
    words = st.lists(st.sampled_from(_WORDS), max_size=_LONGEST_SCRIPT).map(tuple)
    return words.map(lambda script: Trial("a generated script", (file(PLAIN),), script=script))


JOBS: Campaign[Trial] = Campaign(
    "any job", "any picture, with any words", ("request", "image", "success"), tuple, _jobs
)
SCRIPTS: Campaign[Trial] = Campaign(
    "any script", "any course of events", ("retry", "timeout", "error", "success"), tuple, _scripts
)
