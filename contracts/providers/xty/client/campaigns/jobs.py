"""Jobs for clients, and what the provider's script and faults can say about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.cases import HOST
from contracts.model import Input
from contracts.strategies import Drawing, draw

if TYPE_CHECKING:
    from contracts.strategies import Picture

PLAIN = Drawing(width=80, height=64)
WATCHFUL = 3.0
"""Virtual seconds a real second at which a moment can still be told from none, on a busy machine, too."""
STEADY = 4.0
"""Virtual seconds a real second at which waits of a second and more can be compared."""
CHAT, RESULT = "createChatCompletion", "getResultFile"
"""The operations that clients use."""


def file(drawing: Drawing = PLAIN) -> Input:
    """Return *drawing* as a file."""
    picture = draw(drawing)
    return Input(picture.filename, picture.data)


def hosted(picture: Picture) -> Input:
    """Return *picture* as one that is known by its URL."""
    return Input(picture.filename, picture.data, f"{HOST}/{picture.filename}")


def always(operation: str, word: object) -> dict[str, Any]:
    """Return the rule by which every request for *operation* meets *word*."""
    return {"match": {"operation": operation}, "fault": word}


def once(operation: str, word: object) -> dict[str, Any]:
    """Return the rule by which the first request for *operation* meets *word*."""
    return {**always(operation, word), "count": 1}
