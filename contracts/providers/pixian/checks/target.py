"""Target sizes: exact, with the picture scaled to fit and centred."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import demand, equal
from contracts.providers.pixian.checks.acceptance import is_telling, refused
from contracts.providers.pixian.checks.foreground import foregrounds
from contracts.providers.pixian.checks.layout import fitted, is_cropped, is_laid_out, target, words
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

_SIZE, _PICTURE = "size of the result", "the picture in the result"
_ENORMOUS = 1_000_000_000
"""Pixels of a result that nobody makes."""
_SPARE = 6.0
"""Pixels of space left over, beyond what measuring may be off by, from which its place can be told."""


@CHECKS.each("target-size.exact")
def target_size_exact(call: Call) -> Finding | None:
    """Width and height of the result are those that were asked for."""
    size = target(call) if is_laid_out(call) else None
    return equal(_SIZE, call.result.size, size) if size is not None and call.result is not None else None


@CHECKS.each("target-size.fit")
def target_size_fit(call: Call) -> Finding | None:
    """What is seen of the foreground shows that the picture goes beyond no edge of what is left of the target."""
    found = fitted(call)
    if found is None:
        return None
    seen, edges = found
    slack = seen.slack + 1
    kept = (
        seen.top >= edges.top - slack
        and seen.left >= edges.left - slack
        and seen.right <= edges.right + slack
        and seen.bottom <= edges.bottom + slack
    )
    return demand(kept, _PICTURE, f"within {words(edges)}", f"about {words(seen)}")


@CHECKS.each("target-size.aspect")
def target_size_aspect(call: Call) -> Finding | None:
    """What is seen of the picture has the ratio of the input, or the foreground that of the foreground there."""
    found, natural = fitted(call), _natural(call)
    if found is None or natural is None:
        return None
    seen = found[0]
    width, height = seen.right - seen.left, seen.bottom - seen.top
    slack = 2 * seen.slack
    close = (
        abs(width - height * natural[0] / natural[1]) <= slack + slack * natural[0] / natural[1]
        or abs(height - width * natural[1] / natural[0]) <= slack + slack * natural[1] / natural[0]
    )
    return demand(close, _PICTURE, f"the ratio of {natural[0]} x {natural[1]}", f"about {width:.0f} x {height:.0f}")


@CHECKS.each("target-size.enlarge")
def target_size_enlarge(call: Call) -> Finding | None:
    """A picture that is smaller than what is left of the target reaches two opposite edges of that."""
    found, natural = fitted(call), _natural(call)
    if found is None or natural is None:
        return None
    seen, edges = found
    width, height = edges.right - edges.left, edges.bottom - edges.top
    if natural[0] > width or natural[1] > height:
        return None
    slack = seen.slack + 1
    across = abs(seen.left - edges.left) <= slack and abs(seen.right - edges.right) <= slack
    down = abs(seen.top - edges.top) <= slack and abs(seen.bottom - edges.bottom) <= slack
    return demand(across or down, _PICTURE, f"two opposite edges of {words(edges)}", f"about {words(seen)}")


@CHECKS.each("target-size.centred")
def target_size_centred(call: Call) -> Finding | None:
    """Where space is left over at the sides, there is the same left and right of the picture."""
    found = fitted(call)
    if found is None:
        return None
    seen, edges = found
    left, right = seen.left - edges.left, edges.right - seen.right
    if left + right < _SPARE + 2 * seen.slack:
        return None
    kept = abs(left - right) <= 2 * seen.slack
    return demand(kept, "space beside the picture", "the same left and right", f"about {left:.0f} and {right:.0f}")


@CHECKS.each("target-size.form")
def target_size_form(call: Call) -> Finding | None:
    """A size in another form, in a request that is right but for that, is answered with status 400 and code 1019."""
    if not call.is_wrong_only_in("result.target_size"):
        return None
    return refused(call, 400, 1019, "The form is width, a space, height.")


@CHECKS.each("target-size.too-large")
def target_size_too_large(call: Call) -> Finding | None:
    """A result that nobody could make is refused with status 400 and code 1023; who makes it is not blamed."""
    if not call.is_well_put or call.input is None or call.most_result_pixels < _ENORMOUS:
        return None
    if not is_telling(call) or call.status < 400:
        return None
    return refused(call, 400, 1023, "The result would be too large.")


def _natural(call: Call) -> tuple[int, int] | None:
    """Return the size of what is fitted into the target, in pixels of the input."""
    if not is_cropped(call):
        return call.input.size if call.input is not None else None
    boxes = foregrounds(call)
    return (boxes[0].width, boxes[0].height) if boxes is not None else None
