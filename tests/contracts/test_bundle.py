"""An OpenAPI document in one piece: references lead nowhere else, and what is valid stays the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

from contracts.bundle import bundled
from contracts.providers import discover
from contracts.schemas import load, schema_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from contracts.model import Provider

ORIGIN = "http://127.0.0.1:8080"
PROVIDERS = list(discover().values())


def references(node: object) -> Iterator[str]:
    """Yield every reference in *node*."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from references(one)


def resolved(document: dict[str, Any], pointer: str) -> Any:  # noqa: ANN401  any JSON value
    """Return what *pointer* leads to."""
    node: Any = document
    for step in pointer.removeprefix("#/").split("/"):
        node = node[step.replace("~1", "/").replace("~0", "~")]
    return node


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.name)
def test_all_references_are_internal_and_lead_somewhere(provider: Provider) -> None:
    """The document is valid, can be written as JSON, and needs no other file."""
    document = bundled(provider.folder / "openapi.yaml", ORIGIN)
    validate(document)
    found = set(references(json.loads(json.dumps(document))))
    assert found
    for reference in found:
        assert reference.startswith("#/")
        assert resolved(document, reference) is not None


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.name)
def test_this_server_comes_first_everywhere(provider: Provider) -> None:
    """Those of the provider come after it; the provider's own document stays as it was."""
    before = json.dumps(load(provider.folder / "openapi.yaml"))
    document = bundled(provider.folder / "openapi.yaml", ORIGIN)
    places = [document, *(one for item in document["paths"].values() for one in item.values())]
    lists = [place["servers"] for place in places if "servers" in place]
    assert all(one[0]["url"] == ORIGIN for one in lists)
    assert all(one[1]["url"].startswith("https://") for one in lists)
    assert json.dumps(load(provider.folder / "openapi.yaml")) == before


BODIES: list[tuple[str, str, object]] = [
    ("pixian", "remove-background-v1-request.schema.json", {"image.url": "https://example.com/a.jpeg"}),
    ("pixian", "remove-background-v1-request.schema.json", {"image.url": "https://example.com/a.jpeg", "maxPixels": 1}),
    ("pixian", "remove-background-v1-request.schema.json", {"maxPixels": 1000}),
    ("xty", "chat-request.schema.json", {"model": "remove-bg", "messages": []}),
    (
        "xty",
        "chat-request.schema.json",
        {
            "model": "remove-bg",
            "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://a.b/c"}}]}],
        },
    ),
    (
        "xty",
        "chat-request.schema.json",
        {"model": "remove-bg", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]},
    ),
]


@pytest.mark.parametrize(("name", "file", "body"), BODIES)
def test_a_schema_says_the_same_as_before(name: str, file: str, body: object) -> None:
    """What a file accepts, the component that it has become accepts, and nothing else."""
    folder = discover()[name].folder
    document = bundled(folder / "openapi.yaml", ORIGIN)
    schemas = document["components"]["schemas"]
    component = {"chat-request.schema.json": "ChatRequest"}.get(file, file.removesuffix(".schema.json"))
    whole = {"$ref": f"#/components/schemas/{component}", "components": {"schemas": schemas}}
    accepts = jsonschema_rs.Draft202012Validator(whole).is_valid(body)
    assert accepts == schema_at(folder, f"schemas/{file}").accepts(body)


def test_what_refers_to_itself_ends(tmp_path: Path) -> None:
    """Schemas may go round in circles, also from file to file; names that are alike get numbers."""
    (tmp_path / "tree.json").write_text(
        '{"$schema": "x", "type": "object", "properties": {"$ref": {"type": "string"}, "leaf": {"$ref": "#"},'
        ' "twig": {"$ref": "other/tree.json#/$defs/a~1b"}}}'
    )
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "tree.json").write_text(
        '{"$defs": {"a/b": {"items": {"$ref": "../tree.json"}}}, "type": "null"}'
    )
    (tmp_path / "openapi.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: Trees, version: '1'}\ncomponents: {schemas: {tree: {type: string}}}\n"
        "paths:\n  /:\n    get:\n      responses:\n        default:\n          description: A tree.\n"
        "          content:\n            application/json:\n"
        "              schema: {anyOf: [{$ref: tree.json}, {$ref: other/tree.json}], const: {$ref: tree.json}}\n"
    )
    document = bundled(tmp_path / "openapi.yaml", ORIGIN)
    schema = document["paths"]["/"]["get"]["responses"]["default"]["content"]["application/json"]["schema"]
    assert schema["anyOf"] == [{"$ref": "#/components/schemas/tree-2"}, {"$ref": "#/components/schemas/tree-3"}]
    assert schema["const"] == {"$ref": "tree.json"}, "a value is no reference"
    schemas = document["components"]["schemas"]
    assert schemas["tree"] == {"type": "string"}
    assert schemas["tree-2"]["properties"] == {
        "$ref": {"type": "string"},
        "leaf": {"$ref": "#/components/schemas/tree-2"},
        "twig": {"$ref": "#/components/schemas/tree.a-1b"},
    }
    assert schemas["tree-3"] == {"type": "null"}
    assert schemas["tree.a-1b"] == {"items": {"$ref": "#/components/schemas/tree-2"}}


def test_extensions_say_what_can_be_drawn() -> None:
    """Sizes and boxes in header fields are marked with the picture that they are about."""
    headers = bundled(discover()["pixian"].folder / "openapi.yaml", ORIGIN)["components"]["headers"]
    sizes = {name: one["x-matteproof-size"] for name, one in headers.items() if "x-matteproof-size" in one}
    boxes = {name: one["x-matteproof-box"] for name, one in headers.items() if "x-matteproof-box" in one}
    assert sizes == {"InputSize": "input", "ResultSize": "result"}
    assert boxes == {"InputForeground": "input", "ResultForeground": "result"}
