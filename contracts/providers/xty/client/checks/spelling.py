"""Names that are not there, and those that may have been meant for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.suggestion import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable


def misspelt(names: Iterable[object], wanted: str) -> str:
    """Return a hint at the one of *names* that may have been meant for *wanted*, which is none of them, or nothing."""
    for name in names:
        if isinstance(name, str) and name != wanted and did_you_mean(_plain(name), [_plain(wanted)]):
            return f"There is {name[:60]!r}. Did you mean {wanted!r}?"
    return ""


def _plain(name: str) -> str:
    """Return *name* as it would be without a habit of spelling."""
    return name.lower().replace("-", "_")
