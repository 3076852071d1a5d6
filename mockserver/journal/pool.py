"""Header fields that come again and again, each held once."""

from __future__ import annotations

from contracts.model import Headers
from mockserver.journal.entry import PAIR

_MOST = 4096
"""Fields that are remembered."""
_MOST_MESSAGES = 64
"""Sets of fields that are remembered as they are, since they come again as a whole."""
_LONGEST = 300
"""Letters of name and value together; longer ones seldom come again, and take much memory."""
_PLACE = 8
"""Bytes that a field takes which is held elsewhere."""


class Pool:
    """The latest header fields. It is not safe for several threads at once."""

    def __init__(self) -> None:
        """Know none."""
        self._known: dict[tuple[str, str], tuple[str, str]] = {}
        self._messages: dict[tuple[tuple[str, str], ...], tuple[Headers, int]] = {}

    def share(self, headers: Headers) -> tuple[Headers, int]:
        """Return *headers* made of fields that are held already where there are some, and how many bytes that saves."""
        message = self._messages.get(headers.pairs)  # a client's requests mostly have the same fields
        if message is not None:
            return message
        pairs, saved, known, is_new = [], 0, self._known, False
        for pair in headers.pairs:
            size = len(pair[0]) + len(pair[1])
            held = known.get(pair)
            if held is not None:
                saved += size + PAIR - _PLACE
            else:
                is_new = True
                if size <= _LONGEST:
                    known[pair] = pair
            pairs.append(held or pair)
        while len(known) > _MOST:
            del known[next(iter(known))]
        shared = Headers(tuple(pairs))
        if not is_new:
            if len(self._messages) >= _MOST_MESSAGES:
                self._messages.clear()
            self._messages[shared.pairs] = (shared, saved)
        return shared, saved
