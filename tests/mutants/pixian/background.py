"""Mutants that fill the background with something else, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.mutants.mutant import Mutant
from tests.mutants.pixian.asking import COLOUR, FORMAT, both, has, ignoring, is_, lacks, painting, setting

if TYPE_CHECKING:
    from tests.mutants.pixian.asking import Pixels

_RULE = "pixian.server.background"


def _translucent(pixels: Pixels) -> Pixels:
    pixels[:, :, 3] = np.minimum(pixels[:, :, 3], 254)
    return pixels


MUTANTS = (
    Mutant(f"{_RULE}.color", "blue and red are mistaken", setting(COLOUR, "#FF5500", has(COLOUR))),
    Mutant(f"{_RULE}.color", "ignored", setting(COLOUR, "#FFFFFF", has(COLOUR))),
    Mutant(f"{_RULE}.opaque", "a PNG is transparent", ignoring(COLOUR, is_(FORMAT, "png"))),
    Mutant(f"{_RULE}.opaque", "a little translucent", painting(_translucent, both(has(COLOUR), is_(FORMAT, "png")))),
    Mutant(f"{_RULE}.transparent", "grey", painting(lambda pixels: np.maximum(pixels, 40), lacks(COLOUR, "test"))),
    Mutant(
        f"{_RULE}.transparent",
        "white, in tests",
        lambda request, ask: setting(FORMAT, "png", has("test"))(
            request, lambda one: setting(COLOUR, "#FFFFFF", lacks(COLOUR))(one, ask)
        ),
    ),
    Mutant(f"{_RULE}.form", "no '#' is no matter", setting(COLOUR, lambda text: f"#{text.strip('#')}", has(COLOUR))),
    Mutant(
        f"{_RULE}.form",
        "names are taken",
        setting(COLOUR, "#0000FF", is_(COLOUR, "blue")),
    ),
    Mutant(
        "pixian.server.output.jpeg-white",
        "black",
        setting(COLOUR, "#000000", both(lacks(COLOUR), is_(FORMAT, "jpeg"))),
    ),
)
