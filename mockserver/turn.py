"""One request on its way to an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mockserver.faults import Fault
from mockserver.wire import RESPOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts.behaviour import Answer
    from contracts.model import Operation, Request
    from mockserver.engine import Service
    from mockserver.faults import Drawn
    from mockserver.journal import Entry
    from mockserver.state.tenant import Tenant
    from mockserver.wire import Action


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer, how many seconds of virtual time it takes until it is given, and what happens on the connection."""

    answer: Answer
    delay: float = 0.0
    action: Action = RESPOND


@dataclass(slots=True)
class Turn:
    """A request with everything that was decided about it before it is worked on.

    ``number`` counts the requests of its tenant, from 1. ``settled`` is the answer, if the request is not worked on at
    all. ``admitted`` tells that the tenant's limiter counts it, ``scripted`` that a script has decided what happens,
    ``drawn`` that a rule has, and ``changed`` that its fault has made a difference. ``others`` draws from the rules
    after that one, for when its fault has nothing to change.
    """

    service: Service | None
    operation: Operation | None
    request: Request
    entry: Entry
    tenant: Tenant | None = None
    number: int = 0
    settled: Answer | None = None
    admitted: bool = False
    scripted: bool = False
    fault: Fault = field(default_factory=Fault)
    drawn: Drawn | None = None
    others: Iterator[Drawn] = field(default_factory=lambda: iter(()))
    changed: bool = False
