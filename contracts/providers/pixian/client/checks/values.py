"""The values of the parameters that a client sends."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contracts.checks import KEPT, Broken, demand, shown
from contracts.forms import typed_value
from contracts.providers.pixian.checks.form import SOURCES
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS
from contracts.schemas import load, schema_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.checks import Finding
    from contracts.providers.pixian.client.checks.call import ClientCall

_FOLDER = Path(__file__).parents[2]
_SCHEMA = "schemas/remove-background-request.schema.json"
_COLOUR = "background.color"
_MOST_LENGTHS = 4
_LENGTH = re.compile(r"\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:px|%)|-?0*\.?0+")
_SIZE = re.compile(r"\s*[0-9]*[1-9][0-9]*\s+[0-9]*[1-9][0-9]*\s*")


@CLIENT_CHECKS.each("parameter.colour")
def colour(call: ClientCall) -> Finding | None:
    """A colour that is sent begins with '#'."""
    text = _texts(call).get(_COLOUR)
    if text is None:
        return None
    return demand(text.startswith("#"), _COLOUR, "a colour such as #0055FF", shown(text), "The '#' is required.")


@CLIENT_CHECKS.each("parameter.value")
def value(call: ClientCall) -> Finding | None:
    """Values are as the schema has them; what the documents leave open, or a colour without '#', is not judged here."""
    judged = {name: errors_of(name, text) for name, text in _texts(call).items() if not _is_colour_without(name, text)}
    for name, error in judged.items():
        if error and not is_open(name, _texts(call)[name]):
            return Broken(name, "a documented value", shown(_texts(call)[name]), f"{error}.")
    return KEPT if judged else None


@CLIENT_CHECKS.each("parameter.form")
def form(call: ClientCall) -> Finding | None:
    """Where a value has a clear meaning its form is that of the schema as well."""
    texts = {name: text for name, text in _texts(call).items() if not errors_of(name, text) or is_open(name, text)}
    for name, text in texts.items():
        if error := errors_of(name, text):
            return Broken(name, "the form of the schema", shown(text), f"{error}.")
    return KEPT if texts else None


def errors_of(name: str, text: str) -> str:
    """Return what is wrong with *text* as the parameter *name*, or nothing."""
    schema = schema_at(_FOLDER, f"{_SCHEMA}#/properties/{name}")
    errors = schema.errors(typed_value(text, _properties()[name]))
    return str(errors[0]) if errors else ""


def is_open(name: str, text: str) -> bool:
    """Tell whether *text* means what the documents allow for *name*, in a form of which they do not speak.

    Such are blanks around a value, whole numbers with a point, and lengths of 0 without a unit.
    """
    if _properties()[name].get("type") == "integer":
        return _is_within(name, text)
    if name == "result.margin":
        lengths = text.split()
        return 0 < len(lengths) <= _MOST_LENGTHS and all(map(_LENGTH.fullmatch, lengths))
    if name == "result.target_size":
        return _SIZE.fullmatch(text) is not None
    return text != text.strip() and not errors_of(name, text.strip())


def _is_within(name: str, text: str) -> bool:
    """Tell whether *text* is a whole number within the range of *name*, in whatever form."""
    try:
        number = float(text)
    except ValueError:
        return False
    limits = _properties()[name]
    return number.is_integer() and limits["minimum"] <= number <= limits["maximum"]


def _texts(call: ClientCall) -> Mapping[str, str]:
    """Return the known parameters in the form that are neither pictures nor booleans."""
    if not (call.is_removal or call.is_v1):
        return {}
    return {name: text for name, text in call.form.texts.items() if _is_judged(name)}


def _properties() -> Mapping[str, Any]:
    properties: Mapping[str, Any] = load(_FOLDER / _SCHEMA)["properties"]
    return properties


def _is_judged(name: str) -> bool:
    return name in _properties() and name not in SOURCES and _properties()[name].get("type") != "boolean"


def _is_colour_without(name: str, text: str) -> bool:
    return name == _COLOUR and not text.startswith("#")
