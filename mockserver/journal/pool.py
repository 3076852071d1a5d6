"""Header fields that come again and again, each held once."""

from __future__ import annotations

from collections import OrderedDict

from contracts.model import Headers
from mockserver.journal.entry import PAIR

_MOST = 4096
"""Fields that are remembered."""
_LONGEST = 300
"""Letters of name and value together; longer ones seldom come again, and take much memory."""
_PLACE = 8
"""Bytes that a field takes which is held elsewhere."""


class Pool:
    """The latest header fields. It is not safe for several threads at once."""

    def __init__(self) -> None:
        """Know none."""
        self._known: OrderedDict[tuple[str, str], tuple[str, str]] = OrderedDict()

    def share(self, headers: Headers) -> tuple[Headers, int]:
        """Return *headers* made of fields that are held already where there are some, and how many bytes that saves."""
        pairs, saved = [], 0
        for pair in headers.pairs:
            size = len(pair[0]) + len(pair[1])
            known = self._known.get(pair)
            if known is not None:
                self._known.move_to_end(pair)
                saved += size + PAIR - _PLACE
            elif size <= _LONGEST:
                self._known[pair] = pair
            pairs.append(known or pair)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
        return Headers(tuple(pairs)), saved
