"""When a fault happens: a rule, and what it matches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mockserver.faults.fault import Fault
from mockserver.faults.words import WordError, check, fault_of, plain, word_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from contracts.model import Operation


@dataclass(frozen=True, slots=True)
class Occasion:
    """A request as rules see it.

    ``tenant`` is empty where nobody needs credentials; ``parameters`` reads them; ``errors`` are the documented ones of
    the provider. ``notes`` has a word on the first rule that was left out.
    """

    operation: Operation
    tenant: str
    parameters: Callable[[], Mapping[str, str]]
    errors: Collection[str] = ()
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Match:
    """Which requests a rule is about: those that agree with everything that is given."""

    tenant: str | None = None
    provider: str | None = None
    operation: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)

    def fits(self, occasion: Occasion) -> bool:
        """Tell whether *occasion* is one of those requests."""
        operation = occasion.operation
        if self.tenant not in {None, occasion.tenant}:
            return False
        if self.provider not in {None, operation.provider} or self.operation not in {None, operation.id}:
            return False
        if not self.parameters:
            return True
        found = occasion.parameters()
        return all(found.get(name) == value for name, value in self.parameters.items())

    def told(self) -> dict[str, object]:
        """Return this as it is written in JSON."""
        given = {"tenant": self.tenant, "provider": self.provider, "operation": self.operation}
        shown: dict[str, object] = {name: value for name, value in given.items() if value is not None}
        return {**shown, "parameters": dict(self.parameters)} if self.parameters else shown


@dataclass(frozen=True, slots=True)
class FaultRule:
    """A fault, and when it happens.

    ``id`` tells the rule from others. Of the requests that match, each gets the fault with ``probability``, until that
    has happened ``count`` times (``None``: for ever) or ``seconds`` of virtual time have passed since it was made.
    """

    id: str
    fault: Fault
    match: Match = Match()
    probability: float = 1.0
    count: int | None = None
    seconds: float | None = None

    @classmethod
    def read(cls, id_: str, value: object, errors: Collection[str]) -> FaultRule:
        """Return the rule that the JSON *value* describes; *errors* are the names of all documented errors.

        Raises:
            WordError: a field of it is wrong.
        """
        value = plain(value)
        if not isinstance(value, dict):
            raise WordError("", "a rule is an object")
        fault = Fault()
        if "fault" in value:
            try:
                fault = fault_of(value["fault"], errors)
            except WordError as error:
                raise error.within("fault") from error
        check("FaultRule", value)
        return cls(
            id_,
            fault,
            Match(**value.get("match", {})),
            value.get("probability", 1.0),
            value.get("count"),
            value.get("seconds"),
        )

    def told(self) -> dict[str, object]:
        """Return this as it is written in JSON, without what is as it would be anyway."""
        told: dict[str, object] = {"id": self.id, "fault": word_of(self.fault)}
        if match := self.match.told():
            told["match"] = match
        if self.probability != 1:
            told["probability"] = self.probability
        if self.count is not None:
            told["count"] = self.count
        if self.seconds is not None:
            told["seconds"] = self.seconds
        return told
