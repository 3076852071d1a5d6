"""Mutants that read margins in their own ways."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.mutants.changes import field
from tests.mutants.mutant import Mutant
from tests.mutants.pixian.asking import CROP, MARGIN, TARGET, both, has, ignoring, is_, lacks, refusing, setting

if TYPE_CHECKING:
    from collections.abc import Callable

_RULE = "pixian.server.margin"


def _order(*places: int) -> Callable[[str], str]:
    """Return what puts the lengths of a margin of as many lengths in another order."""

    def change(text: str) -> str:
        lengths = text.split()
        return " ".join(lengths[place] for place in places) if len(lengths) == max(places) + 1 else text

    return change


def _first_alone(text: str) -> str:
    return f"{text} 0px 0px" if " " not in text else text


def _twice(text: str) -> str:
    return re.sub(r"([0-9.]+)px", lambda match: f"{2 * float(match[1]):g}px", text)


def _behind_the_point(text: str) -> str:
    return re.sub(r"[0-9]*\.", "", text)


MUTANTS = (
    Mutant(f"{_RULE}.uncropped", "only when cropped", ignoring(MARGIN, lacks(CROP, TARGET))),
    Mutant(f"{_RULE}.cropped", "only when not cropped", ignoring(MARGIN, both(is_(CROP, "true"), lacks(TARGET)))),
    Mutant(f"{_RULE}.default", "ten pixels", setting(MARGIN, "10px", lacks(MARGIN))),
    Mutant(
        f"{_RULE}.default", "ten pixels when cropped", setting(MARGIN, "10px", both(lacks(MARGIN), is_(CROP, "true")))
    ),
    Mutant(f"{_RULE}.pixels", "twice as many", setting(MARGIN, _twice, has(MARGIN))),
    Mutant(f"{_RULE}.pixels", "one too many", setting(MARGIN, "21px", both(is_(MARGIN, "20px"), lacks(TARGET, CROP)))),
    Mutant(
        f"{_RULE}.percent",
        "nothing",
        setting(MARGIN, lambda text: re.sub(r"[0-9.]+%", "0%", text), has(MARGIN)),
    ),
    Mutant(f"{_RULE}.percent-base", "pixels", setting(MARGIN, lambda text: text.replace("%", "px"), has(MARGIN))),
    Mutant(
        f"{_RULE}.percent-base",
        "pixels within a target",
        setting(MARGIN, lambda text: text.replace("%", "px"), has(MARGIN, TARGET)),
    ),
    Mutant(f"{_RULE}.decimal", "refused", refusing(lambda request: "." in (field(request, MARGIN) or ""))),
    Mutant(f"{_RULE}.decimal", "what is before the point is lost", setting(MARGIN, _behind_the_point, has(MARGIN))),
    Mutant(f"{_RULE}.one", "only above", setting(MARGIN, _first_alone, has(MARGIN))),
    Mutant(f"{_RULE}.two", "left and right first", setting(MARGIN, _order(1, 0), has(MARGIN))),
    Mutant(f"{_RULE}.three", "below first", setting(MARGIN, _order(2, 1, 0), has(MARGIN))),
    Mutant(f"{_RULE}.four", "anticlockwise", setting(MARGIN, _order(0, 3, 2, 1), has(MARGIN))),
    Mutant(f"{_RULE}.four", "left first", setting(MARGIN, _order(3, 0, 1, 2), has(MARGIN))),
    Mutant(f"{_RULE}.inset", "no margin within a target", ignoring(MARGIN, has(TARGET))),
    Mutant(
        f"{_RULE}.inset", "around the target", setting(TARGET, "300 260", both(has(MARGIN), is_(TARGET, "240 200")))
    ),
    Mutant(f"{_RULE}.room", "refused", refusing(is_(TARGET, "40 60"))),
    Mutant(f"{_RULE}.negative", "the sign is lost", setting(MARGIN, lambda text: text.replace("-", ""), has(MARGIN))),
    Mutant(
        f"{_RULE}.unit",
        "pixels are meant",
        setting(MARGIN, lambda text: re.sub(r"([0-9])(?= |$)", r"\1px", text), has(MARGIN)),
    ),
    Mutant(f"{_RULE}.unit", "0 needs none", setting(MARGIN, "0px", is_(MARGIN, "0"))),
)
