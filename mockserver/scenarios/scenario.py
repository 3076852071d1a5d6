"""A scenario: a named set of settings and faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from mockserver.faults import Fault, FaultRule, WordError, check, fault_of, plain
from mockserver.scenarios.change import TenantChange

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mockserver.scenarios.vocabulary import Vocabulary
    from mockserver.state.tenant import Tenant

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a tenant that is put into the scenario gets: a ``change``, a ``script``, and fault ``rules``."""

    name: str
    description: str
    change: TenantChange
    script: tuple[Fault, ...]
    rules: tuple[FaultRule, ...]

    @classmethod
    def read(cls, name: str, value: object, vocabulary: Vocabulary) -> Scenario:
        """Return the scenario that the JSON or YAML *value* describes.

        Raises:
            WordError: a field of it is wrong.
        """
        value = plain(value)
        if not isinstance(value, dict):
            raise WordError("", "a scenario is an object with a description")
        script = _each("script", value.get("script", []), lambda word, _: fault_of(word, vocabulary.errors))
        rules = _each(
            "faults",
            value.get("faults", []),
            lambda rule, place: FaultRule.read(f"{name}{place}", rule, vocabulary.errors),
        )
        for number, rule in enumerate(rules):
            try:
                vocabulary.check_match(rule.match)
            except WordError as error:
                raise error.within(f"faults[{number}]") from error
        try:
            change = TenantChange.read(value.get("tenant", {}), vocabulary)
        except WordError as error:
            raise error.within("tenant") from error
        check("Scenario", value)
        return cls(name, value["description"], change, tuple(script), tuple(rules))

    def apply(self, tenant: Tenant, now: float) -> None:
        """Put *tenant*, which should be a fresh one, into this scenario; rules count their seconds from *now*."""
        self.change.apply(tenant)
        tenant.play(self.script)
        tenant.rules.add(self.rules, now)
        tenant.scenario = self.name


def _each(place: str, values: object, read: Callable[[object, str], _T]) -> Sequence[_T]:
    """Return what *read* makes of each of *values* and its place, and name the place of what is wrong."""
    if not isinstance(values, list):
        raise WordError(place, "it is a list")
    found = []
    for number, value in enumerate(values):
        try:
            found.append(read(value, f"[{number}]"))
        except WordError as error:
            raise error.within(f"{place}[{number}]") from error
    return found
