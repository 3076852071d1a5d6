"""Mutants that are hard to reach, or let in whom they should not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from contracts.model import Headers, Request, Response
from tests.mutants.changes import with_body, with_header, with_json
from tests.mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mutants.mutant import Ask

_V2, _ACCOUNT = "/api/v2/remove-background", "/api/v2/account"


def error(status: int, code: int, *fields: tuple[str, str], message: str = "Something is wrong.") -> Response:
    """Return an answer with an error object."""
    body = json.dumps({"error": {"status": status, "code": code, "message": message}}).encode()
    return Response(status, Headers.of([("Content-Type", "application/json"), *fields]), body)


def coded(response: Response, code: int) -> Response:
    """Return *response* with another code in its error object."""
    return with_json(response, lambda value: {**value, "error": {**value["error"], "code": code}})


def recoded(before: int, after: int) -> Callable[[Request, Ask], Response]:
    """Return a server that says the code *after* instead of *before*."""

    def answer(request: Request, ask: Ask) -> Response:
        response = ask(request)
        return coded(response, after) if f'"code":{before},'.encode() in response.body.replace(b" ", b"") else response

    return answer


def always(response: Response, path: str = _V2, method: str = "POST") -> Callable[[Request, Ask], Response]:
    """Return a server that gives the same *response* to every request of one operation."""

    def answer(request: Request, ask: Ask) -> Response:
        return response if (request.path, request.method) == (path, method) else ask(request)

    return answer


def changed(status: int, name: str, value: str | None) -> Callable[[Request, Ask], Response]:
    """Return a server that sets the field *name* of answers with *status*, or leaves it out."""

    def answer(request: Request, ask: Ask) -> Response:
        response = ask(request)
        return with_header(response, name, value) if response.status == status else response

    return answer


def _signed(request: Request) -> bool:
    return "Authorization" in request.headers


def _keyed(request: Request, ask: Ask) -> Response:
    """Accept the credentials for the account alone."""
    refusal = error(401, 1001, ("WWW-Authenticate", 'Basic realm="API"'))
    return refusal if request.path == _V2 and _signed(request) else ask(request)


def _open(request: Request, ask: Ask) -> Response:
    """Show everybody an account."""
    response = ask(request)
    if _signed(request) or request.path != _ACCOUNT or request.method != "GET":
        return response
    body = {"creditPack": "none", "state": "dormant", "useBefore": "1970-01-01T00:00:00Z", "credits": 0}
    return Response(200, Headers.of([("Content-Type", "application/json")]), json.dumps(body).encode())


def _forbidden(request: Request, ask: Ask) -> Response:
    response = ask(request)
    return error(403, 1001) if response.status == 401 else response


def _any_secret(request: Request, ask: Ask) -> Response:
    """Take every secret of an account."""
    response = ask(request)
    if response.status != 401 or not _signed(request):
        return response
    return Response(200, Headers.of([("Content-Type", "application/json")]), b"{}")


def _nobody(request: Request, ask: Ask) -> Response:
    """Call an unknown id a wrong secret."""
    token = "bm9ib2R5LWhhcy10aGlzLWlk"  # noqa: S105  base64 of the id that nobody has
    known = token not in (request.headers.get("Authorization") or "")
    return ask(request) if known else error(401, 1004, ("WWW-Authenticate", 'Basic realm="API"'))


def _not_found(request: Request, ask: Ask) -> Response:
    response = ask(request)
    return error(404, 404) if response.status == 405 else response


def _bad_path(request: Request, ask: Ask) -> Response:
    response = ask(request)
    return error(400, 404) if response.status == 404 else response


def _plain_404(request: Request, ask: Ask) -> Response:
    response = ask(request)
    return (
        with_header(with_body(response, b"{}"), "Content-Type", "application/json")
        if response.status == 404
        else response
    )


def _same_origin(request: Request, ask: Ask) -> Response:
    return with_header(ask(request), "Access-Control-Allow-Origin", None)


def _no_preflight(request: Request, ask: Ask) -> Response:
    return with_header(ask(request), "Access-Control-Allow-Headers", "*")


MUTANTS = (
    Mutant("pixian.server.endpoint.remove-background", "moved away", always(Response(404))),
    Mutant("pixian.server.endpoint.remove-background", "accepted, later done", always(Response(202))),
    Mutant("pixian.server.endpoint.method", "404 for other methods", _not_found),
    Mutant("pixian.server.endpoint.allow", "no Allow", changed(405, "Allow", None)),
    Mutant("pixian.server.endpoint.allow", "Allow of everything", changed(405, "Allow", "GET, POST, PUT, DELETE")),
    Mutant("pixian.server.endpoint.unknown-path", "400 for unknown paths", _bad_path),
    Mutant("pixian.server.endpoint.unknown-path", "JSON for unknown paths", _plain_404),
    Mutant("pixian.server.endpoint.cross-origin", "no other origin", _same_origin),
    Mutant("pixian.server.endpoint.cross-origin", "a star for Authorization", _no_preflight),
    Mutant("pixian.server.auth.basic", "for the account alone", _keyed),
    Mutant("pixian.server.auth.required", "an account for everybody", _open),
    Mutant("pixian.server.auth.status", "403 instead of 401", _forbidden),
    Mutant("pixian.server.auth.status", "any secret will do", _any_secret),
    Mutant("pixian.server.auth.challenge", "no challenge", changed(401, "WWW-Authenticate", None)),
    Mutant("pixian.server.auth.challenge-basic", "Bearer", changed(401, "WWW-Authenticate", 'Bearer realm="API"')),
    Mutant("pixian.server.auth.challenge-basic", "no realm", changed(401, "WWW-Authenticate", "Basic")),
    Mutant("pixian.server.auth.unknown-id", "the code of wrong secrets", _nobody),
    Mutant("pixian.server.auth.key-disabled", "403", always(error(403, 1002))),
    Mutant("pixian.server.auth.account-suspended", "403", always(error(403, 1003))),
    Mutant("pixian.server.auth.wrong-secret", "the code of unknown ids", recoded(1004, 1001)),
)
