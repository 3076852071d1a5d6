"""The fault that a request meets: it is drawn, it does its work, and it is taken back if there was none for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.faults import Fault, Occasion
from mockserver.state import Made
from mockserver.wire import RESPOND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contracts.model import Response
    from mockserver.faults import FaultRules
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
        turn.drawn = next((drawn for rules in armed if (drawn := rules.draw(occasion, now)) is not None), None)
        for note in occasion.notes:
            turn.entry.add("faults", note)
    if turn.drawn is not None:
        turn.fault = turn.drawn.fault
        turn.entry.add("faults", turn.drawn.reason)
    if type(turn.fault) is Fault:
        return
    turn.settled = turn.fault.instead(service.behaviour, service.errors_of(operation))
    turn.changed = turn.settled is not None


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
    if not (turn.changed or fault.delay or fault.action is not RESPOND or spoiled is not response):
        _take_back(turn)
    return spoiled


def _take_back(turn: Turn) -> None:
    if turn.drawn is None:
        turn.entry.add("script", "there was nothing in this answer for it to change")
    else:
        turn.drawn.take_back()
        turn.entry.add("faults", "there was nothing in this answer for it to change, so it does not count")
