"""Mutants that encode results otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mutants.changes import field
from tests.mutants.mutant import Mutant
from tests.mutants.pixian.asking import COLOUR, FORMAT, QUALITY, both, has, ignoring, is_, lacks, refusing, setting

if TYPE_CHECKING:
    from contracts.model import Request
    from tests.mutants.pixian.asking import Answer

_RULE = "pixian.server.output"


def _instead(*asked: str, coloured: bool | None, given: str) -> Answer:
    """Return a server that makes another format than that which was asked for."""
    colour = (lambda _: True) if coloured is None else has(COLOUR) if coloured else lacks(COLOUR)
    return setting(FORMAT, given, both(is_(FORMAT, *asked) if asked else lacks(FORMAT), colour))


def _at_most_75(text: str) -> str:
    return str(min(75, int(text))) if text.isdigit() else text


def _is_best(request: Request) -> bool:
    return (field(request, QUALITY) or "") in {str(one) for one in range(91, 101)}


MUTANTS = (
    Mutant(f"{_RULE}.auto-transparent", "a JPEG", _instead("auto", coloured=False, given="jpeg")),
    Mutant(f"{_RULE}.auto-opaque", "a PNG", _instead("auto", coloured=True, given="png")),
    Mutant(f"{_RULE}.default", "always a PNG", _instead(coloured=None, given="png")),
    Mutant(f"{_RULE}.default", "always a JPEG", _instead(coloured=None, given="jpeg")),
    Mutant(f"{_RULE}.png", "a JPEG with a colour", _instead("png", coloured=True, given="jpeg")),
    Mutant(f"{_RULE}.jpeg", "a PNG without a colour", _instead("jpeg", coloured=False, given="png")),
    Mutant(f"{_RULE}.quality-range", "1 is refused", refusing(is_(QUALITY, "1"))),
    Mutant(f"{_RULE}.quality-range", "100 is refused", refusing(is_(QUALITY, "100"))),
    Mutant(f"{_RULE}.quality-default", "85", setting(QUALITY, "85", lacks(QUALITY))),
    Mutant(f"{_RULE}.quality-effect", "none", ignoring(QUALITY)),
    Mutant(f"{_RULE}.quality-effect", "never above 75", setting(QUALITY, _at_most_75, has(QUALITY))),
    Mutant(f"{_RULE}.quality-effect", "the best are bad", setting(QUALITY, "60", _is_best)),
    Mutant(
        f"{_RULE}.quality-effect", "turned round", setting(QUALITY, lambda text: str(101 - int(text)), has(QUALITY))
    ),
)
