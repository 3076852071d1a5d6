"""Asking a running mock: through the control API, whose every answer is judged, and as a client of the providers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx

from contracts.model import Headers, Response
from contracts.openapi import OpenApi
from contracts.schemas import schema_at
from mockserver.faults.words import FOLDER
from pictures import disc, encoded
from plain import NO_TLS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts.model import Operation
    from mockserver.mock import Mock

PREFIX = "/_mock/v1"
DOCUMENT = OpenApi(FOLDER, "control")
OPERATIONS = {operation.id: operation for operation in DOCUMENT.operations}
PICTURE = encoded(disc((24, 18), (6, 4, 18, 14)))
PATIENCE = 20.0
"""Seconds after which a test gives up; no answer comes near."""
_REFUSAL = schema_at(FOLDER, "openapi.yaml#/components/schemas/Refusal")


class Control:
    """The control API of *mock*. No answer is handed on that its document does not allow."""

    def __init__(self, mock: Mock, headers: dict[str, str] | None = None, origin: str = "") -> None:
        """Send *headers* with every request, to *origin* if that is not the one *mock* names."""
        self.base = f"{origin or mock.url}{PREFIX}"
        self._client = httpx.Client(
            base_url=self.base, headers=headers, timeout=PATIENCE, trust_env=False, verify=NO_TLS
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401  as httpx has them
        """Return the answer, which the document allows: of the operation, or, where there is none, as a refusal."""
        answer = self._client.request(method, path, **options)
        broken = tuple(_broken(method, answer))
        assert not broken, f"{method} {path} -> {answer.status_code}: {broken}"
        return answer

    def tell(self, method: str, path: str, json: object = None) -> Any:  # noqa: ANN401  any JSON value
        """Return the JSON of an answer that must be a good one."""
        answer = self.ask(method, path, **({} if json is None else {"json": json}))
        assert answer.is_success, answer.text
        return answer.json()

    def refuse(self, method: str, path: str, status: int = 400, **options: Any) -> tuple[str, str]:  # noqa: ANN401
        """Return the field and the sentence of an answer that must be a refusal."""
        answer = self.ask(method, path, **options)
        assert answer.status_code == status, answer.text
        error = answer.json()["error"]
        return error["field"], error["message"]


def operation_of(method: str, path: str) -> Operation | None:
    """Return the operation that a request is for, if there is one."""
    for operation in DOCUMENT.operations:
        template = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(operation.path))
        if operation.method == method and re.fullmatch(template, path):
            return operation
    return None


def account(mock: Mock, name: str) -> httpx.Response:
    """Ask, as the caller *name*, for the account."""
    return _call(mock, "GET", "/api/v2/account", auth=(name, "a secret"))


def remove(mock: Mock, name: str, **fields: str) -> httpx.Response:
    """Ask, as the caller *name*, for a picture without its background."""
    picture = {"image": ("picture.png", PICTURE, "image/png")}
    return _call(mock, "POST", "/api/v2/remove-background", files=picture, data=fields, auth=(name, "a secret"))


def models(mock: Mock, key: str) -> httpx.Response:
    """Ask, as the caller with this *key*, for the list of models."""
    return _call(mock, "GET", "/v1/models", headers={"Authorization": f"Bearer {key}"})


def happened(control: Control, count: int, filters: str = "") -> list[dict[str, Any]]:
    """Return the journal once *count* exchanges have ended; an answer can arrive a moment before that."""
    found: list[dict[str, Any]] = control.tell("GET", f"/journal/wait?count={count}{filters}")["exchanges"]
    return found


def _call(mock: Mock, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401  as httpx has them
    url = f"{mock.url}{path}"
    return httpx.request(method, url, timeout=PATIENCE, trust_env=False, verify=NO_TLS, **options)


def _broken(method: str, answer: httpx.Response) -> Iterator[str]:
    """Yield every way in which *answer* is not what the document says."""
    operation = operation_of(method, answer.url.path.removeprefix(PREFIX))
    response = Response(answer.status_code, Headers.of(answer.headers.multi_items()), answer.content)
    if operation is not None:
        yield from DOCUMENT.response_errors(operation, response)
    elif not answer.is_success and answer.content:
        yield from map(str, _REFUSAL.errors(answer.json()))
