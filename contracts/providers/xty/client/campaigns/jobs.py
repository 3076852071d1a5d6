"""Jobs for clients, and what the provider's script and faults can say about them."""

from __future__ import annotations

from typing import Any

from contracts.strategies import Drawing

PLAIN = Drawing(width=80, height=64)
WATCHFUL = 3.0
"""Virtual seconds a real second at which a moment can still be told from none, on a busy machine, too."""
STEADY = 4.0
"""Virtual seconds a real second at which waits of a second and more can be compared."""
CHAT, RESULT = "createChatCompletion", "getResultFile"
"""The operations that clients use."""


def always(operation: str, word: object) -> dict[str, Any]:
    """Return the rule by which every request for *operation* meets *word*."""
    return {"match": {"operation": operation}, "fault": word}


def once(operation: str, word: object) -> dict[str, Any]:
    """Return the rule by which the first request for *operation* meets *word*."""
    return {**always(operation, word), "count": 1}
