"""From form texts to typed values."""

from __future__ import annotations

import pytest

from contracts.forms import typed_values

PROPERTIES = {"n": {"type": "integer"}, "b": {"type": "boolean"}, "s": {"type": "string"}}


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("-3", -3), ("1.5", "1.5"), ("", ""), (" 1", " 1"), ("٣", "٣"), ("9" * 40, "9" * 40)],
)
def test_an_integer_is_ascii_digits(text: str, value: object) -> None:
    """Digits become a number; anything else stays text for the schema to refuse."""
    assert typed_values({"n": text}, PROPERTIES) == {"n": value}


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False), ("True", "True"), ("1", "1")])
def test_a_boolean_is_true_or_false_in_small_letters(text: str, value: object) -> None:
    """Only the two words are booleans."""
    assert typed_values({"b": text}, PROPERTIES) == {"b": value}


def test_booleans_in_any_case_are_a_choice() -> None:
    """With any_case set, True counts as well."""
    assert typed_values({"b": "TRUE"}, PROPERTIES, any_case=True) == {"b": True}


def test_texts_and_unknown_names_stay_as_they_are() -> None:
    """A string is a string, and a name that has no schema is not touched."""
    assert typed_values({"s": "12", "x": "true"}, PROPERTIES) == {"s": "12", "x": "true"}
