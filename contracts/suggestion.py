"""Help with names that do not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 60
"""Characters of a wrong name that are compared; no name that exists is longer."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question that names the one of *known* that *name* is most like, after a blank, or nothing."""
    from difflib import get_close_matches  # noqa: PLC0415  only needed for a mistake

    close = get_close_matches(name[:_LONGEST], list(known), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
