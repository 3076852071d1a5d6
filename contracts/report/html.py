"""The report for people: one page that needs nothing else, with the pictures beside each other."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.checks.raster import MOST_FOREIGN_PIXELS, RasterError, decode
from contracts.judge import Verdict
from contracts.report.sequence import sequence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Template

    from contracts.conformance.run import Run
    from contracts.judge import Judgement
    from contracts.model import Exchange, Violation
    from contracts.report.sequence import Row

_LONGEST_SIDE = 420
"""Pixels; larger pictures are scaled down for the page."""
_LONGEST_VALUE = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture for the page: what it is, its address with all its bytes, and its size in pixels as sent."""

    title: str
    address: str
    size: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One violation with all that a reader needs to see it."""

    violation: Violation
    request: str
    asked: str
    status: str
    headers: tuple[tuple[str, str], ...]
    pictures: tuple[Shown, ...]
    reproduce: str
    sequence: tuple[Row, ...]


def html(run: Run, pictures: Mapping[int, tuple[bytes | None, bytes | None]], version: str) -> str:
    """Return *run* as an HTML page; *pictures* are the input and the result of exchanges, by number."""
    sections = [
        ("Broken, and surely demanded", "breach", [one for one in run.judgements if one.is_breach]),
        (
            "Broken, but not surely demanded",
            "fail",
            [one for one in run.judgements if one.verdict is Verdict.FAIL and not one.is_breach],
        ),
        (
            "Observed: other than assumed",
            "observed",
            [one for one in run.judgements if one.verdict is Verdict.OBSERVED],
        ),
    ]
    return _template().render(
        run=run,
        version=version,
        counts=[(verdict, run.count(verdict)) for verdict in Verdict],
        sections=[
            (title, kind, [(one, _evidence(run, one, pictures)) for one in found])
            for title, kind, found in sections
            if found
        ],
    )


def _evidence(run: Run, judgement: Judgement, pictures: Mapping[int, tuple[bytes | None, bytes | None]]) -> Evidence:
    """Return the violation of *judgement* that shows it best."""
    violation = judgement.violations[0]
    exchange = run.exchanges.get(violation.exchange)
    sent, received = pictures.get(violation.exchange, (None, None))
    shown = [_shown("input", sent), _shown("result", received)]
    return Evidence(
        violation=violation,
        request=f"{exchange.request.method} {exchange.request.path}" if exchange else "",
        asked=run.descriptions.get(violation.exchange, ""),
        status=_status(exchange),
        headers=_headers(exchange),
        pictures=tuple(one for one in shown if one is not None),
        reproduce=run.reproductions.get(violation.exchange, ""),
        sequence=sequence(story.timeline, [violation]) if (story := run.stories.get(violation.exchange)) else (),
    )


def _status(exchange: Exchange | None) -> str:
    if exchange is None:
        return ""
    return str(exchange.response.status) if exchange.response else "no answer"


def _headers(exchange: Exchange | None) -> tuple[tuple[str, str], ...]:
    if exchange is None or exchange.response is None:
        return ()
    return tuple((name, value[:_LONGEST_VALUE]) for name, value in exchange.response.headers)


def _shown(title: str, data: bytes | None) -> Shown | None:
    """Return *data* as a picture for the page; browsers show neither TIFF nor files that break off."""
    if not data:
        return None
    from PIL import Image  # noqa: PLC0415  only this form needs it

    try:
        raster = decode(data, MOST_FOREIGN_PIXELS)
    except RasterError as error:
        return Shown(f"{title}: {error}", "", "")
    image = Image.fromarray(raster.pixels)
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    address = f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
    width, height = raster.size
    return Shown(title, address, f"{width} x {height} {raster.kind}")


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  only this form needs it

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((Path(__file__).parent / "report.html").read_text(encoding="utf-8"))
