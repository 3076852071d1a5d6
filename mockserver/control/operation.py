"""What the operations of the control API have in common."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from flask import Response, request

from mockserver.control.asked import checked, json_body
from mockserver.control.refusal import RefusalError
from mockserver.faults import WordError
from mockserver.scenarios.library import ScenarioError
from mockserver.wire import WouldBlock

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Blueprint

    from contracts.clock import Clock
    from mockserver.engine import Engine
    from mockserver.journal import Journal
    from mockserver.state import State

PREFIX = "/_mock/v1"
"""Where the control API is."""
DONE = {"done": True}
BAD, NOT_FOUND = 400, 404
_P = ParamSpec("_P")


@dataclass(frozen=True, slots=True)
class Control:
    """What the control API controls."""

    engine: Engine
    state: State
    journal: Journal
    clock: Clock


def add(blueprint: Blueprint, method: str, rule: str, view: Callable[..., object]) -> None:
    """Add the operation *method* *rule* to *blueprint*; *view* returns its answer as JSON values."""
    name = f"{method.lower()} {rule}".replace(".", " ")
    blueprint.add_url_rule(rule, name, answering(view), methods=[method], provide_automatic_options=method == "GET")


def answering(view: Callable[_P, object]) -> Callable[_P, Response]:
    """Return *view* with its answer made JSON, and what is wrong with a request made a refusal."""

    @wraps(view)
    def answer(*args: _P.args, **kwargs: _P.kwargs) -> Response:
        try:
            found = view(*args, **kwargs)
        except WordError as error:
            raise RefusalError(BAD, error.problem, error.field) from error
        except ScenarioError as error:
            raise RefusalError(BAD, str(error), "name") from error
        if isinstance(found, Response):
            return found
        content, status = found if isinstance(found, tuple) else (found, 200)
        return Response(json_bytes(content), status, content_type="application/json")

    return answer


def refused(error: RefusalError) -> Response:
    """Return the answer that *error* stands for."""
    return Response(json_bytes(error.told()), error.status, error.headers, content_type="application/json")


def need_thread() -> None:
    """Have the request answered where it may take a while, unless it is already.

    Raises:
        WouldBlock: it is not.
    """
    if not request.environ.get("matteproof.may_block", True):
        raise WouldBlock


def query() -> str:
    """Return the query of the request as it was sent."""
    return str(request.environ.get("QUERY_STRING", ""))


def json_bytes(value: object) -> bytes:
    """Return *value* as JSON that people at a terminal can read."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def chosen_scenario(control: Control) -> str:
    """Return the scenario that the body of the request names, or nothing."""
    name: str = checked("ScenarioChoice", json_body(request.environ)).get("name") or ""
    if name:
        control.engine.library.get(name)
    return name
