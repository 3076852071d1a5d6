"""Schemas: finding, judging, explaining."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from contracts.schemas import Schema

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two schemas, one of which refers to the other."""
    (tmp_path / "size.json").write_text('{"type": "integer", "minimum": 1, "maximum": 9}')
    body = {
        "type": "object",
        "required": ["width"],
        "properties": {
            "width": {"$ref": "size.json"},
            "colour": {"pattern": "^#"},
            "size": {"pattern": "^\\d+ \\d+$", "examples": ["3 4"]},
            "on": {"type": "boolean"},
            "fit": {"enum": ["in", "out"]},
            "kind": {"const": "box"},
            "name": {"type": ["string", "null"], "maxLength": 3, "minLength": 1},
            "parts": {"type": "array", "minItems": 1, "contains": {"const": "x"}},
        },
    }
    (tmp_path / "body.json").write_text(json.dumps(body))
    return tmp_path


def test_references_lead_to_files_beside_the_schema(folder: Path) -> None:
    """A relative reference is resolved against the file it stands in."""
    schema = Schema(folder, "body.json")
    assert schema.accepts({"width": 5})
    assert not schema.accepts({"width": 10})


def test_a_fragment_leads_into_a_file(folder: Path) -> None:
    """A JSON pointer behind the file name picks a part of the file."""
    schema = Schema(folder, "body.json#/properties/fit")
    assert schema.accepts("in")
    assert schema.errors("up")[0].text == '"up" is not one of in, out'


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"width": 1, "size": "x"}, 'size: "x" does not have the required form, as in "3 4"'),
        ({"width": 1, "on": "yes"}, 'on: "yes" is not of the type boolean, which is true or false'),
        ({"width": 0}, "width: 0 is less than the minimum of 1"),
        ({"width": 10}, "width: 10 is more than the maximum of 9"),
        ({"width": "x"}, 'width: "x" is not of the type integer'),
        ({"width": 1, "colour": "red"}, 'colour: "red" does not have the form ^#'),
        ({"width": 1, "kind": "bag"}, 'kind: "bag" is not box'),
        ({"width": 1, "name": 3}, "name: 3 is not of the type string or null"),
        ({"width": 1, "name": "long"}, "name: the text is longer than 3 characters"),
        ({"width": 1, "name": ""}, 'name: "" is shorter than 1 characters'),
        ({"width": 1, "parts": ["y"]}, "parts: no item is of the required kind"),
        ({}, "'width' is a required property"),
    ],
)
def test_an_error_names_the_place_the_value_and_the_limit(folder: Path, value: object, said: str) -> None:
    """The sentence tells where, what came and what was expected."""
    assert str(Schema(folder, "body.json").errors(value)[0]) == said


def test_a_valid_value_has_no_errors(folder: Path) -> None:
    """What is accepted is not explained."""
    assert Schema(folder, "body.json").errors({"width": 1}) == ()


def test_a_long_value_is_shortened(folder: Path) -> None:
    """An error does not repeat a value of any length."""
    assert len(str(Schema(folder, "body.json").errors({"width": "x" * 10_000})[0])) < 120
