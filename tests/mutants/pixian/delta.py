"""Mutants that make delta PNGs that cannot be decoded, or that heed what is to be ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.mutants.changes import with_body, with_header
from tests.mutants.mutant import Mutant
from tests.mutants.pixian.asking import (
    ALIGNMENT,
    COLOUR,
    CROP,
    FORMAT,
    MARGIN,
    TARGET,
    both,
    has,
    ignoring,
    is_,
    lacks,
    painting,
    refusing,
    setting,
)

if TYPE_CHECKING:
    from contracts.model import Request, Response
    from tests.mutants.mutant import Ask
    from tests.mutants.pixian.asking import Pixels

_RULE = "pixian.server.delta"
_DELTA = is_(FORMAT, "delta_png")


def _cut_off(request: Request, ask: Ask) -> Response:
    response = ask(request)
    return with_body(response, response.body[: len(response.body) // 2]) if _DELTA(request) else response


def _padded(request: Request, ask: Ask) -> Response:
    response = ask(request)
    return with_body(response, response.body + bytes(100_000)) if _DELTA(request) else response


def _marked(pixels: Pixels, level: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.asarray((pixels == np.array([level, level, level, 0], np.uint8)).all(axis=2))


def _red_background(pixels: Pixels) -> Pixels:
    pixels[_marked(pixels, 0)] = (200, 0, 0, 0)
    return pixels


def _filled_background(pixels: Pixels) -> Pixels:
    pixels[_marked(pixels, 0)] = (0, 85, 255, 255)
    return pixels


def _lost_marks(pixels: Pixels) -> Pixels:
    pixels[_marked(pixels, 255)] = 0
    return pixels


def _half_lost(pixels: Pixels) -> Pixels:
    upper = pixels[: len(pixels) // 2]
    upper[_marked(upper, 255)] = 0
    return pixels


def _black_edges(pixels: Pixels) -> Pixels:
    pixels[pixels[:, :, 3] > 0, :3] = 0
    return pixels


def _firm_edges(pixels: Pixels) -> Pixels:
    pixels[pixels[:, :, 3] > 0, 3] = 255
    return pixels


def _lowered(request: Request, ask: Ask) -> Response:
    """Answer with a foreground that stands lower when there is an alignment."""
    if not both(_DELTA, has(ALIGNMENT))(request):
        return ask(request)
    response = painting(lambda pixels: np.roll(pixels, 30, axis=0), _DELTA)(request, ask)
    top, *rest = (response.headers.get("X-Result-Foreground") or "0").split()
    return with_header(response, "X-Result-Foreground", " ".join([str(int(top) + 30), *rest]))


MUTANTS = (
    Mutant(f"{_RULE}.png", "cut off", _cut_off),
    Mutant(f"{_RULE}.png", "a WebP", painting(lambda pixels: pixels, _DELTA, "WEBP")),
    Mutant(f"{_RULE}.background", "transparent red", painting(_red_background, _DELTA)),
    Mutant(f"{_RULE}.background", "opaque", painting(_filled_background, _DELTA)),
    Mutant(f"{_RULE}.foreground", "an ordinary PNG", setting(FORMAT, "png", _DELTA)),
    Mutant(f"{_RULE}.foreground", "the marks are lost", painting(_lost_marks, _DELTA)),
    Mutant(f"{_RULE}.edge", "black edges", painting(_black_edges, _DELTA)),
    Mutant(f"{_RULE}.edge", "firm edges", painting(_firm_edges, _DELTA)),
    Mutant(f"{_RULE}.rebuild", "the upper marks are lost", painting(_half_lost, _DELTA)),
    Mutant(f"{_RULE}.size", "half the size", painting(lambda pixels: np.ascontiguousarray(pixels[::2, ::2]), _DELTA)),
    Mutant(f"{_RULE}.ignores-background", "a colour fills it", painting(_filled_background, both(_DELTA, has(COLOUR)))),
    Mutant(f"{_RULE}.ignores-background", "refused", refusing(both(_DELTA, has(COLOUR)))),
    Mutant(f"{_RULE}.ignores-crop", "cropped", setting(FORMAT, "png", both(_DELTA, has(CROP)))),
    Mutant(f"{_RULE}.ignores-crop", "refused", refusing(both(_DELTA, has(CROP)))),
    Mutant(f"{_RULE}.ignores-margin", "a margin", setting(FORMAT, "png", both(_DELTA, has(MARGIN)))),
    Mutant(f"{_RULE}.ignores-target-size", "scaled", setting(FORMAT, "png", both(_DELTA, has(TARGET)))),
    Mutant(f"{_RULE}.ignores-vertical-alignment", "lowered", _lowered),
    Mutant(f"{_RULE}.ignores-vertical-alignment", "refused", refusing(both(_DELTA, has(ALIGNMENT), lacks(TARGET)))),
    Mutant(f"{_RULE}.shrunk", "made all the same", ignoring("max_pixels", _DELTA)),
    Mutant(f"{_RULE}.smaller", "padded", _padded),
)
