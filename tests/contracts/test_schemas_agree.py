"""The quick validator and the explaining one agree on every schema of every provider."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from contracts.providers import discover
from contracts.schemas import schema_at

SCHEMAS = [path for provider in discover().values() for path in sorted(provider.folder.glob("schemas/*.json"))]

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-3, 30_000_000)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(
        ["user", "text", "image_url", "remove-bg", "https://a/b", "#0055FF", "10px 5%", "1920 1080", "1\n"]
    )
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


def retrieve(uri: str) -> Resource[Any]:
    """Return the schema file at *uri*."""
    return Resource.from_contents(json.loads(Path(uri.removeprefix("file://")).read_text()))


def examples(schema: Any, *, name: str = "") -> Any:  # noqa: ANN401  schemas and their values are any JSON
    """Return a strategy for values that are near *schema*: its examples and constants, or something else."""
    if not isinstance(schema, dict):
        return VALUES
    known = [*schema.get("examples", ()), *schema.get("enum", ())]
    known += [schema[key] for key in ("const", "default", "minimum", "maximum") if key in schema]
    near = st.sampled_from(known) if known else VALUES
    properties = schema.get("properties")
    if properties:
        near = st.fixed_dictionaries({}, optional={key: examples(inner, name=key) for key, inner in properties.items()})
    elif isinstance(schema.get("items"), dict):
        near = st.lists(examples(schema["items"]), max_size=3)
    return near | VALUES if name else near


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
@given(data=st.data())
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_both_validators_agree(path: Path, data: st.DataObject) -> None:
    """For values near and far from each schema, the quick answer is the explained answer."""
    schema = json.loads(path.read_text())
    value = data.draw(examples(schema, name="root"))
    registry: Registry[Any] = Registry(retrieve=retrieve)  # type: ignore[call-arg]  # attrs alias
    expected = Draft202012Validator({"$ref": path.as_uri()}, registry=registry).is_valid(value)
    assert schema_at(path.parent.parent, f"schemas/{path.name}").accepts(value) == expected, value
    assert bool(schema_at(path.parent.parent, f"schemas/{path.name}").errors(value)) != expected
