"""How exchanges ended, in Chrome's names of failures and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.har.node import OWN
from contracts.model import Ending, Exchange

if TYPE_CHECKING:
    from contracts.har.node import Node

_ENDINGS = {
    "net::ERR_EMPTY_RESPONSE": Ending.CLOSE,
    "net::ERR_CONNECTION_CLOSED": Ending.CLOSE,
    "net::ERR_CONTENT_LENGTH_MISMATCH": Ending.CLOSE,
    "net::ERR_INCOMPLETE_CHUNKED_ENCODING": Ending.CLOSE,
    "net::ERR_CONNECTION_RESET": Ending.RESET,
    "net::ERR_ABORTED": Ending.GONE,
}
"""What Chrome's names of failures say about the end of an answer."""


def failure_of(exchange: Exchange) -> str:
    """Return Chrome's name of the failure, or nothing if there was none."""
    match exchange.ending:
        case Ending.CLOSE:
            return "net::ERR_CONNECTION_CLOSED" if exchange.response else "net::ERR_EMPTY_RESPONSE"
        case Ending.RESET:
            return "net::ERR_CONNECTION_RESET"
        case Ending.GONE:
            return "net::ERR_ABORTED"
        case _:
            return ""


def read_ending(entry: Node, *, answered: bool, over: bool) -> Ending | None:
    """Return how *entry* ended: one that is *over* and not *answered* as one whose client left, unless it says more."""
    own = entry.member(OWN)
    if not own.missing:
        return _read_own_ending(own.member("ending"))
    if not over:
        return None
    reason = entry.member("response").member("_error").text("")
    return _ENDINGS.get(reason, Ending.DONE if answered else Ending.GONE)


def _read_own_ending(node: Node) -> Ending | None:
    if node.missing:
        return None
    try:
        return Ending(node.text())
    except ValueError as error:
        raise node.error(f"one of {', '.join(Ending)}") from error
