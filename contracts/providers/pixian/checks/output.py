"""Formats of results, and the quality of JPEGs."""

from __future__ import annotations

import io
from itertools import combinations, product
from typing import TYPE_CHECKING

from contracts.checks import demand, equal, shown
from contracts.providers.pixian.checks.acceptance import accepted
from contracts.providers.pixian.checks.appearance import is_photo
from contracts.providers.pixian.checks.pairs import alike
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

_FORMAT = "format of the result"
_APART = 25
"""Steps of quality that must show in the bytes of a texture."""


@CHECKS.each("output.auto-transparent")
def auto_transparent(call: Call) -> Finding | None:
    """With ``auto`` and no colour the body is a PNG."""
    return _of_kind(call, "auto", "png", coloured=False)


@CHECKS.each("output.auto-opaque")
def auto_opaque(call: Call) -> Finding | None:
    """With ``auto`` and a colour the body is a JPEG."""
    return _of_kind(call, "auto", "jpeg", coloured=True)


@CHECKS.each("output.default")
def output_default(call: Call) -> Finding | None:
    """Without a format the body is a JPEG when there is a colour, else a PNG."""
    return _of_kind(call, None, "jpeg" if "background.color" in call.form.given else "png")


@CHECKS.each("output.png")
def output_png(call: Call) -> Finding | None:
    """With ``png`` the body is a PNG."""
    return _of_kind(call, "png", "png")


@CHECKS.each("output.jpeg")
def output_jpeg(call: Call) -> Finding | None:
    """With ``jpeg`` the body is a JPEG."""
    return _of_kind(call, "jpeg", "jpeg")


@CHECKS.each("output.quality-range")
def quality_range(call: Call) -> Finding | None:
    """A quality within the range is not said to be wrong."""
    simple = call.is_right and call.form.uses_only("output.jpeg_quality", "background.color")
    if not simple or "output.jpeg_quality" not in call.form.given:
        return None
    return accepted(call, "The value of output.jpeg_quality is within the range of the documents.")


@CHECKS.together("output.quality-default")
def quality_default(calls: Sequence[Call]) -> Iterator[tuple[Call, Finding]]:
    """JPEGs of the same request with the default quality and without a quality have equal quantisation tables."""
    for group in alike(calls, "output.jpeg_quality"):
        jpegs = [call for call in group if call.result is not None and call.result.kind == "jpeg"]
        silent = [call for call in jpegs if "output.jpeg_quality" not in call.form.given]
        default = [call for call in jpegs if call.form.texts.get("output.jpeg_quality") == "75"]
        for one, other in product(silent, default[:1]):
            same = _tables(one) == _tables(other)
            where = "quantisation tables of the result"
            yield one, demand(same, where, "those of quality 75", f"others: {shown(_tables(one))}")


@CHECKS.together("output.quality-effect")
def quality_effect(calls: Sequence[Call]) -> Iterator[tuple[Call, Finding]]:
    """Of two JPEGs of the same photograph that of the better quality has no fewer bytes.

    It has more bytes if the qualities are far apart; the foreground has a texture, so that there is something to save.
    """
    for group in alike(calls, "output.jpeg_quality"):
        jpegs = [call for call in group if call.result is not None and call.result.kind == "jpeg" and is_photo(call)]
        for worse, better in combinations(sorted(jpegs, key=_quality), 2):
            steps, gain = _quality(better) - _quality(worse), _bytes(better) - _bytes(worse)
            if steps:
                kept = gain > 0 if steps >= _APART else gain >= 0
                expected = f"more than the {_bytes(worse)} bytes of quality {_quality(worse)}"
                yield better, demand(kept, f"bytes of quality {_quality(better)}", expected, f"{_bytes(better)} bytes")


def _of_kind(call: Call, asked: str | None, kind: str, *, coloured: bool | None = None) -> Finding | None:
    """Find that a result for which the format *asked* was asked is of *kind*, whatever it says that it is."""
    if not call.is_served or call.result is None or call.form.texts.get("output.format") != asked:
        return None
    if coloured is not None and coloured != ("background.color" in call.form.given):
        return None
    return equal(_FORMAT, call.result.kind, kind)


def _quality(call: Call) -> int:
    quality: int = call.form.value("output.jpeg_quality")
    return quality


def _bytes(call: Call) -> int:
    return len(call.response.body) if call.response is not None else 0


def _tables(call: Call) -> object:
    """Return the quantisation tables of the JPEG in the answer."""
    from PIL import Image  # noqa: PLC0415  only judging pictures needs it

    with Image.open(io.BytesIO(call.response.body if call.response is not None else b"")) as image:
        return {number: list(table) for number, table in getattr(image, "quantization", {}).items()}
