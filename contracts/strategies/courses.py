"""Courses of events: what may happen to one request after the other, in the words of the control API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from contracts.rules import load_errors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy

_TOO_MANY = "429"
_OF_THE_PATH = frozenset({404, 405})
"""What path and method are refused with, which are right wherever there is a script."""


def courses(folder: Path, words: Sequence[object], *, longest: int) -> SearchStrategy[list[object]]:
    """Return a strategy for scripts of up to *longest* of the *words* of a provider, which begin with the plainest.

    A third of what comes out is a 429, so that there are runs of it, and a third an error documented in *folder*.
    """
    errors = [name for name, error in load_errors(folder).items() if error.status not in _OF_THE_PATH]
    return st.lists(st.sampled_from(words) | st.just(_TOO_MANY) | st.sampled_from(errors), max_size=longest)
