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


def finished(turn: Turn, answer: Answer, delay: float) -> Outcome:
    """Return the outcome of *turn* as its fault changes it, and note it in the journal."""
    fault, entry, service = turn.fault, turn.entry, turn.service
    response = answer.response
    if service is not None and service.provider.request_id:
        number = f"{int(entry.received):d}{entry.number:08d}"
        named = response.headers.with_fields((service.provider.request_id, number))
        response = Response(response.status, named, response.body)
    response = spoiled_response(turn, response)
    entry.add("answer", answer.reason)
    entry.error = answer.error
    if not fault.silent:
        entry.response = Response(response.status, response.headers)
        entry.response_body = Body.of(response.body)
    if response is not answer.response:
        answer = Answer(response, answer.reason, answer.charge, answer.error)
    return Outcome(answer, delay + fault.delay, fault.action)
