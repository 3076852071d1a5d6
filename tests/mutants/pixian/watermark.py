"""Mutants that print their watermarks on the wrong pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mutants.changes import with_header, with_pixels, without_field
from tests.mutants.mutant import Mutant
from tests.mutants.pixian.asking import has, lacks, painting, with_parameter

if TYPE_CHECKING:
    from contracts.model import Request, Response
    from tests.mutants.mutant import Ask
    from tests.mutants.pixian.asking import Pixels


def _none(request: Request, ask: Ask) -> Response:
    """Answer a test with a picture for production, but with the header fields of a test."""
    if not has("test")(request):
        return ask(request)
    response = ask(without_field(request, "test"))
    return with_header(response, "X-Credits-Charged", "0.000000")


def _everywhere(request: Request, ask: Ask) -> Response:
    return ask(with_parameter(request, "test", "true") if lacks("test")(request) else request)


def _faint(pixels: Pixels) -> Pixels:
    """Change the pixels by less than anybody sees."""
    pixels[::2, ::2, :3] ^= 1
    return pixels


def _stamped(pixels: Pixels) -> Pixels:
    """Put a small stamp into the middle."""
    height, width = pixels.shape[:2]
    pixels[height // 2 : height // 2 + height // 5, width // 2 : width // 2 + width // 5] = 255
    return pixels


def _invisible(request: Request, ask: Ask) -> Response:
    response = _none(request, ask)
    return with_pixels(response, _faint, "PNG") if has("test")(request) else response


MUTANTS = (
    Mutant("pixian.server.test.watermark", "none", _none),
    Mutant("pixian.server.test.watermark", "one that nobody sees", _invisible),
    Mutant("pixian.server.test.watermark-production", "in production, too", _everywhere),
    Mutant("pixian.server.test.watermark-production", "a stamp", painting(_stamped, lacks("test"))),
)
