"""JSON Schemas in a folder: finding them by reference, judging by them, explaining what they refuse.

``jsonschema`` decides and explains. ``jsonschema_rs`` answers the plain question "valid?" on the hot path; a test
proves that the two agree. Both are imported at the first use.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

import yaml

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError
    from jsonschema_rs import Draft202012Validator as FastValidator
    from jsonschema_rs import Registry as FastRegistry
    from referencing import Resource

_LONGEST_VALUE = 60
_LONGEST_MESSAGE = 200
_MOST_ERRORS = 64
_ABOUT_THE_FORM = {"pattern", "minLength"}
_SENTENCES = {
    "type": "{value} is not of the type {limit}",
    "enum": "{value} is not one of {limit}",
    "const": "{value} is not {limit}",
    "minimum": "{value} is less than the minimum of {limit}",
    "maximum": "{value} is more than the maximum of {limit}",
    "pattern": "{value} does not have the form {limit}",
    "contains": "no item is of the required kind",
    "anyOf": "{value} has none of the allowed forms",
    "minItems": "there are fewer than {limit} items",
    "minLength": "{value} is shorter than {limit} characters",
    "maxLength": "the text is longer than {limit} characters",
}
"""What is said of a value that breaks a keyword, for the keywords whose own message says less or repeats too much."""


@dataclass(frozen=True, slots=True)
class SchemaError:
    """One way in which a value breaks a schema: ``path`` leads to the value, dots between the steps."""

    path: str
    text: str

    def __str__(self) -> str:
        """Return path and text as one phrase."""
        return f"{self.path}: {self.text}" if self.path else self.text


@lru_cache(maxsize=256)
def load(path: Path) -> Any:  # noqa: ANN401  a document can be any JSON value
    """Return the content of the JSON or YAML document at *path*; callers must not change it."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return json.loads(text)
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe loaders


@lru_cache(maxsize=1024)
def schema_at(folder: Path, reference: str) -> Schema:
    """Return the schema that *reference* points to: a path, relative to *folder*, and perhaps ``#`` and a pointer."""
    return Schema(folder, reference)


class Schema:
    """The schema that *reference* points to: a path, relative to *folder*, and perhaps ``#`` and a JSON pointer."""

    def __init__(self, folder: Path, reference: str) -> None:
        """Remember where the schema is; it is read at the first use."""
        self._folder = folder
        self._reference = f"{folder.resolve().as_uri()}/{quote(reference, safe='/#~')}"

    def accepts(self, value: object) -> bool:
        """Tell whether *value* is valid."""
        return self._fast.is_valid(value)

    def errors(self, value: object) -> tuple[SchemaError, ...]:
        """Return ways in which *value* is invalid, the most telling first; empty when it is valid.

        Of a value with very many errors only the first are looked at: to explain one takes long.
        """
        if self.accepts(value):
            return ()
        from jsonschema.exceptions import best_match, relevance  # noqa: PLC0415  only needed for invalid values

        found = islice(self._slow.iter_errors(value), _MOST_ERRORS)
        errors = sorted(found, key=relevance, reverse=True)
        return tuple(_describe(best_match([error]) or error) for error in errors)

    @cached_property
    def _fast(self) -> FastValidator:
        import jsonschema_rs  # noqa: PLC0415  heavy, and the server is ready without it

        return jsonschema_rs.Draft202012Validator({"$ref": self._reference}, registry=_fast_registry(self._folder))

    @cached_property
    def _slow(self) -> Draft202012Validator:
        from jsonschema import Draft202012Validator  # noqa: PLC0415  heavy, only needed for invalid values
        from referencing import Registry  # noqa: PLC0415

        registry: Registry[Any] = Registry(retrieve=_retrieve)  # type: ignore[call-arg]  # attrs alias
        return Draft202012Validator({"$ref": self._reference}, registry=registry)


@lru_cache(maxsize=64)
def _fast_registry(folder: Path) -> FastRegistry:
    """Return every document below *folder*: this library cannot load one while it follows references."""
    import jsonschema_rs  # noqa: PLC0415  see above

    paths = [*folder.rglob("*.json"), *folder.glob("openapi.yaml")]
    return jsonschema_rs.Registry([(path.resolve().as_uri(), load(path)) for path in paths])


def _load_uri(uri: str) -> Any:  # noqa: ANN401  a document can be any JSON value
    return load(Path(unquote(urlsplit(uri).path)))


def _retrieve(uri: str) -> Resource[Any]:
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415  heavy, only needed for invalid values

    return DRAFT202012.create_resource(_load_uri(uri))


def _describe(error: ValidationError) -> SchemaError:
    path = ".".join(str(step) for step in error.absolute_path)
    return SchemaError(path, _sentence(error))


def _sentence(error: ValidationError) -> str:
    examples = error.schema.get("examples") if isinstance(error.schema, dict) else None
    if error.validator == "anyOf" and examples:
        return f"{_short(error.instance)} has none of the allowed forms, as in {' or '.join(map(_short, examples))}"
    if error.validator in _ABOUT_THE_FORM and examples:
        # An example tells a person more than the pattern does.
        return f"{_short(error.instance)} does not have the required form, as in {_short(examples[0])}"
    if error.validator == "additionalProperties":
        return _about_unknown(error)
    template = _SENTENCES.get(str(error.validator))
    if template is None:
        return str(error.message)[:_LONGEST_MESSAGE]
    separator = ", " if error.validator == "enum" else " or "
    return template.format(value=_short(error.instance), limit=_words(error.validator_value, separator))


def _about_unknown(error: ValidationError) -> str:
    """Return a sentence about the keys that an object must not have."""
    value: Any = error.instance
    schema: Any = error.schema
    unknown = ", ".join(_short(name) for name in value if name not in schema["properties"])
    return f"there is no {unknown}; allowed are {', '.join(schema['properties'])}"[:_LONGEST_MESSAGE]


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"


def _words(limit: object, separator: str) -> str:
    """Return the value of a schema's keyword as it reads in a sentence, with *separator* between several."""
    if limit == "boolean":
        return "boolean, which is true or false"
    if isinstance(limit, list) and all(isinstance(choice, str) for choice in limit):
        return separator.join(limit)
    return limit if isinstance(limit, str) else _short(limit)
