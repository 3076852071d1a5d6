"""Mutants that make results of other sizes, and put the picture elsewhere."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.pixian.access import recoded
from tests.mutants.pixian.asking import ALIGNMENT, MARGIN, TARGET, both, fitting, has, is_, lacks, setting

_RULE, _ALIGNED = "pixian.server.target-size", "pixian.server.vertical-alignment"


def _swapped(text: str) -> str:
    return " ".join(reversed(text.split()))


def _smallest(width: int, height: int, wide: int, high: int) -> tuple[float, float]:
    scale = min(wide / width, high / height)
    return scale, scale


def _largest(width: int, height: int, wide: int, high: int) -> tuple[float, float]:
    scale = max(wide / width, high / height)
    return scale, scale


def _never_larger(width: int, height: int, wide: int, high: int) -> tuple[float, float]:
    scale = min(1, wide / width, high / height)
    return scale, scale


MUTANTS = (
    Mutant(f"{_RULE}.exact", "height before width", setting(TARGET, _swapped, has(TARGET))),
    Mutant(f"{_RULE}.fit", "filled and cut off", fitting(_largest)),
    Mutant(
        f"{_RULE}.aspect",
        "stretched",
        fitting(lambda width, height, wide, high: (wide / width, high / height)),
    ),
    Mutant(f"{_RULE}.enlarge", "never enlarged", fitting(_never_larger)),
    Mutant(f"{_RULE}.centred", "on the left", fitting(_smallest, across=0)),
    Mutant(f"{_RULE}.centred", "on the right", fitting(_smallest, across=1)),
    Mutant(f"{_RULE}.form", "an x will do", setting(TARGET, "100 300", is_(TARGET, "100x300"))),
    Mutant(f"{_RULE}.form", "a square", setting(TARGET, "100 100", is_(TARGET, "100"))),
    Mutant(f"{_RULE}.too-large", "another code", recoded(1023, 1019)),
    Mutant(f"{_ALIGNED}.top", "at the bottom", setting(ALIGNMENT, "bottom", is_(ALIGNMENT, "top"))),
    Mutant(f"{_ALIGNED}.middle", "at the top", setting(ALIGNMENT, "top", is_(ALIGNMENT, "middle"))),
    Mutant(f"{_ALIGNED}.bottom", "in the middle", setting(ALIGNMENT, "middle", is_(ALIGNMENT, "bottom"))),
    Mutant(f"{_ALIGNED}.default", "at the top", setting(ALIGNMENT, "top", lacks(ALIGNMENT))),
    Mutant(f"{_ALIGNED}.default", "at the bottom", setting(ALIGNMENT, "bottom", lacks(ALIGNMENT))),
    Mutant(
        f"{_ALIGNED}.no-target",
        "space above",
        setting(MARGIN, "20px 0px 0px", both(has(ALIGNMENT), lacks(TARGET, MARGIN))),
    ),
)
