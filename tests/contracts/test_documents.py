"""What a provider's folder must hold: valid documents that refer to each other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.contracts.folders import (
    FOLDERS,
    REGISTRY,
    Folder,
    bodies,
    carriers,
    descriptions,
    each_folder,
    each_schema_file,
    examples,
    operations,
    read,
    references,
    schema_errors,
)

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
