"""Mutants whose results are gone, or not what was asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tests.mutants.changes import with_body, with_header, with_pixels
from tests.mutants.mutant import Mutant
from tests.mutants.xty.answers import error, instead, is_file, later, page, when

if TYPE_CHECKING:
    import numpy.typing as npt

    from contracts.model import Request, Response
    from tests.mutants.mutant import Ask
    from tests.mutants.xty.answers import Answer

    Pixels = npt.NDArray[np.uint8]


def _same(request: Request, ask: Ask) -> Response:
    return ask(request)


def _opaque(pixels: Pixels) -> Pixels:
    return np.dstack([pixels[:, :, :3], np.full(pixels.shape[:2], 255, np.uint8)])


def _inverted(pixels: Pixels) -> Pixels:
    return np.dstack([pixels[:, :, :3], 255 - pixels[:, :, 3]])


def _half_there(pixels: Pixels) -> Pixels:
    return np.dstack([pixels[:, :, :3], pixels[:, :, 3] // 2])


def _on_its_side(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels.transpose(1, 0, 2))


def _halved(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels[::2, ::2])


def _cut_off(response: Response) -> Response:
    return with_body(response, response.body[: len(response.body) // 2]) if response.status == 200 else response


def _swapped(pixels: Pixels) -> Pixels:
    return pixels[:, :, [2, 1, 0, 3]].copy()


def _black(pixels: Pixels) -> Pixels:
    return pixels * np.array([0, 0, 0, 1], np.uint8)


def _smaller(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels[::2, ::2, [2, 1, 0, 3]])


def _once() -> Answer:
    """Return a server that hands out every result a single time."""
    taken: set[str] = set()

    def answer(request: Request, ask: Ask) -> Response:
        response = ask(request)
        if not is_file(request) or response.status != 200:
            return response
        gone = request.path in taken
        taken.add(request.path)
        return error(404) if gone else response

    return answer


def _the_first_for_all() -> Answer:
    """Return a server that hands out the first result in place of all others."""
    first: list[Response] = []

    def answer(request: Request, ask: Ask) -> Response:
        response = ask(request)
        if is_file(request) and response.status == 200:
            first.append(response)
            return first[0]
        return response

    return answer


def _one_more(response: Response) -> Response:
    return with_header(response, "Content-Length", str(len(response.body) + 1))


MUTANTS = (
    Mutant("xty.server.result.lifetime", "nothing there", instead(is_file, error(404))),
    Mutant("xty.server.result.lifetime", "a page that says so", instead(is_file, page(200))),
    Mutant("xty.server.result.lifetime", "nothing in it", when(is_file, lambda one: with_body(one, b""))),
    Mutant("xty.server.result.lifetime", "gone after the first time", _once()),
    Mutant("xty.server.result.expiry", "there after two hours", _same, later(7200.0, files_only=True)),
    Mutant(
        "xty.server.result.expired-status",
        "gone for good",
        when(is_file, lambda one: replace(one, status=410) if one.status == 404 else one),
    ),
    Mutant("xty.server.result.without-key", "needs the key", instead(is_file, error(401))),
    Mutant(
        "xty.server.result.media-type",
        "any bytes",
        when(is_file, lambda one: with_header(one, "Content-Type", "application/octet-stream")),
    ),
    Mutant(
        "xty.server.result.media-type",
        "another format",
        when(is_file, lambda one: with_header(one, "Content-Type", "image/webp")),
    ),
    Mutant("xty.server.result.complete", "half of it", when(is_file, _cut_off)),
    Mutant("xty.server.result.complete", "a byte less than it says", when(is_file, _one_more)),
    Mutant("xty.server.result.png", "WebP", when(is_file, lambda one: with_pixels(one, lambda old: old, "WEBP"))),
    Mutant("xty.server.result.transparent", "all opaque", when(is_file, lambda one: with_pixels(one, _opaque))),
    Mutant("xty.server.result.transparent", "JPEG", when(is_file, lambda one: with_pixels(one, _opaque, "JPEG"))),
    Mutant("xty.server.result.subject", "the background kept", when(is_file, lambda one: with_pixels(one, _inverted))),
    Mutant("xty.server.result.subject", "half there", when(is_file, lambda one: with_pixels(one, _half_there))),
    Mutant("xty.server.result.subject", "the first one for all", _the_first_for_all()),
    Mutant("xty.server.result.subject", "blue for red", when(is_file, lambda one: with_pixels(one, _swapped))),
    Mutant("xty.server.result.subject", "black", when(is_file, lambda one: with_pixels(one, _black))),
    Mutant("xty.server.result.subject", "smaller, blue for red", when(is_file, lambda one: with_pixels(one, _smaller))),
    Mutant("xty.server.result.size", "on its side", when(is_file, lambda one: with_pixels(one, _on_its_side))),
    Mutant("xty.server.result.size", "half as large", when(is_file, lambda one: with_pixels(one, _halved))),
)
