"""What a request to the control API asks for, checked by its own document."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from contracts.forms import typed_value
from contracts.schemas import load, schema_at
from mockserver.control.refusal import RefusalError
from mockserver.faults.words import FOLDER, WordError, check, plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from wsgiref.types import WSGIEnvironment

_BAD, _TOO_LARGE = 400, 413
_BITS = {"0": "false", "1": "true"}
_DECIMAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")


def document() -> Mapping[str, Any]:
    """Return the control API's OpenAPI document; it must not be changed."""
    found: Mapping[str, Any] = load(FOLDER / "openapi.yaml")
    return found


def json_body(environ: WSGIEnvironment) -> Any:  # noqa: ANN401  any JSON value
    """Return the JSON in the request's body.

    Raises:
        RefusalError: it is none, or it is larger than the server reads.
    """
    if environ.get("matteproof.body_refused"):
        raise RefusalError(_TOO_LARGE, "The body is larger than this server reads; send less at a time.", "body")
    try:
        return plain(json.loads(environ.get("matteproof.body", b"").decode()))
    except WordError:
        raise
    except (ValueError, RecursionError) as error:
        raise RefusalError(_BAD, f"The body is not JSON: {error}.", "body") from error


def checked(schema: str, value: Any) -> Any:  # noqa: ANN401  any JSON value
    """Return *value* if it is valid by the schema of that name.

    Raises:
        WordError: it is not.
    """
    check(schema, value)
    return value


def parameters(path: str, method: str, query: str) -> dict[str, Any]:
    """Return the query parameters of the operation at *path*, typed, with the defaults filled in.

    Raises:
        RefusalError: there is no such parameter, it comes more than once, its value is wrong, or one is missing.
    """
    of_query = [(place, one) for place, one in _declared(path, method) if one["in"] == "query"]
    declared = {one["name"]: (place, one["schema"]) for place, one in of_query}
    found = {name: schema["default"] for name, (_, schema) in declared.items() if "default" in schema}
    given = set()
    for name, text in parse_qsl(query, keep_blank_values=True):
        if name not in declared:
            allowed = ", ".join(declared) or "none"
            raise RefusalError(_BAD, f"There is no parameter {name!r} here; allowed are {allowed}.", name)
        if name in given:
            raise RefusalError(_BAD, f"The parameter {name} is given more than once; send it once.", name)
        given.add(name)
        place, schema = declared[name]
        value = _typed(text, schema)
        errors = schema_at(FOLDER, f"openapi.yaml#{place}/schema").errors(value)
        if errors:
            raise RefusalError(_BAD, f"The parameter {name} is wrong: {errors[0]}.", name)
        found[name] = value
    for name in (one["name"] for _, one in of_query if one.get("required") and one["name"] not in given):
        raise RefusalError(_BAD, f"The parameter {name} is missing.", name)
    return found


def _declared(path: str, method: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the parameters of an operation, each with the JSON pointer to it."""
    escaped = path.replace("~", "~0").replace("/", "~1")
    base = f"/paths/{escaped}/{method}/parameters"
    found = []
    for number, one in enumerate(document()["paths"][path][method].get("parameters", [])):
        if "$ref" in one:
            name = one["$ref"].rpartition("/")[2]
            found.append((f"/components/parameters/{name}", document()["components"]["parameters"][name]))
        else:
            found.append((f"{base}/{number}", one))
    return found


def _typed(text: str, schema: Mapping[str, Any]) -> object:
    """Return *text* in the type that *schema* declares; a boolean may be a digit, too."""
    if schema["type"] == "number":
        return _number(text)
    return typed_value(_BITS.get(text, text) if schema["type"] == "boolean" else text, schema)


def _number(text: str) -> object:
    return float(text) if _DECIMAL.fullmatch(text) else text
