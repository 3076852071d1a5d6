"""Mutants that crop when they are not asked to, or otherwise than they are asked to."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.pixian.asking import CROP, MARGIN, both, has, ignoring, is_, lacks, setting

_RULE = "pixian.server.crop"

MUTANTS = (
    Mutant(f"{_RULE}.on", "ignored", ignoring(CROP)),
    Mutant(f"{_RULE}.on", "loosely", setting(MARGIN, "5px", both(is_(CROP, "true"), lacks(MARGIN)))),
    Mutant(f"{_RULE}.off", "always cropped", setting(CROP, "true", lacks(CROP))),
    Mutant(f"{_RULE}.off", "cropped by the mere word", setting(CROP, "true", has(CROP))),
)
