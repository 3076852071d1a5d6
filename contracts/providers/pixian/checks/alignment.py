"""How a picture stands in a target that is higher than it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import demand, equal
from contracts.providers.pixian.checks.layout import fitted, is_plain_size, place, words
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

_SPARE = 6.0
"""Pixels of space left over, beyond what measuring may be off by, from which its place can be told."""


@CHECKS.each("vertical-alignment.top")
def alignment_top(call: Call) -> Finding | None:
    """Where space is left over above and below, there is none of it above the picture."""
    return _aligned(call, 0.0) if _asks(call, "top") else None


@CHECKS.each("vertical-alignment.middle")
def alignment_middle(call: Call) -> Finding | None:
    """Where space is left over above and below, there is the same above and below the picture."""
    return _aligned(call, 0.5) if _asks(call, "middle") else None


@CHECKS.each("vertical-alignment.bottom")
def alignment_bottom(call: Call) -> Finding | None:
    """Where space is left over above and below, all of it is above the picture."""
    return _aligned(call, 1.0) if _asks(call, "bottom") else None


@CHECKS.each("vertical-alignment.default")
def alignment_default(call: Call) -> Finding | None:
    """Where space is left over and no alignment was asked for, there is the same above and below the picture."""
    return _aligned(call, 0.5) if "result.vertical_alignment" not in call.form.given else None


@CHECKS.each("vertical-alignment.no-target")
def alignment_no_target(call: Call) -> Finding | None:
    """Without a target and a margin what an uncropped result shows is as large as the input, and where it was."""
    if "result.vertical_alignment" not in call.form.given or call.is_shrunken or not is_plain_size(call):
        return None
    if call.input is None or call.result is None:
        return None
    seen, size = place(call), call.input.size
    if seen is None or call.result.size != size:
        return equal("size of the result", call.result.size, size)
    kept = max(abs(distance) for distance in seen.distances(size)) <= seen.slack
    return demand(
        kept,
        "the picture in the result",
        "at its place",
        f"about {words(seen)}",
        "Without a target nothing is aligned.",
    )


def _asks(call: Call, alignment: str) -> bool:
    """Tell whether *alignment* was asked for in words."""
    return call.form.texts.get("result.vertical_alignment") == alignment


def _aligned(call: Call, above: float) -> Finding | None:
    """Find that the part *above* of the space left over is above the picture; ``None`` if there is too little space."""
    found = fitted(call)
    if found is None:
        return None
    seen, edges = found
    top, bottom = seen.top - edges.top, edges.bottom - seen.bottom
    spare = top + bottom
    if spare < _SPARE + 3 * seen.slack:
        return None
    kept = abs(top - above * spare) <= seen.slack + 1
    expected = f"about {above * spare:.0f} above and {(1 - above) * spare:.0f} below"
    return demand(kept, "space above and below the picture", expected, f"about {top:.0f} and {bottom:.0f}")
