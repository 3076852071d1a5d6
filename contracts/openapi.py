"""A provider's OpenAPI document: which operations there are, and what an answer to one of them may look like."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from contracts.model import Operation, Response
from contracts.schemas import load, schema_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FILE = "openapi.yaml"
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


class OpenApi:
    """The OpenAPI 3.1 document ``openapi.yaml`` in *folder*, and the schema files that it refers to."""

    def __init__(self, folder: Path, provider: str) -> None:
        """Remember where the document is; it is read at the first use."""
        self._folder = folder
        self._provider = provider

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The whole document, references unresolved; it must not be changed."""
        document: Mapping[str, Any] = load(self._folder / FILE)
        return document

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations, in the order of the document."""
        return tuple(
            Operation(self._provider, details["operationId"], method.upper(), path)
            for path, item in self.document["paths"].items()
            for method, details in item.items()
            if method in _METHODS
        )

    @cached_property
    def response_headers(self) -> tuple[str, ...]:
        """The names of all header fields that any documented response can carry, sorted."""
        names = {
            name
            for operation in self.operations
            for pointer in self._responses(operation).values()
            for name in self._resolve(pointer)[1].get("headers", {})
        }
        return tuple(sorted(names))

    def response_errors(self, operation: Operation, response: Response) -> tuple[str, ...]:
        """Return every way in which *response* is not what the document says of *operation*."""
        documented = self._responses(operation)
        for key in (str(response.status), f"{response.status // 100}XX", "default"):
            if key in documented:
                pointer, item = self._resolve(documented[key])
                return (*self._header_errors(pointer, item, response), *self._body_errors(pointer, item, response))
        return (f"The status {response.status} is not documented; documented are {', '.join(documented)}.",)

    def _responses(self, operation: Operation) -> dict[str, str]:
        """Return JSON pointers to the documented responses, by status."""
        base = f"/paths/{_escape(operation.path)}/{operation.method.lower()}/responses"
        return {str(key): f"{base}/{_escape(str(key))}" for key in self._at(base)}

    def _header_errors(self, pointer: str, item: Mapping[str, Any], response: Response) -> Iterator[str]:
        for name in item.get("headers", {}):
            place, header = self._resolve(f"{pointer}/headers/{_escape(name)}")
            value = response.headers.get(name)
            if value is None:
                if header.get("required"):
                    yield f"The header {name} is missing."
                continue
            schema = schema_at(self._folder, f"{FILE}#{place}/schema")
            if not any(schema.accepts(reading) for reading in _readings(value)):
                yield from (f"The header {name} is wrong: {error}" for error in schema.errors(value))

    def _body_errors(self, pointer: str, item: Mapping[str, Any], response: Response) -> Iterator[str]:
        content = item.get("content")
        if content is None:
            return
        media_type = response.media_type
        if media_type not in content:
            if response.body or media_type:
                yield f"The Content-Type {media_type!r} is not documented; documented are {', '.join(content)}."
            return
        if media_type.endswith("json"):
            try:
                body = json.loads(response.body)
            except ValueError:
                yield "The body is not JSON."
                return
            schema = schema_at(self._folder, f"{FILE}#{pointer}/content/{_escape(media_type)}/schema")
            yield from (f"The body is wrong: {error}" for error in schema.errors(body))

    def _resolve(self, pointer: str) -> tuple[str, Mapping[str, Any]]:
        """Follow references within the document; return where they end and what is there."""
        item = self._at(pointer)
        while "$ref" in item:
            pointer = item["$ref"].removeprefix("#")
            item = self._at(pointer)
        return pointer, item

    def _at(self, pointer: str) -> Mapping[str, Any]:
        node: Any = self.document
        for step in pointer.lstrip("/").split("/"):
            key = step.replace("~1", "/").replace("~0", "~")
            node = node[key] if key in node else node[int(key)]
        found: Mapping[str, Any] = node
        return found


def _escape(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def _readings(value: str) -> Iterator[object]:
    """Yield what a header value can mean: text, and a number where it looks like one."""
    yield value
    if re.fullmatch(r"-?\d+", value):
        yield int(value)
    elif re.fullmatch(r"-?\d+\.\d+", value):
        yield float(value)
