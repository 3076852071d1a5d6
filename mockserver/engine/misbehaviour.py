"""The fault that a request meets: it is drawn, it does its work, and it is taken back if there was none for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.faults import Fault, Occasion
from mockserver.state import Made
from mockserver.wire import RESPOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from contracts.model import Response
    from mockserver.faults import Drawn, FaultRules
    from mockserver.turn import Turn


def meet(turn: Turn, lists: Iterable[FaultRules], now: float) -> None:
    """Choose the fault of *turn* by *lists* of rules, unless a script has, and what it answers instead, if anything."""
    service, operation = turn.service, turn.operation
    if service is None or operation is None:
        return
    armed = [] if turn.scripted else [rules for rules in lists if rules]
    if armed:
        tenant = turn.tenant.name if turn.tenant else ""
        occasion = Occasion(operation, tenant, lambda: turn.entry.parameters, service.errors)
        turn.others = _draws(turn, armed, occasion, now)
        _take_next(turn)
    _begin(turn)


def pass_over(turn: Turn, has_effect: Callable[[Fault], bool]) -> None:
    """Leave rules whose fault does nothing to the answer of *turn*, which *has_effect* tells, for the next that does.

    That may settle the turn; it is for an answer that was not charged yet.
    """
    while turn.drawn is not None and not _is_certain(turn) and not has_effect(turn.fault):
        _take_back(turn)
        _take_next(turn)
        _begin(turn)


def spoiled_picture(turn: Turn, made: Made) -> Made:
    """Return *made* as the fault of *turn* changes it."""
    rendering = turn.fault.rendering(made.rendering)
    if rendering is made.rendering:
        return made
    turn.changed = True
    return Made.of(rendering)


def spoiled_lifetime(turn: Turn, seconds: float) -> float:
    """Return how long a result that should live for *seconds* can be fetched."""
    left = turn.fault.lifetime(seconds)
    turn.changed = turn.changed or left != seconds
    return left


def spoiled_response(turn: Turn, response: Response) -> Response:
    """Return *response* as the fault of *turn* changes it; a fault that has changed nothing at all is not counted."""
    fault = turn.fault
    if type(fault) is Fault:
        return response
    spoiled = fault.response(response)
    if not _is_certain(turn) and spoiled is response:
        _take_back(turn)
    return spoiled


def _draws(turn: Turn, lists: Iterable[FaultRules], occasion: Occasion, now: float) -> Iterator[Drawn]:
    """Draw from *lists*, one rule after the other, and tell the journal which were left out."""
    noted = 0
    for rules in lists:
        place = -1
        while True:
            drawn = rules.draw(occasion, now, place)
            for note in occasion.notes[noted:]:
                turn.entry.add("faults", note)
            noted = len(occasion.notes)
            if drawn is None:
                break
            yield drawn
            place = drawn.place


def _take_next(turn: Turn) -> None:
    turn.drawn = next(turn.others, None)
    turn.fault = Fault() if turn.drawn is None else turn.drawn.fault
    if turn.drawn is not None:
        turn.entry.add("faults", turn.drawn.reason)


def _begin(turn: Turn) -> None:
    """Let the fault of *turn* answer instead, if it is one that does."""
    service, operation = turn.service, turn.operation
    if type(turn.fault) is Fault or service is None or operation is None:
        return
    turn.settled = turn.fault.instead(service.behaviour, service.errors_of(operation))
    turn.changed = turn.settled is not None


def _is_certain(turn: Turn) -> bool:
    """Tell whether the fault of *turn* makes a difference whatever the answer is."""
    fault = turn.fault
    return type(fault) is Fault or turn.changed or bool(fault.delay) or fault.action is not RESPOND


def _take_back(turn: Turn) -> None:
    if turn.drawn is None:
        turn.entry.add("script", "there was nothing in this answer for it to change")
    else:
        turn.drawn.take_back()
        turn.entry.add("faults", "there was nothing in this answer for it to change, so it does not count")
