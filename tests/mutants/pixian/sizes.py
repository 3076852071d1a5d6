"""Mutants that state wrong sizes, orientations and boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mutants.mutant import Mutant
from tests.mutants.pixian.asking import has, is_, telling

if TYPE_CHECKING:
    from contracts.model import Response

_RULE = "pixian.server.header"


def _swapped(words: list[str], _: Response) -> list[str]:
    return words[::-1]


def _left_first(words: list[str], _: Response) -> list[str]:
    return [words[1], words[0], *words[2:]]


def _corners(words: list[str], _: Response) -> list[str]:
    """Return top, left, right and bottom."""
    top, left, width, height = map(int, words)
    return [str(one) for one in (top, left, left + width, top + height)]


def _swapped_if_turned(words: list[str], response: Response) -> list[str]:
    return words[::-1] if (response.headers.get("X-Input-Orientation") or "1") in "5678" else words


def _of_the_result(_: list[str], response: Response) -> list[str]:
    return (response.headers.get("X-Result-Size") or "").split()


def _mirrored(words: list[str], response: Response) -> list[str]:
    width = int((response.headers.get("X-Input-Size") or "0").split()[0])
    return [words[0], str(width - int(words[1]) - int(words[2])), *words[2:]]


MUTANTS = (
    Mutant(f"{_RULE}.orientation", "always 1", telling("X-Input-Orientation", lambda *_: ["1"])),
    Mutant(f"{_RULE}.orientation", "always 1, in tests", telling("X-Input-Orientation", lambda *_: ["1"], has("test"))),
    Mutant(f"{_RULE}.orientation", "not there", telling("X-Input-Orientation", lambda *_: None)),
    Mutant(
        f"{_RULE}.orientation-none",
        "0",
        telling("X-Input-Orientation", lambda words, _: ["0"] if words == ["1"] else words),
    ),
    Mutant(f"{_RULE}.input-size", "that of the result", telling("X-Input-Size", _of_the_result)),
    Mutant(f"{_RULE}.input-size", "not there", telling("X-Input-Size", lambda *_: None, is_("test", "true"))),
    Mutant(f"{_RULE}.input-size", "height before width", telling("X-Input-Size", _swapped)),
    Mutant(f"{_RULE}.input-size-upright", "as stored", telling("X-Input-Size", _swapped_if_turned)),
    Mutant(f"{_RULE}.result-size", "height before width", telling("X-Result-Size", _swapped)),
    Mutant(f"{_RULE}.input-foreground", "left before top", telling("X-Input-Foreground", _left_first)),
    Mutant(f"{_RULE}.input-foreground", "corners", telling("X-Input-Foreground", _corners)),
    Mutant(f"{_RULE}.input-foreground", "mirrored", telling("X-Input-Foreground", _mirrored, has("test"))),
    Mutant(f"{_RULE}.result-foreground", "not there", telling("X-Result-Foreground", lambda *_: None)),
    Mutant(f"{_RULE}.result-foreground", "left before top", telling("X-Result-Foreground", _left_first, has("test"))),
    Mutant(f"{_RULE}.result-foreground-bounds", "left before top", telling("X-Result-Foreground", _left_first)),
    Mutant(
        f"{_RULE}.result-foreground-bounds",
        "a few pixels off",
        telling("X-Result-Foreground", lambda words, _: [str(int(words[0]) + 3), *words[1:]]),
    ),
)
