"""Mutants that state wrong sizes, orientations and boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mutants.changes import with_header
from tests.mutants.mutant import Mutant

if TYPE_CHECKING:
    from contracts.model import Request, Response
    from tests.mutants.mutant import Ask


def _height_first(request: Request, ask: Ask) -> Response:
    response = ask(request)
    size = (response.headers.get("X-Result-Size") or "").split()
    return with_header(response, "X-Result-Size", " ".join(reversed(size))) if size else response


def _always_upright(request: Request, ask: Ask) -> Response:
    response = ask(request)
    return with_header(response, "X-Input-Orientation", "1") if response.status == 200 else response


def _left_first(request: Request, ask: Ask) -> Response:
    response = ask(request)
    box = (response.headers.get("X-Result-Foreground") or "").split()
    return with_header(response, "X-Result-Foreground", " ".join([box[1], box[0], *box[2:]])) if box else response


MUTANTS = (
    Mutant("pixian.server.header.result-size", "height before width", _height_first),
    Mutant("pixian.server.header.orientation", "always 1", _always_upright),
    Mutant("pixian.server.header.result-foreground-bounds", "left before top", _left_first),
)
