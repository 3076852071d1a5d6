"""The OpenAPI document as a judge of answers: it accepts what is documented and names what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.model import Headers, Operation, Response
from contracts.openapi import OpenApi

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = """
openapi: 3.1.0
info: {title: Toy, version: "1"}
paths:
  /things/{name}:
    get:
      operationId: getThing
      responses:
        "200":
          description: The thing.
          headers:
            X-Count: {required: true, schema: {type: integer, minimum: 1}}
            X-Note: {$ref: "#/components/headers/Note"}
          content:
            application/json: {schema: {$ref: thing.json}}
            image/png: {schema: {type: string, format: binary}}
        "204": {description: Nothing.}
        4XX:
          $ref: "#/components/responses/Wrong"
    parameters: []
components:
  headers:
    Note: {schema: {type: string, maxLength: 5}}
  responses:
    Wrong:
      description: Wrong.
      content:
        application/json: {schema: {type: object, required: [error]}}
"""

OPERATION = Operation("toy", "getThing", "GET", "/things/{name}")
JSON = ("Content-Type", "application/json; charset=utf-8")
COUNT = ("x-count", "3")


@pytest.fixture
def document(tmp_path: Path) -> OpenApi:
    """The document above, with a schema file beside it."""
    (tmp_path / "openapi.yaml").write_text(DOCUMENT)
    (tmp_path / "thing.json").write_text('{"type": "object", "required": ["id"]}')
    return OpenApi(tmp_path, "toy")


def test_operations_are_methods_and_not_other_keys(document: OpenApi) -> None:
    """Shared parameters beside the methods are no operation."""
    assert document.operations == (OPERATION,)


def test_response_headers_are_collected(document: OpenApi) -> None:
    """All header names that any response can carry are known, for pages that may read them."""
    assert document.response_headers == ("X-Count", "X-Note")


@pytest.mark.parametrize(
    "response",
    [
        Response(200, Headers((JSON, COUNT)), b'{"id": 1, "more": 2}'),
        Response(200, Headers((("content-type", "IMAGE/PNG"), COUNT, ("X-Note", "short"), ("X-Other", "x"))), b"png"),
        Response(204),
        Response(418, Headers((JSON,)), b'{"error": {}}'),
    ],
)
def test_documented_answers_are_accepted(document: OpenApi, response: Response) -> None:
    """Case of header names, extra keys and extra headers are free."""
    assert document.response_errors(OPERATION, response) == ()


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (Response(500), "The status 500 is not documented"),
        (Response(200, Headers((JSON,)), b'{"id": 1}'), "The header X-Count is missing"),
        (Response(200, Headers((JSON, ("X-Count", "0"))), b'{"id": 1}'), "The header X-Count is wrong"),
        (Response(200, Headers((JSON, ("X-Count", "many"))), b'{"id": 1}'), "The header X-Count is wrong"),
        (Response(200, Headers((JSON, COUNT, ("X-Note", "too long"))), b'{"id": 1}'), "The header X-Note is wrong"),
        (Response(200, Headers((JSON, COUNT)), b"{}"), "'id' is a required property"),
        (Response(200, Headers((JSON, COUNT)), b"<html>"), "The body is not JSON"),
        (Response(200, Headers((COUNT,)), b"x"), "The Content-Type '' is not documented"),
        (Response(200, Headers((("Content-Type", "image/gif"), COUNT)), b"x"), "'image/gif' is not documented"),
        (Response(404, Headers((JSON,)), b"{}"), "'error' is a required property"),
    ],
)
def test_undocumented_answers_are_named(document: OpenApi, response: Response, said: str) -> None:
    """Status, headers, media type and body are each judged."""
    assert any(said in error for error in document.response_errors(OPERATION, response))
