"""What an operation's document says of bodies: their schemas, piece by piece, and examples."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contracts.model import Operation

_BRANCHES = ("allOf", "anyOf", "oneOf")
_REFERENCE = "$ref"


@dataclass(frozen=True, slots=True)
class Content:
    """One kind of body that is documented: its ``media_type``, its ``schema`` in ``document``, and ``examples`` of it.

    ``pictures`` names the fields that are files with pictures in them.
    """

    document: Mapping[str, Any] = field(repr=False)
    media_type: str
    schema: Mapping[str, Any]
    examples: tuple[Any, ...]
    pictures: tuple[str, ...]

    def schemas(self, steps: Sequence[str]) -> list[Mapping[str, Any]]:
        """Return all that is said of the value to which *steps* lead: names, and numbers of items."""
        places = list(self._meanings(self.schema))
        for step in steps:
            places = [one for place in places for inner in _within(place, step) for one in self._meanings(inner)]
        return places

    def names(self, steps: Sequence[str]) -> list[str]:
        """Return the names that are known of the values in the object to which *steps* lead."""
        return list(dict.fromkeys(name for place in self.schemas(steps) for name in place.get("properties", ())))

    def _meanings(self, schema: object) -> Iterator[Mapping[str, Any]]:
        """Yield *schema*, those that it refers to, and those that it chooses among, as far as they are objects."""
        waiting, seen = [schema], set[int]()
        while waiting:
            one = waiting.pop(0)
            if not isinstance(one, dict) or id(one) in seen:
                continue
            seen.add(id(one))
            yield one
            waiting += [part for branch in _BRANCHES for part in one.get(branch, ())]
            if _REFERENCE in one:
                waiting.append(_at(self.document, one[_REFERENCE]))


def contents_of(document: Mapping[str, Any], operation: Operation) -> tuple[Content, ...]:
    """Return the kinds of bodies that *document*, which is in one piece, has for *operation*, in its order."""
    details = document["paths"][operation.path][operation.method.lower()]
    found = details.get("requestBody", {}).get("content", {})
    return tuple(_content(document, media_type, content) for media_type, content in found.items())


def _content(document: Mapping[str, Any], media_type: str, content: Mapping[str, Any]) -> Content:
    named = [_resolved(document, one) for one in content.get("examples", {}).values()]
    examples = tuple(one["value"] for one in named if "value" in one)
    kinds = content.get("encoding", {}).items()
    pictures = tuple(name for name, how in kinds if how.get("contentType", "").startswith("image/"))
    return Content(document, media_type, content["schema"], examples, pictures)


def _within(schema: Mapping[str, Any], step: str) -> Iterator[object]:
    if step in schema.get("properties", ()):
        yield schema["properties"][step]
    elif step.isdigit() and "items" in schema:
        yield schema["items"]


def _resolved(document: Mapping[str, Any], item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return *item*, or what it refers to in *document*."""
    while _REFERENCE in item:
        item = _at(document, item[_REFERENCE])
    return item


def _at(document: Mapping[str, Any], reference: str) -> Any:  # noqa: ANN401  any JSON value
    """Return what *reference*, a pointer within *document*, leads to."""
    node: Any = document
    for step in reference.removeprefix("#/").split("/"):
        node = node[step.replace("~1", "/").replace("~0", "~")]
    return node
