"""The folders of the providers, and what stands in their documents."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from contracts import providers

if TYPE_CHECKING:
    from collections.abc import Iterator

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
SAMPLES = {"example", "examples", "default", "const", "enum"}
"""Keys below which there are values rather than descriptions of values."""


@dataclass(frozen=True)
class Folder:
    """One provider's folder."""

    path: Path

    @property
    def name(self) -> str:
        """The provider's name."""
        return self.path.name

    @cached_property
    def openapi(self) -> dict[str, Any]:
        """The content of the OpenAPI document."""
        return dict(read(self.path / "openapi.yaml"))

    @cached_property
    def rules(self) -> list[dict[str, Any]]:
        """The rules, as they stand in the file."""
        return list(read(self.path / "rules.yaml")["rules"])

    @cached_property
    def errors(self) -> list[dict[str, Any]]:
        """The errors, as they stand in the file."""
        return list(read(self.path / "errors.yaml")["errors"])

    @cached_property
    def schema_files(self) -> list[Path]:
        """The JSON Schema files."""
        return sorted((self.path / "schemas").glob("*.json"))

    @cached_property
    def source_keys(self) -> set[str]:
        """The keys in the table of documents in SOURCES.md."""
        text = (self.path / "SOURCES.md").read_text(encoding="utf-8")
        table = text.split("## Documents", 1)[1].split("\n## ", 1)[0]
        return set(re.findall(r"^\| *`([^`]+)` *\|", table, re.MULTILINE))


FOLDERS = [Folder(path.parent) for path in sorted(Path(providers.__file__).parent.glob("*/openapi.yaml"))]
SCHEMA_FILES = [path for folder in FOLDERS for path in folder.schema_files]

each_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
each_schema_file = pytest.mark.parametrize(
    "path", SCHEMA_FILES, ids=lambda path: f"{path.parent.parent.name}/{path.name}"
)


@cache
def read(path: Path) -> Any:  # noqa: ANN401  a document can be any JSON value
    """Return the content of a JSON or YAML file."""
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)


def retrieve(uri: str) -> Resource[Any]:
    """Return the file at *uri* as a schema resource."""
    return DRAFT202012.create_resource(read(Path(unquote(urlsplit(uri).path))))


REGISTRY: Registry[Any] = Registry(retrieve=retrieve)  # type: ignore[call-arg]  # the alias that attrs makes


def schema_errors(uri: str, value: object) -> list[str]:
    """Return what the schema at *uri* refuses in *value*."""
    validator = Draft202012Validator({"$ref": uri}, registry=REGISTRY)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def descriptions(node: object, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every mapping at and below *node* with its JSON pointer, but none inside sample values."""
    if isinstance(node, dict):
        yield pointer, node
    named = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in named:
        # Below "properties" every key is a name, also one such as "default".
        if key not in SAMPLES or pointer.endswith(("/properties", "/$defs")):
            yield from descriptions(child, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")


def references(path: Path) -> Iterator[str]:
    """Yield, as absolute URIs, all references in the document at *path*."""
    content = read(path)
    named = content.get("components", {}).get("examples", {}) if isinstance(content, dict) else {}
    for _, node in (*descriptions(content), *descriptions(named)):
        if isinstance(node.get("$ref"), str):
            yield urljoin(path.as_uri(), node["$ref"])


def resolved(folder: Folder, node: dict[str, Any]) -> dict[str, Any]:
    """Return *node* of the OpenAPI document, or what it refers to."""
    if "$ref" not in node:
        return node
    return dict(REGISTRY.resolver((folder.path / "openapi.yaml").as_uri()).lookup(node["$ref"]).contents)


def examples(folder: Folder, node: dict[str, Any]) -> list[object]:
    """Return the example values of a media type, parameter or header object."""
    named = [resolved(folder, example)["value"] for example in node.get("examples", {}).values()]
    return [*named, node["example"]] if "example" in node else named


def carriers(folder: Folder) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the pointer and the content of every media type, parameter and header object of the OpenAPI document."""
    for pointer, node in descriptions(folder.openapi):
        if "schema" in node and "/schema/" not in pointer:
            yield pointer, node


def operations(folder: Folder) -> list[dict[str, Any]]:
    """Return the operation objects of the OpenAPI document."""
    items = folder.openapi["paths"].values()
    return [operation for item in items for method, operation in item.items() if method in METHODS]


def bodies(folder: Folder, operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the media type objects of the request and of every response with an exact status, with a name for each."""
    places = {"request": operation.get("requestBody", {}), **operation["responses"]}
    for place, item in places.items():
        for media_type, content in resolved(folder, item).get("content", {}).items():
            if "X" not in place:
                yield f"{operation['operationId']} {place} {media_type}", content
