"""What a request sent, field by field: bodies in JSON, as a schema sees them, in texts that are short."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from contracts.behaviour import SentField
from contracts.schemas import load
from contracts.suggestion import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

MOST = 200
"""Fields of a request that are told."""
_LONGEST = 200
"""Characters of a name, a value or a problem that are told."""
_MANY = 20_000
"""Values within a body from which it takes too long to explain what is wrong with it."""
_BRANCHES = ("allOf", "anyOf", "oneOf")


class _Place(NamedTuple):
    """A schema, and the file that it is in."""

    file: Path
    schema: Mapping[str, Any]


class _Node(NamedTuple):
    """A value in a body, what schemas say of it, and what is to be said where they say nothing."""

    path: str
    value: object
    places: Sequence[_Place]
    hint: str = ""


def short(text: str) -> str:
    """Return as much of *text* as is told; of a ``data:`` URL the data are only counted."""
    if text[:5].lower() == "data:":
        head, comma, data = text.partition(",")
        text = f"{head}, ({len(data)} characters)" if comma else text
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def is_large(body: object) -> bool:
    """Tell whether the JSON value *body* holds so many others that nobody should look at each."""
    waiting, count = [body], 0
    while waiting:
        one = waiting.pop()
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        count += len(inner)
        if count > _MANY:
            return True
        waiting.extend(inner)
    return False


def json_fields(body: object, schema: Path, problems: Mapping[str, str]) -> tuple[SentField, ...]:
    """Return the fields of *body*, a JSON value, in order, by their paths, with dots between the steps.

    *schema* is the file that says which there can be; within one that it does not know nothing is told. *problems* are
    what is wrong, by path. Objects and lists are told only where something is wrong with them as such.
    """
    found: list[SentField] = []
    waiting = [_Node("", body, list(_meanings(_Place(schema, load(schema)))))]
    while waiting and len(found) < MOST:
        node = waiting.pop()
        problem = problems.get(node.path) or node.hint
        if problem or not node.places or not node.value or not isinstance(node.value, dict | list):
            name, value = short(node.path), _told(node.value)
            found.append(SentField(name, value, short(problem), known=bool(node.places)))
        waiting += reversed(list(_within(node)))
    return tuple(found)


def _within(node: _Node) -> Iterator[_Node]:
    """Yield the values in *node*, as many as can be told."""
    if isinstance(node.value, list):
        inner = list(_inner(node.places, "items"))
        anything = [_Place(place.file, {}) for place in node.places[:1]]
        for number, value in enumerate(islice(node.value, MOST)):
            yield _Node(_joined(node.path, str(number)), value, inner or anything)
    elif isinstance(node.value, dict) and node.places:
        names = {name for place in node.places for name in place.schema.get("properties", ())}
        for name, value in islice(node.value.items(), MOST):
            yield _named(node, name, value, names)


def _named(node: _Node, name: str, value: object, names: set[str]) -> _Node:
    """Return what stands under *name* in *node*, where the schemas know *names*; if they know none, there is any."""
    path = _joined(node.path, name)
    if name in names:
        return _Node(path, value, list(_inner(node.places, "properties", name)))
    if not names:
        return _Node(path, value, [_Place(node.places[0].file, {})])
    return _Node(
        path, value, (), f"There is no {short(name)!r} here; it has no effect.{did_you_mean(name, sorted(names))}"
    )


def _inner(places: Sequence[_Place], *steps: str) -> Iterator[_Place]:
    """Yield what the schemas at *places* say of what is within, at *steps*."""
    for place in places:
        schema: Any = place.schema
        for step in steps:
            schema = schema.get(step) if isinstance(schema, dict) else None
        if schema is not None:
            yield from _meanings(_Place(place.file, schema))


def _meanings(place: _Place) -> Iterator[_Place]:
    """Yield the schema at *place*, those that it refers to, and those that it chooses among."""
    waiting, seen = [place], set()
    while waiting:
        file, schema = waiting.pop()
        if not isinstance(schema, dict):  # true stands for anything
            schema = {}
        if id(schema) in seen:
            continue
        seen.add(id(schema))
        yield _Place(file, schema)
        waiting += [_Place(file, one) for branch in _BRANCHES for one in schema.get(branch, ())]
        if "$ref" in schema:
            waiting.append(_referred(file, schema["$ref"]))


def _referred(file: Path, reference: str) -> _Place:
    """Return where *reference*, which stands in *file*, leads."""
    name, _, pointer = reference.partition("#")
    target = (file.parent / name).resolve() if name else file
    node = load(target)
    for step in filter(None, pointer.split("/")):
        node = node[step.replace("~1", "/").replace("~0", "~")]
    return _Place(target, node)


def _joined(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step


def _told(value: object) -> str:
    """Return *value* in a short text."""
    if isinstance(value, str):
        return short(value)
    if isinstance(value, dict) and value:
        return f"(an object of {len(value)})"
    if isinstance(value, list) and value:
        return f"(a list of {len(value)})"
    return short(json.dumps(value))
