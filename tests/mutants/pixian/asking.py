"""Servers that ask the conforming mock for something else than they were asked, or change its answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from contracts.multipart import Field
from tests.mutants.changes import field, with_fields, with_header, with_pixels, without_field
from tests.mutants.pixian.access import error

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from contracts.model import Request, Response
    from tests.mutants.mutant import Ask

    Answer = Callable[[Request, Ask], Response]
    When = Callable[[Request], object]
    Pixels = npt.NDArray[np.uint8]

COLOUR, CROP, MARGIN, TARGET = "background.color", "result.crop_to_foreground", "result.margin", "result.target_size"
_SIZE = re.compile(r"[1-9][0-9]{0,2} [1-9][0-9]{0,2}")
ALIGNMENT, FORMAT, QUALITY = "result.vertical_alignment", "output.format", "output.jpeg_quality"


def has(*names: str) -> When:
    """Return what tells whether a request has all the parameters *names*."""
    return lambda request: all(field(request, name) is not None for name in names)


def lacks(*names: str) -> When:
    """Return what tells whether a request has none of the parameters *names*."""
    return lambda request: all(field(request, name) is None for name in names)


def is_(name: str, *values: str) -> When:
    """Return what tells whether a request's parameter *name* is one of *values*."""
    return lambda request: field(request, name) in values


def both(*conditions: When) -> When:
    """Return what tells whether all *conditions* hold."""
    return lambda request: all(condition(request) for condition in conditions)


def with_parameter(request: Request, name: str, value: str) -> Request:
    """Return *request* with the parameter *name* set to *value*."""
    return with_fields(request, lambda one: None if one.name == name else one, Field(name, value.encode()))


def setting(name: str, value: str | Callable[[str], str], when: When) -> Answer:
    """Return a server that sets a parameter, or changes its text, *when* a request is of a kind."""

    def answer(request: Request, ask: Ask) -> Response:
        if not when(request):
            return ask(request)
        text = value if isinstance(value, str) else value(field(request, name) or "")
        return ask(with_parameter(request, name, text))

    return answer


def ignoring(name: str, when: When | None = None) -> Answer:
    """Return a server that does not look at a parameter, *when* a request is of a kind."""
    return lambda request, ask: ask(
        without_field(request, name) if has(name)(request) and (when is None or when(request)) else request
    )


def refusing(when: When, code: int = 1019) -> Answer:
    """Return a server that takes some right requests for wrong."""
    return lambda request, ask: error(400, code) if when(request) else ask(request)


def telling(name: str, change: Callable[[list[str], Response], list[str] | None], when: When | None = None) -> Answer:
    """Return a server that says other words in a header field, or leaves it out."""

    def answer(request: Request, ask: Ask) -> Response:
        response = ask(request)
        words = (response.headers.get(name) or "").split()
        if not words or (when is not None and not when(request)):
            return response
        changed = change(words, response)
        return with_header(response, name, None if changed is None else " ".join(changed))

    return answer


def painting(change: Callable[[Pixels], Pixels], when: When, kind: str = "") -> Answer:
    """Return a server whose results have other pixels."""
    return lambda request, ask: with_pixels(ask(request), change, kind) if when(request) else ask(request)


def fitting(scale: Callable[[int, int, int, int], tuple[float, float]], across: float = 0.5) -> Answer:
    """Return a server that scales pictures into targets in its own way, without margins.

    *scale* is given the size of the picture and that of the target; *across* says how much of the space left over is
    on the left.
    """

    def answer(request: Request, ask: Ask) -> Response:
        text = field(request, TARGET)
        if text is None or not _SIZE.fullmatch(text) or has(MARGIN)(request):
            return ask(request)
        response = ask(without_field(request, TARGET))
        words = [int(word) for word in (response.headers.get("X-Result-Size") or "").split()]
        if response.status != 200 or len(words) != 2:
            return response
        target = int(text.split()[0]), int(text.split()[1])
        factors = scale(words[0], words[1], *target)
        return _moved(response, target, factors, across)

    return answer


def _moved(response: Response, target: tuple[int, int], factors: tuple[float, float], across: float) -> Response:
    """Return *response* with its picture scaled by *factors* in a frame of the size *target*."""
    top, left, width, height = (int(word) for word in (response.headers.get("X-Result-Foreground") or "").split())
    size = tuple(int(word) for word in (response.headers.get("X-Result-Size") or "").split())
    scaled = max(1, round(size[0] * factors[0])), max(1, round(size[1] * factors[1]))
    x, y = round((target[0] - scaled[0]) * across), round((target[1] - scaled[1]) * 0.5)

    def change(pixels: Pixels) -> Pixels:
        frame = Image.new("RGBA", target)
        frame.paste(Image.fromarray(pixels).resize(scaled), (x, y))
        return np.array(frame)

    box = [
        max(0, round(top * factors[1]) + y),
        max(0, round(left * factors[0]) + x),
        min(target[0], round(width * factors[0])),
        min(target[1], round(height * factors[1])),
    ]
    box[2], box[3] = min(box[2], target[0] - box[1]), min(box[3], target[1] - box[0])
    changed = with_header(with_pixels(response, change), "X-Result-Size", f"{target[0]} {target[1]}")
    return with_header(changed, "X-Result-Foreground", " ".join(map(str, box)))
