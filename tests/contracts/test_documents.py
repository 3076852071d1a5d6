"""What a provider's folder must hold: valid documents that refer to each other, and rules and errors with sources."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from contracts import providers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SUBJECTS = {"server", "client"}
LEVELS = {"must", "should", "may"}
ASSURANCES = {"seed", "doc", "protocol", "sister", "seen", "assumed"}
DOCUMENTED = {"seed", "doc", "protocol", "sister"}
RULE_KEYS = {"id", "subject", "level", "assurance", "source", "text"}
ERROR_KEYS = {"name", "status", "message", "assurance", "source"}
UNFINISHED = re.compile(r"\b(todo|tbd|fixme|xxx|lorem ipsum)\b|\{[a-z_]*\}|<[a-z_ ]+>", re.IGNORECASE)
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
SAMPLES = {"example", "examples", "default", "const", "enum"}
"""Keys below which there are values rather than descriptions of values."""

OWN_BODIES = {
    "pixian": """
        [{"error": {"status": 400, "code": 1006, "message": "Failed to read the supplied image. "}}]
    """,
    "xty": """
        [{"model": "remove-bg", "messages": [{"role": "user", "content": [
            {"type": "text", "text": "a person"},
            {"type": "image_url", "image_url": {"url": "https://file.xty.app/docs/msk.jpg"}}]}]},
         {"id": "xty-1704067200000", "object": "chat.completion", "created": 1704067200, "model": "remove-bg",
          "choices": [{"index": 0, "finish_reason": "stop",
            "message": {"role": "assistant", "content": "https://file.xty.app/docs/msk-bg.png"}}],
          "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}},
         {"error": {"message": "remove-bg模型需要图片,请在请求中包含图片", "type": "invalid_request_error",
          "param": null, "code": null}}]
    """,
}
"""The JSON bodies that the providers' own documents show, copied from there."""


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
        """The keys in the first column of the tables in SOURCES.md."""
        text = (self.path / "SOURCES.md").read_text(encoding="utf-8")
        return set(re.findall(r"^\| *`([^`]+)` *\|", text, re.MULTILINE))


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


def repeated(values: Iterable[str]) -> list[str]:
    """Return the values that come more than once."""
    found = list(values)
    return sorted({value for value in found if found.count(value) > 1})


def test_there_are_folders_to_look_at() -> None:
    """The tests below are not empty: both providers and their schema files are found."""
    assert {"pixian", "xty"} <= {folder.name for folder in FOLDERS}
    assert all(folder.schema_files for folder in FOLDERS)


@each_folder
def test_openapi_document_is_valid(folder: Folder) -> None:
    """The document is OpenAPI 3.1 by the word of openapi-spec-validator."""
    assert re.fullmatch(r"3\.1\.\d+", folder.openapi["openapi"])
    errors = OpenAPIV31SpecValidator(folder.openapi, base_uri=(folder.path / "openapi.yaml").as_uri()).iter_errors()
    assert [error.message for error in errors] == []


@each_folder
def test_types_and_ranges_stand_in_the_schema_files_alone(folder: Folder) -> None:
    """The OpenAPI document refers to schemas, or combines such references, and describes no value itself."""
    own = {"$ref", "anyOf", "oneOf", "allOf"}
    inline = [
        f"{pointer}/schema/{key}" for pointer, node in carriers(folder) for key in node["schema"] if key not in own
    ]
    assert inline == []
    components = folder.openapi.get("components", {}).get("schemas", {})
    assert [name for name, schema in components.items() if set(schema) - own] == []


@each_schema_file
def test_schema_file_is_valid(path: Path) -> None:
    """A schema file is JSON Schema 2020-12, says what it is, and leaves its identity to its location."""
    schema = read(path)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"]
    assert schema["description"]
    assert [pointer for pointer, node in descriptions(schema) if "$id" in node] == []


@each_folder
def test_references_lead_to_something_and_reach_every_schema_file(folder: Folder) -> None:
    """Every reference can be followed, and from the OpenAPI document every schema file is reached."""
    reached: set[Path] = set()
    waiting = [folder.path / "openapi.yaml"]
    while waiting:
        document = waiting.pop()
        reached.add(document)
        for reference in references(document):
            REGISTRY.resolver().lookup(reference)
            target = Path(unquote(urlsplit(urldefrag(reference).url).path))
            waiting += [target] if target not in reached else []
    assert [path.name for path in folder.schema_files if path not in reached] == []


@each_schema_file
def test_properties_are_described(path: Path) -> None:
    """Each property with a type says what it means, itself or by what it refers to or what properties it has."""
    silent = [
        f"{pointer}/{name}"
        for pointer, node in descriptions(read(path))
        if pointer.endswith("/properties")
        for name, schema in node.items()
        if "type" in schema and not {"description", "properties", "$ref"} & set(schema)
    ]
    assert silent == []


@each_schema_file
def test_samples_in_schemas_are_valid(path: Path) -> None:
    """What a schema gives as its default or as examples, it accepts."""
    wrong = []
    for pointer, node in descriptions(read(path)):
        if pointer.endswith(("/properties", "/$defs")):
            continue
        samples = [*node.get("examples", []), *([node["default"]] if "default" in node else [])]
        wrong += [error for sample in samples for error in schema_errors(f"{path.as_uri()}#{pointer}", sample)]
    assert wrong == []


@each_folder
def test_examples_are_valid(folder: Folder) -> None:
    """Every example of a body, parameter or header in the OpenAPI document fits its schema."""
    uri = (folder.path / "openapi.yaml").as_uri()
    wrong = [
        f"{pointer}: {error}"
        for pointer, node in carriers(folder)
        for value in examples(folder, node)
        for error in schema_errors(f"{uri}#{pointer}/schema", value)
    ]
    assert wrong == []


@each_folder
def test_json_bodies_have_examples(folder: Folder) -> None:
    """Every body in JSON, but for those of a whole class of statuses, is shown by one example at least."""
    shown = {
        name: examples(folder, body)
        for operation in operations(folder)
        for name, body in bodies(folder, operation)
        if name.endswith(" application/json")
    }
    assert shown
    assert [name for name, values in shown.items() if not values] == []


@pytest.mark.parametrize("name", OWN_BODIES)
def test_the_providers_own_bodies_are_among_the_examples(name: str) -> None:
    """The bodies that a provider's documents show are examples, unchanged."""
    folder = next(folder for folder in FOLDERS if folder.name == name)
    shown = [value for _, node in carriers(folder) for value in examples(folder, node)]
    assert [body for body in json.loads(OWN_BODIES[name]) if body not in shown] == []


@each_folder
def test_rules_are_well_formed(folder: Folder) -> None:
    """A rule has the known keys and values, and an id of its own that names provider and subject."""
    form = re.compile(rf"{folder.name}\.(server|client)(\.[a-z0-9]+(-[a-z0-9]+)*)+")
    for rule in folder.rules:
        assert set(rule) - {"unobservable"} == RULE_KEYS, rule
        assert form.fullmatch(rule["id"]), rule["id"]
        assert rule["id"].split(".")[1] == rule["subject"], rule["id"]
        assert rule["subject"] in SUBJECTS, rule["id"]
        assert rule["level"] in LEVELS, rule["id"]
        assert rule["assurance"] in ASSURANCES, rule["id"]
        assert rule["text"].strip(), rule["id"]
        assert rule.get("unobservable", "why").strip(), rule["id"]
    assert repeated(rule["id"] for rule in folder.rules) == []
    assert repeated(" ".join(rule["text"].split()) for rule in folder.rules) == []
    assert {rule["subject"] for rule in folder.rules} == SUBJECTS


@each_folder
def test_only_documented_rules_bind_strictly(folder: Folder) -> None:
    """What no document says, of this provider, of a sister product or of a protocol, is never a must."""
    musts = [rule for rule in folder.rules if rule["level"] == "must"]
    assert musts
    assert [rule["id"] for rule in musts if rule["assurance"] not in DOCUMENTED] == []


@each_folder
def test_rules_are_finished(folder: Folder) -> None:
    """No rule's text is a stand-in for one that is still to be written, and each is a sentence."""
    texts = {rule["id"]: " ".join(rule["text"].split()) for rule in folder.rules}
    assert [id_ for id_, text in texts.items() if UNFINISHED.search(text) or not text.endswith(".")] == []


@each_folder
def test_errors_are_well_formed(folder: Folder) -> None:
    """An error has a name of its own, a status of failure, and a message unless its body is empty."""
    for error in folder.errors:
        assert set(error) - {"code", "type", "body"} == ERROR_KEYS, error
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", error["name"]), error["name"]
        assert error["status"] in range(400, 600), error["name"]
        assert isinstance(error.get("code"), int | str | None), error["name"]
        assert isinstance(error.get("type"), str | None), error["name"]
        assert isinstance(error["message"], str), error["name"]
        assert bool(error["message"].strip()) != (error.get("body") == "empty"), error["name"]
        assert error["assurance"] in ASSURANCES, error["name"]
    assert repeated(error["name"] for error in folder.errors) == []


@each_folder
def test_statuses_of_errors_are_documented(folder: Folder) -> None:
    """The status of every error is one that the OpenAPI document has, itself or as one of its class."""
    documented = {status for operation in operations(folder) for status in operation["responses"]}
    wanted = {error["name"]: {str(error["status"]), f"{error['status'] // 100}XX"} for error in folder.errors}
    assert [name for name, names in wanted.items() if not names & documented] == []


@each_folder
@pytest.mark.parametrize(
    "entries", [lambda folder: folder.rules, lambda folder: folder.errors], ids=["rules", "errors"]
)
def test_sources_are_listed(folder: Folder, entries: Callable[[Folder], list[dict[str, Any]]]) -> None:
    """Every rule and error names a section of a document that SOURCES.md lists."""
    assert folder.source_keys
    for entry in entries(folder):
        assert set(entry["source"]) == {"document", "section"}, entry
        assert entry["source"]["document"] in folder.source_keys, entry
        assert str(entry["source"]["section"]).strip(), entry
