"""Mutants whose errors blame the wrong side, or do not look like the documented ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contracts.model import Headers, Response
from tests.mutants.changes import with_body, with_header, with_json
from tests.mutants.mutant import Mutant
from tests.mutants.pixian.access import always, error

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.model import Request
    from tests.mutants.mutant import Ask


def _differing(change: Callable[[dict[str, Any]], object]) -> Callable[[Request, Ask], Response]:
    """Return a server that changes the error objects of status 400."""

    def answer(request: Request, ask: Ask) -> Response:
        response = ask(request)
        return (
            with_json(response, lambda value: {"error": change(value["error"])}) if response.status == 400 else response
        )

    return answer


def _without(name: str) -> Callable[[Request, Ask], Response]:
    return _differing(lambda inner: {key: value for key, value in inner.items() if key != name})


def _own_fault(request: Request, ask: Ask) -> Response:
    """Answer 500 to what is wrong in a request."""
    response = ask(request)
    return replace(response, status=500) if response.status == 400 else response


def _text(request: Request, ask: Ask) -> Response:
    response = ask(request)
    return with_header(response, "Content-Type", "text/plain") if response.status == 400 else response


def _not_json(request: Request, ask: Ask) -> Response:
    response = ask(request)
    return with_body(response, b"<h1>No</h1>") if response.status == 400 else response


def _limited(code: int, *fields: tuple[str, str]) -> Callable[[Request, Ask], Response]:
    return always(error(429, code, *fields))


_PAGE = Response(400, Headers.of([("Content-Type", "text/html")]), b"<h1>Bad Request</h1>")

MUTANTS = (
    Mutant("pixian.server.error.client-class", "blames whoever asks", always(error(400, 1019))),
    Mutant("pixian.server.error.server-class", "takes the blame", _own_fault),
    Mutant("pixian.server.error.blame", "takes the blame", _own_fault),
    Mutant("pixian.server.error.object", "a page", always(_PAGE)),
    Mutant("pixian.server.error.object", "a text", _differing(lambda inner: inner["message"])),
    Mutant("pixian.server.error.object-status", "missing", _without("status")),
    Mutant("pixian.server.error.object-status", "another", _differing(lambda inner: {**inner, "status": 500})),
    Mutant("pixian.server.error.object-code", "missing", _without("code")),
    Mutant("pixian.server.error.object-code", "a text", _differing(lambda inner: {**inner, "code": "1005"})),
    Mutant("pixian.server.error.object-message", "missing", _without("message")),
    Mutant("pixian.server.error.object-message", "empty", _differing(lambda inner: {**inner, "message": ""})),
    Mutant("pixian.server.error.media-type", "text", _text),
    Mutant("pixian.server.error.media-type", "no JSON", _not_json),
    Mutant("pixian.server.error.internal", "another code", always(error(500, -1))),
    Mutant("pixian.server.error.overloaded", "another status", always(error(500, -3))),
    Mutant("pixian.server.error.overloaded", "another code", always(error(503, 503))),
    Mutant("pixian.server.error.timeout", "another status", always(error(504, -10))),
    Mutant("pixian.server.rate.limited-code", "another code", _limited(429)),
    Mutant("pixian.server.rate.not-enough-time", "another status", always(error(408, 1017))),
    Mutant("pixian.server.rate.retry-after", "a time to wait", _limited(1015, ("Retry-After", "5"))),
)
