"""Answers that do not come to an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.conformance.transport import LARGEST_ANSWER
from contracts.model import Ending

if TYPE_CHECKING:
    from contracts.model import Exchange


def is_unfinished(exchange: Exchange) -> bool:
    """Tell whether no whole answer came, as far as the one who asked could wait."""
    return exchange.response is None or exchange.ending is Ending.GONE


def is_lost(exchange: Exchange) -> bool:
    """Tell whether the connection was closed, or torn down, before the first byte came, be it of an answer or not."""
    return exchange.sent == 0 and exchange.response is None and exchange.ending in {Ending.CLOSE, Ending.RESET}


def is_slow(exchange: Exchange) -> bool:
    """Tell whether it was given up because it took too long."""
    return exchange.ending is Ending.GONE and not is_endless(exchange)


def is_endless(exchange: Exchange) -> bool:
    """Tell whether more came than any answer can have."""
    return (exchange.sent or 0) > LARGEST_ANSWER


def trouble_with(exchange: Exchange) -> str:
    """Say what became of the answer in *exchange*, which is unfinished."""
    waited = (exchange.ended or exchange.received) - exchange.received
    if is_endless(exchange):
        return f"the answer has no end; it was given up after {LARGEST_ANSWER // 1024**2} MB"
    if exchange.ending is not Ending.GONE:
        return "the server closes the connection without an answer, or speaks no HTTP"
    if exchange.response is None:
        return f"the server hangs; there was no answer within {waited:.0f} seconds"
    return f"the server dribbles; the answer was not over within {waited:.0f} seconds"
