"""What a fault would do to an answer: tried out before anything is charged or kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.engine.misbehaviour import pass_over
from mockserver.engine.settlement import affordable, named

if TYPE_CHECKING:
    from contracts.behaviour import Answer, Rendering, Work
    from mockserver.faults import Fault
    from mockserver.turn import Turn


def rehearse(turn: Turn, answer: Answer) -> None:
    """Pass over the fault rules that would do nothing to *answer*; another may settle *turn*."""
    pass_over(turn, lambda fault: _changes(turn, fault, answer))


def rehearse_work(turn: Turn, work: Work, rendering: Rendering) -> None:
    """Pass over the fault rules that would do nothing to what *work* makes of *rendering*."""
    pass_over(turn, lambda fault: _changes_work(turn, fault, work, rendering))


def _changes(turn: Turn, fault: Fault, answer: Answer) -> bool:
    response = named(turn, affordable(turn, answer).response)
    return fault.response(response) is not response


def _changes_work(turn: Turn, fault: Fault, work: Work, rendering: Rendering) -> bool:
    shortened = False

    def keep(_: Rendering, seconds: float) -> str:
        nonlocal shortened
        shortened = fault.lifetime(seconds) != seconds
        return ""

    spoiled = fault.rendering(rendering)
    answer = work.finish(spoiled, keep)
    is_given = affordable(turn, answer) is answer
    return (is_given and (shortened or spoiled is not rendering)) or _changes(turn, fault, answer)
