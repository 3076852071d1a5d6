"""What a tenant's script and limits say to a request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mockserver.engine.service import TOO_MANY
from mockserver.faults import Fault

if TYPE_CHECKING:
    from contracts.behaviour import Answer
    from mockserver.engine.service import Service
    from mockserver.state.tenant import Tenant
    from mockserver.turn import Turn


def admit(turn: Turn, tenant: Tenant) -> None:
    """Let the script and the limits of *tenant* have their say.

    A fault of the script is the server's own doing: it happens whatever the limits say. But the request counts for them
    as any other does, so one that is kept waiting takes its place for so long.
    """
    _take_word(turn, tenant)
    verdict = tenant.limiter.enter(turn.entry.received)
    turn.admitted = verdict.admitted
    decided = type(turn.fault) is not Fault
    if verdict.reason:
        overruled = "; the script decides" if decided and not verdict.admitted else ""
        turn.entry.add("limits", verdict.reason + overruled)
    if not verdict.admitted and not decided and turn.service is not None:
        turn.settled = _too_many(turn.service, tenant)


def _take_word(turn: Turn, tenant: Tenant) -> None:
    """Let *turn* meet the next fault of the script, if there is one; whoever only looks takes none."""
    word = tenant.next_word() if turn.operation and turn.operation.method != "GET" else None
    if word is None or turn.service is None:
        return
    fault, place = word
    turn.scripted = True
    missing = fault.missing(turn.service.errors)
    turn.entry.add("script", f"{place}: {fault.sentence}{f', which {missing}' if missing else ''}")
    if not missing:
        turn.fault = fault


def _too_many(service: Service, tenant: Tenant) -> Answer:
    """Return the refusal that the limits of *tenant* ask for."""
    limits = tenant.limiter.limits
    name = limits.error if limits.error in service.errors else service.too_many
    answer = service.behaviour.error(name) if name else service.behaviour.failure(TOO_MANY)
    if limits.retry_after is None:
        return answer
    headers = answer.response.headers.with_fields(("Retry-After", str(limits.retry_after)))
    return replace(answer, response=replace(answer.response, headers=headers))
