"""Mutants that keep other books than they show."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from contracts.model import Headers, Response
from contracts.multipart import Field
from tests.mutants.changes import field, with_fields, with_header, with_json, with_text
from tests.mutants.mutant import Mutant
from tests.mutants.pixian.access import error

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.model import Request
    from tests.mutants.mutant import Ask

_V2, _ACCOUNT = "/api/v2/remove-background", "/api/v2/account"
_CHARGED, _CALCULATED = "X-Credits-Charged", "X-Credits-Calculated"
_NEVER = {"creditPack": "none", "state": "dormant", "useBefore": "1970-01-01T00:00:00Z", "credits": 0}
_USED_UP = {"creditPack": "small", "state": "dormant", "useBefore": "2025-01-01T00:00:00Z", "credits": 0}


def _is_test(request: Request) -> bool:
    return field(request, "test") == "true"


def _stated(name: str, change: Callable[[str], str | None], *, tests: bool | None = None) -> Callable[..., Response]:
    """Return a server that changes the field *name* of results, those of tests or of production alone if asked to."""

    def answer(request: Request, ask: Ask) -> Response:
        response = ask(request)
        value = response.headers.get(name)
        if value is None or (tests is not None and _is_test(request) != tests):
            return response
        return with_header(response, name, change(value))

    return answer


def _added(name: str, value: str, status: int = 200) -> Callable[[Request, Ask], Response]:
    """Return a server that adds a field to answers with *status* to what is for production."""

    def answer(request: Request, ask: Ask) -> Response:
        response = ask(request)
        other = request.path != _V2 or response.status != status
        return response if other or (status == 200 and _is_test(request)) else with_header(response, name, value)

    return answer


def _double(value: str) -> str:
    return f"{2 * Decimal(value):f}"


def _less(value: str) -> str:
    return f"{Decimal(value) * 9 / 10:f}"


def _roughly_less(request: Request, ask: Ask) -> Response:
    """State prices with three decimals, and a tenth less for tests."""
    response = _stated(_CALCULATED, lambda value: f"{Decimal(_less(value)):.3f}")(request, ask)
    value = response.headers.get(_CHARGED)
    return response if value is None else with_header(response, _CHARGED, f"{Decimal(value):.3f}")


def _all_tests(request: Request, ask: Ask) -> Response:
    """Take every request for a test."""
    if request.path != _V2 or field(request, "test") == "true":
        return ask(request)
    if field(request, "test") is not None:
        return ask(with_text(request, "test", lambda _: "true"))
    return ask(with_fields(request, lambda one: one, Field("test", b"true")))


def _charged_tests(request: Request, ask: Ask) -> Response:
    """Charge tests like production, and say otherwise."""
    response = ask(request)
    if request.path == _V2 and _is_test(request) and response.status == 200:
        ask(with_text(request, "test", lambda _: "false"))
    return response


def _charged_errors(request: Request, ask: Ask) -> Response:
    """Take a credit for every error."""
    response = ask(request)
    return with_header(response, _CHARGED, "1.000000") if response.status == 400 else response


def _poor(account: dict[str, Any], answer: Response | None, *, tests: bool = False) -> Callable[..., Response]:
    """Return a server with one *account*; production, or else *tests*, gets *answer*, and what it asks for if none."""

    def reply(request: Request, ask: Ask) -> Response:
        if request.path == _ACCOUNT and "Authorization" in request.headers:
            body = json.dumps(account).encode()
            return Response(200, Headers.of([("Content-Type", "application/json")]), body)
        meant = request.path == _V2 and _is_test(request) == tests and answer is not None
        return answer if meant and answer is not None else ask(request)

    return reply


def _lossy(request: Request, ask: Ask) -> Response:
    """Show an account that loses a tenth more than is charged."""
    response = ask(request)
    if request.path != _ACCOUNT or response.status != 200:
        return response
    return with_json(response, lambda value: {**value, "credits": 1000 - (1000 - value["credits"]) * 1.1})


MUTANTS = (
    Mutant("pixian.server.header.charged", "missing", _stated(_CHARGED, lambda _: None)),
    Mutant("pixian.server.header.charged", "words", _stated(_CHARGED, lambda value: f"{value} credits")),
    Mutant("pixian.server.header.charged", "negative", _stated(_CHARGED, lambda value: f"-{value}", tests=False)),
    Mutant("pixian.server.header.charged-test", "a price", _stated(_CHARGED, lambda _: "0.003072", tests=True)),
    Mutant("pixian.server.header.charged-actual", "twice as much", _stated(_CHARGED, _double, tests=False)),
    Mutant("pixian.server.header.charged-actual", "a lossy account", _lossy),
    Mutant("pixian.server.header.charged-decimals", "few decimals", _stated(_CHARGED, lambda value: value[:5])),
    Mutant("pixian.server.header.calculated", "missing", _stated(_CALCULATED, lambda _: None)),
    Mutant("pixian.server.header.calculated-test-only", "always", _added(_CALCULATED, "0.003072")),
    Mutant("pixian.server.header.calculated-value", "twice as much", _stated(_CALCULATED, _double)),
    Mutant("pixian.server.header.calculated-value", "a tenth less", _stated(_CALCULATED, _less)),
    Mutant("pixian.server.header.calculated-value", "a tenth less, in few decimals", _roughly_less),
    Mutant("pixian.server.test.default", "everything is a test", _all_tests),
    Mutant("pixian.server.test.free", "tests are charged", _charged_tests),
    Mutant("pixian.server.test.no-purchase", "tests are paid for", _poor(_USED_UP, error(402, 1011), tests=True)),
    Mutant("pixian.server.credits.purchase", "pictures on credit", _poor(_USED_UP, None)),
    Mutant("pixian.server.credits.no-subscription", "another code", _poor(_NEVER, error(402, 1011))),
    Mutant("pixian.server.credits.past-due", "another status", _poor(_USED_UP, error(403, 1010))),
    Mutant("pixian.server.credits.out", "another code", _poor(_USED_UP, error(402, 1008))),
    Mutant("pixian.server.credits.rate", "twice as dear", _stated(_CALCULATED, _double)),
    Mutant("pixian.server.credits.errors", "errors are charged", _charged_errors),
)
