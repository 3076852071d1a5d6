"""Mutants whose results are not what they are said to be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from contracts.model import Headers, Response
from tests.mutants.changes import with_body, with_header
from tests.mutants.mutant import Mutant
from tests.mutants.pixian.asking import COLOUR, CROP, TARGET, both, has, is_, lacks, painting

if TYPE_CHECKING:
    from contracts.model import Request
    from tests.mutants.mutant import Ask
    from tests.mutants.pixian.asking import Pixels


def _all_200(request: Request, ask: Ask) -> Response:
    """Answer errors with status 200."""
    response = ask(request)
    return replace(response, status=200) if response.status == 400 else response


def _always_png(request: Request, ask: Ask) -> Response:
    response = ask(request)
    return with_header(response, "Content-Type", "image/png") if response.media_type == "image/jpeg" else response


def _octets(request: Request, ask: Ask) -> Response:
    response = ask(request)
    kind = "application/octet-stream"
    return with_header(response, "Content-Type", kind) if response.media_type == "image/png" else response


def _cut(request: Request, ask: Ask) -> Response:
    response = ask(request)
    return with_body(response, response.body[:-60]) if response.media_type == "image/png" else response


def _longer(request: Request, ask: Ask) -> Response:
    response = ask(request)
    picture = response.media_type.startswith("image/")
    return with_header(response, "Content-Length", str(len(response.body) + 9)) if picture else response


def _headed(request: Request, ask: Ask) -> Response:
    """Give only the beginning of a JPEG."""
    response = ask(request)
    if response.media_type != "image/jpeg":
        return response
    return Response(200, Headers.of([("Content-Type", "image/jpeg")]), response.body[:200])


def _swapped(pixels: Pixels) -> Pixels:
    return pixels[:, :, [2, 1, 0, 3]].copy()


def _blackened(pixels: Pixels) -> Pixels:
    """Make everything black that has not the colour of the first pixel."""
    pixels[np.abs(pixels.astype(np.int16) - pixels[0, 0]).max(axis=2) > 60, :3] = 0
    return pixels


_CROPPED = both(is_(CROP, "true"), lacks("test", TARGET))

MUTANTS = (
    Mutant("pixian.server.success.status", "200 for errors", _all_200),
    Mutant("pixian.server.success.media-type", "everything is a PNG", _always_png),
    Mutant("pixian.server.success.media-type", "octets", _octets),
    Mutant("pixian.server.success.complete", "the end is missing", _cut),
    Mutant("pixian.server.success.complete", "another length", _longer),
    Mutant("pixian.server.success.foreground", "mirrored", painting(lambda pixels: pixels[:, ::-1].copy(), _CROPPED)),
    Mutant("pixian.server.success.foreground", "upside down", painting(lambda pixels: pixels[::-1].copy(), _CROPPED)),
    Mutant("pixian.server.success.foreground", "blue for red", painting(_swapped, lacks("test"))),
    Mutant("pixian.server.success.foreground", "black JPEGs", painting(_blackened, both(has(COLOUR), lacks("test")))),
    Mutant("pixian.server.success.complete", "the beginning alone", _headed),
)
