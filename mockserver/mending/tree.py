"""A JSON object that is being put right."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from contracts.fields import short
from mockserver.mending.draft import Draft, carrying
from mockserver.mending.values import near

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contracts.model import Request

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Tree(Draft):
    """A JSON ``value``."""

    value: object

    @property
    def request(self) -> Request:
        """The request with the value as it is now."""
        body = json.dumps(self.value, ensure_ascii=False).encode(errors="replace")
        return carrying(self.sent, JSON, body)

    @property
    def names(self) -> Sequence[str]:
        """The names at the top."""
        return list(self.value) if isinstance(self.value, dict) else []

    def steps(self, place: str) -> Sequence[str]:
        """Return the steps of the path *place*."""
        return place.split(".") if place else []

    def shown(self, place: str) -> str | None:
        """Return what is at *place*, as JSON."""
        try:
            found = _at(self.value, self.steps(place))
        except LookupError:
            return None
        text = json.dumps(found, ensure_ascii=False).encode(errors="replace")
        return short(self.originals.restored(text).decode())

    def meant(self, place: str, schemas: Sequence[Mapping[str, Any]]) -> Iterator[object]:
        """Yield what is at *place*, what is near to it, and, of an object, what is near to one of its values."""
        try:
            found = _at(self.value, self.steps(place))
        except LookupError:
            return
        yield found
        yield from near(found, schemas)
        if isinstance(found, dict):
            inner = ((name, self.content.schemas([*self.steps(place), name])) for name in found)
            yield from ({**found, name: value} for name, known in inner for value in near(found[name], known))

    def exemplary(self, place: str) -> Iterator[object]:
        """Yield what the examples have at *place*, or add to the object there."""
        for example, _ in self.examples if place else ():
            try:
                found, other = (_at(one, self.steps(place)) for one in (self.value, example))
            except LookupError:
                continue
            if isinstance(found, dict) and isinstance(other, dict):
                yield {**other, **found}
            yield other

    def put(self, place: str, value: object) -> Self:
        """Return a tree with *value* at *place*."""
        return replace(self, value=_with(self.value, self.steps(place), value))

    def without(self, place: str) -> Self:
        """Return a tree with nothing at *place*."""
        return replace(self, value=_without(self.value, self.steps(place)))

    def beside(self, place: str) -> Mapping[str, str]:
        """Return the places beside *place* that are documented, and where nothing is yet, by their names."""
        above = self.steps(place)[:-1]
        try:
            there = _at(self.value, above)
        except LookupError:
            return {}
        names = [one for one in self.content.names(above) if isinstance(there, dict) and one not in there]
        return {one: ".".join([*above, one]) for one in names}


def _at(value: object, steps: Sequence[str]) -> object:
    """Return what *steps* lead to in *value*.

    Raises:
        LookupError: they lead nowhere.
    """
    node = value
    for step in steps:
        if isinstance(node, dict):
            node = node[step]
        elif isinstance(node, list) and step.isdecimal():
            node = node[int(step)]
        else:
            raise LookupError(step)
    return node


def _with(value: object, steps: Sequence[str], new: object) -> object:
    """Return *value* with *new* where *steps* lead; the last of them may be a new name.

    Raises:
        LookupError: they lead nowhere.
    """
    if not steps:
        return new
    step, *rest = steps
    if isinstance(value, dict):
        return {**value, step: _with(value[step] if rest else None, rest, new)}
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        return [_with(one, rest, new) if number == int(step) else one for number, one in enumerate(value)]
    raise LookupError(step)


def _without(value: object, steps: Sequence[str]) -> object:
    """Return *value* without what *steps* lead to.

    Raises:
        LookupError: they lead nowhere.
    """
    if not steps:
        raise LookupError
    step, *rest = steps
    if rest:
        return _with(value, [step], _without(_at(value, [step]), rest))
    _at(value, [step])
    if isinstance(value, dict):
        return {name: one for name, one in value.items() if name != step}
    return [one for number, one in enumerate(value) if number != int(step)] if isinstance(value, list) else value
