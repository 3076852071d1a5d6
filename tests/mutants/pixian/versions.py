"""Mutants whose version 1 is gone, or differs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contracts.model import Headers, Response
from tests.mutants.changes import field, with_fields, without_field
from tests.mutants.mutant import Mutant
from tests.mutants.pixian.access import always, error

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.model import Request
    from tests.mutants.mutant import Ask

_V1 = "/api/v1/remove-background"


def _respelt(before: str, after: str) -> Callable[[Request, Ask], Response]:
    """Return a server whose version 1 knows the parameter *after* by the name *before* alone."""

    def answer(request: Request, ask: Ask) -> Response:
        if request.path != _V1:
            return ask(request)
        bare = without_field(request, after) if field(request, after) is not None else request
        return ask(with_fields(bare, lambda one: replace(one, name=after) if one.name == before else one))

    return answer


def _no_urls(request: Request, ask: Ask) -> Response:
    by_url = request.path == _V1 and field(request, "image.url") is not None
    return error(400, 1005) if by_url else ask(request)


def _bare(request: Request, ask: Ask) -> Response:
    """Leave out what is said of the picture."""
    response = ask(request)
    if request.path != _V1:
        return response
    return replace(response, headers=Headers.of(pair for pair in response.headers if not pair[0].startswith("X-")))


MUTANTS = (
    Mutant("pixian.server.v1.available", "gone", always(Response(410), _V1)),
    Mutant("pixian.server.v1.image", "no URLs", _no_urls),
    Mutant("pixian.server.v1.image", "no files", always(error(400, 1005), _V1)),
    Mutant("pixian.server.v1.camel-case", "snake_case", _respelt("max_pixels", "maxPixels")),
    Mutant("pixian.server.v1.names", "no targetSize", _respelt("result.target_size", "result.targetSize")),
    Mutant("pixian.server.v1.names", "no cropToForeground", _respelt("result.crop", "result.cropToForeground")),
    Mutant("pixian.server.v1.answers", "no fields about the picture", _bare),
)
