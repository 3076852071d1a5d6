"""Mutants that shrink too much, too little or out of shape."""

from __future__ import annotations

import numpy as np

from tests.mutants.mutant import Mutant
from tests.mutants.pixian.asking import has, ignoring, is_, lacks, painting, refusing, setting

_RULE = "pixian.server.max-pixels"

MUTANTS = (
    Mutant(f"{_RULE}.range", "100 is refused", refusing(is_("max_pixels", "100"))),
    Mutant(f"{_RULE}.range", "25,000,000 is refused", refusing(is_("max_pixels", "25000000"))),
    Mutant(f"{_RULE}.default", "4 million", setting("max_pixels", "4000000", lacks("max_pixels"))),
    Mutant(f"{_RULE}.default", "1000", setting("max_pixels", "1000", lacks("max_pixels"))),
    Mutant(f"{_RULE}.shrink", "ignored", ignoring("max_pixels")),
    Mutant(
        f"{_RULE}.shrink",
        "one pixel too many",
        setting("max_pixels", lambda text: str(int(text) + 200), is_("max_pixels", "2400")),
    ),
    Mutant(f"{_RULE}.keep", "everything is shrunk", setting("max_pixels", "2400", has("max_pixels"))),
    Mutant(
        f"{_RULE}.aspect",
        "halved in height",
        painting(lambda pixels: np.ascontiguousarray(pixels[::2]), is_("max_pixels", "2400")),
    ),
)
