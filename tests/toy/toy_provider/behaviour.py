"""How the made-up API behaves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from contracts.behaviour import Answer, Credentials, Problem, Recipe, SentField, Work
from contracts.model import Headers, Response
from contracts.replies import json_reply

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from contracts.behaviour import ImageError, Rendering, Situation, Store
    from contracts.model import Operation, Request

_STATUS = {Problem.UNKNOWN_PATH: 404, Problem.METHOD_NOT_ALLOWED: 405, Problem.BODY_TOO_LARGE: 413}


class ToyBehaviour:
    """One operation: the body is a picture, the answer is its foreground as PNG, for one credit."""

    settings: Mapping[str, tuple[object, ...]] = {}
    credential_form = "any key"

    def credentials(self, operation: Operation, request: Request) -> Credentials | Answer | None:
        """Return the caller named by the header ``Toy-Key``."""
        del operation
        key = request.headers.get("Toy-Key")
        return Credentials(key, key) if key else _error(401, "no key")

    def listed(self, line: str) -> Credentials | None:
        """Return the credentials of a line that is a key."""
        return Credentials(line, line)

    def is_tenant(self, name: str) -> bool:
        """Any name will do."""
        return bool(name)

    def parameter_names(self, operation: Operation) -> Collection[str]:
        """There are none."""
        del operation
        return ()

    def perform(self, operation: Operation, request: Request, situation: Situation) -> Answer | Work:
        """Plan the cut-out."""
        del operation, situation
        return Work(request.body, Recipe(accepted=frozenset({"png", "jpeg"})), _done, _failed)

    def refuse(self, problem: Problem, request: Request) -> Answer:
        """Answer with the name of the problem."""
        del request
        return _error(_STATUS.get(problem, 400), problem.value)

    def error(self, name: str) -> Answer:
        """Answer with the error *name*."""
        return _error(400, name)

    def failure(self, status: int) -> Answer:
        """Answer with *status*."""
        return _error(status, "failed")

    def parameters(self, operation: Operation, request: Request) -> Mapping[str, str]:
        """There are none."""
        del operation, request
        return {}

    def fields(self, operation: Operation, request: Request) -> tuple[SentField, ...]:
        """There are none."""
        del operation, request
        return ()

    def without_secrets(self, request: Request) -> Request:
        """Return *request* without the header ``Toy-Key``."""
        headers = tuple((name, value) for name, value in request.headers if name.lower() != "toy-key")
        return replace(request, headers=Headers(headers))


BEHAVIOUR = ToyBehaviour()


def _error(status: int, text: str) -> Answer:
    return Answer(json_reply(status, {"toy": text}), text)


def _done(done: Rendering, store: Store) -> Answer:
    del store
    return Answer(Response(200, Headers((("Content-Type", "image/png"),)), done.data), "cut out", Decimal(1))


def _failed(error: ImageError) -> Answer:
    return _error(400, error.detail)
