"""What the value of a parameter means, whatever form it is written in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

_LENGTH = re.compile(r"\+?([0-9]*\.?[0-9]+|[0-9]+\.)(px|%)?")


def meaning(name: str, value: object) -> Hashable:
    """Return what is equal for values of the parameter *name* that mean the same; they are JSON values or text."""
    text = str(value).strip().lower()
    if name == "background.color":
        return text.removeprefix("#")
    if name == "result.margin":
        return _margin(text)
    if name == "result.target_size":
        return tuple(map(int, re.findall(r"[0-9]+", text)))
    try:
        return float(text)
    except ValueError:
        return text


def _margin(text: str) -> Hashable:
    """Return the four lengths that *text* stands for in CSS, or *text* if they are not one to four."""
    lengths = [_length(word) for word in text.split()]
    if not 1 <= len(lengths) <= 4:
        return text
    top = lengths[0]
    right = lengths[1] if len(lengths) > 1 else top
    bottom = lengths[2] if len(lengths) > 2 else top
    left = lengths[3] if len(lengths) > 3 else right
    return top, right, bottom, left


def _length(word: str) -> Hashable:
    found = _LENGTH.fullmatch(word)
    if found is None:
        return word
    number = float(found[1])
    return (number, found[2]) if number else (0.0, "px")
