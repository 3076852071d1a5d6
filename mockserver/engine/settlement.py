"""The end of the work: the answer is charged, changed by the fault, and noted in the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.behaviour import Answer, Problem
from contracts.model import Response
from mockserver.engine.misbehaviour import spoiled_response
from mockserver.journal import Body
from mockserver.turn import Outcome

if TYPE_CHECKING:
    from mockserver.turn import Turn

_ERRORS = 400
"""From this status on an answer is an error."""


def charged(turn: Turn, answer: Answer) -> Answer:
    """Charge what *answer* costs; return it, or the refusal where the credits do not suffice."""
    service, tenant = turn.service, turn.tenant
    if service is None or tenant is None:
        return answer
    if not answer.charge:
        if answer.response.status < _ERRORS:
            turn.entry.charge = answer.charge
        return answer
    if tenant.ledger.charge(answer.charge):
        turn.entry.charge = answer.charge
        turn.entry.add("credits", f"{answer.charge} charged, {tenant.ledger.account.credits} left")
        return answer
    turn.entry.add("credits", f"{answer.charge} cannot be charged, {tenant.ledger.account.credits} left")
    return service.behaviour.refuse(Problem.OUT_OF_CREDITS, turn.request)


def affordable(turn: Turn, answer: Answer) -> Answer:
    """Return what :func:`charged` would, and charge nothing."""
    service, tenant = turn.service, turn.tenant
    if service is None or tenant is None or not answer.charge or answer.charge <= tenant.ledger.account.credits:
        return answer
    return service.behaviour.refuse(Problem.OUT_OF_CREDITS, turn.request)


def named(turn: Turn, response: Response) -> Response:
    """Return *response* with the number of its request, if the provider tells that."""
    service, entry = turn.service, turn.entry
    if service is None or not service.provider.request_id:
        return response
    number = f"{int(entry.received):d}{entry.number:08d}"
    headers = response.headers.with_fields((service.provider.request_id, number))
    return Response(response.status, headers, response.body)


def finished(turn: Turn, answer: Answer, delay: float) -> Outcome:
    """Return the outcome of *turn* as its fault changes it, and note it in the journal."""
    fault, entry = turn.fault, turn.entry
    response = spoiled_response(turn, named(turn, answer.response))
    entry.add("answer", answer.reason)
    entry.error = answer.error
    if not fault.silent:
        entry.response = Response(response.status, response.headers)
        entry.response_body = Body.of(response.body)
    if response is not answer.response:
        answer = Answer(response, answer.reason, answer.charge, answer.error)
    return Outcome(answer, delay + fault.delay, fault.action)
