"""A provider's OpenAPI document in one piece: what it says in several files stands in one, and is referred to there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contracts.schemas import load

if TYPE_CHECKING:
    from collections.abc import Mapping

_VALUES = frozenset({"const", "default", "enum", "example", "examples", "value"})
"""Keys of values that are no part of a description; where ``examples`` is an object, it refers to some, though."""
_MAPS = frozenset(
    {
        *(
            "$defs",
            "callbacks",
            "content",
            "dependentSchemas",
            "encoding",
            "examples",
            "headers",
            "links",
            "parameters",
        ),
        *("pathItems", "paths", "patternProperties", "properties", "requestBodies", "responses", "schemas"),
        *("securitySchemes", "variables", "webhooks"),
    }
)
"""Keys of objects in which the keys are names."""
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
_SCHEMA_FILE = re.compile(r"(?:\.schema)?\.(?:json|ya?ml)$")
_SCHEMAS = "#/components/schemas/"
_INNER = ("$schema", "$id", "$defs")
"""Keys that a schema has as the root of a file."""

Target = tuple[Path, str]
"""A file, and a JSON pointer in it."""


def bundled(path: Path, origin: str) -> dict[str, Any]:
    """Return the OpenAPI document at *path* without references to files: the schemas there are among its components.

    Wherever the document names servers, that at *origin* comes first.
    """
    return _Bundle(path.resolve()).whole(origin)


class _Bundle:
    """One document on its way to being whole; ``_names`` are those of the components that files have become."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._document: Mapping[str, Any] = load(path)
        own = self._document.get("components", {}).get("schemas", {})
        self._names = {
            self._target(schema["$ref"], path): name for name, schema in own.items() if self._is_alias(schema)
        }
        self._taken = set(own)
        self._schemas: dict[str, Any] = {}

    def whole(self, origin: str) -> dict[str, Any]:
        for target, name in list(self._names.items()):
            self._schemas[name] = self._inner(target)
        document: dict[str, Any] = self._copied(self._document, self._path)
        components = document.setdefault("components", {})
        components["schemas"] = {**components.get("schemas", {}), **self._schemas}
        server = {"url": origin, "description": "This server."}
        document["servers"] = [server, *document.get("servers", ())]
        for item in document["paths"].values():
            for place in (item, *(one for one in item.values() if isinstance(one, dict))):
                if "servers" in place:
                    place["servers"] = [server, *place["servers"]]
        return document

    def _copied(self, node: object, file: Path, *, is_map: bool = False) -> Any:  # noqa: ANN401  any JSON value
        """Return *node*, which stands in *file*, with its references leading to components.

        With *is_map* its keys are names that somebody has chosen, and mean nothing.
        """
        if isinstance(node, list):
            return [self._copied(one, file) for one in node]
        if not isinstance(node, dict):
            return node
        if is_map:
            return {key: self._copied(value, file) for key, value in node.items()}
        return {key: self._meant(key, value, file) for key, value in node.items()}

    def _meant(self, key: str, value: object, file: Path) -> object:
        """Return *value*, which stands under *key* in *file*, likewise."""
        if key == "$ref" and isinstance(value, str):
            return self._reference(value, file)
        if key in _VALUES and not (key == "examples" and isinstance(value, dict)):
            return value
        return self._copied(value, file, is_map=key in _MAPS)

    def _reference(self, reference: str, file: Path) -> str:
        """Return where what *reference* in *file* leads to can be found in the document."""
        target = self._target(reference, file)
        if target[0] == self._path:
            return f"#{target[1]}"
        name = self._names.get(target)
        if name is None:
            name = self._names[target] = self._free_name(target)
            self._schemas[name] = {}  # what is being copied may refer to itself
            self._schemas[name] = self._inner(target)
        return f"{_SCHEMAS}{name}"

    def _inner(self, target: Target) -> Any:  # noqa: ANN401  any JSON value
        """Return the schema at *target*; what it defines for itself alone has become a component where it is used."""
        file, pointer = target
        node = load(file)
        for step in filter(None, pointer.split("/")):
            key = step.replace("~1", "/").replace("~0", "~")
            node = node[int(key)] if isinstance(node, list) else node[key]
        if isinstance(node, dict):
            node = {key: value for key, value in node.items() if key not in _INNER}
        return self._copied(node, file)

    def _target(self, reference: str, file: Path) -> Target:
        path, _, pointer = reference.partition("#")
        return ((file.parent / path).resolve() if path else file), pointer

    def _is_alias(self, schema: object) -> bool:
        """Tell whether *schema* only says which file it is in."""
        return isinstance(schema, dict) and schema.keys() == {"$ref"} and not schema["$ref"].startswith("#")

    def _free_name(self, target: Target) -> str:
        """Return a name for the component that *target* becomes: those of the file and of the place in it."""
        file, pointer = target
        steps = [one for one in pointer.split("/") if one not in {"", "$defs", "properties", "definitions"}]
        plain = name = _UNFIT.sub("-", ".".join([_SCHEMA_FILE.sub("", file.name), *steps]))
        number = 1
        while name in self._taken:
            number += 1
            name = f"{plain}-{number}"
        self._taken.add(name)
        return name
