"""Texts and JSON values as code, so that nothing in them can ever be taken for code.

What cannot be seen (controls, odd blanks, marks that turn the direction of writing) is written by its number, so that
code looks like what it is, and survives being pasted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_BEYOND_16_BITS = 0x10000


def escaped(text: str, named: Mapping[str, str], numbered: Callable[[str], str]) -> str:
    """Return *text* with the characters that are *named* as it says, and others that cannot be seen *numbered*."""
    return "".join(named.get(one) or (one if one.isprintable() else numbered(one)) for one in text)


def utf16(character: str) -> str:
    r"""Return *character* as ``\uXXXX``, twice if it takes two."""
    number = ord(character)
    if number < _BEYOND_16_BITS:
        return f"\\u{number:04x}"
    number -= _BEYOND_16_BITS
    return f"\\u{0xD800 + (number >> 10):04x}\\u{0xDC00 + (number & 0x3FF):04x}"


def braced(character: str) -> str:
    r"""Return *character* as ``\u{X}``."""
    return f"\\u{{{ord(character):x}}}"


_C_LIKE = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str, numbered: Callable[[str], str] = utf16, named: Mapping[str, str] | None = None) -> str:
    """Return *text* in double quotes as C and its descendants have it; *named* are characters that mean something."""
    return f'"{escaped(text, {**_C_LIKE, **(named or {})}, numbered)}"'


def json_text(text: str) -> str:
    """Return *text* as JSON."""
    return quoted(text)


@dataclass(frozen=True, slots=True)
class Notation:
    """How a language writes JSON values: texts, texts with files in them, and the rest."""

    text: Callable[[str], str]
    text_with_files: Callable[[Any], str]
    null: str = "null"
    true: str = "true"
    false: str = "false"
    arrow: str = ": "
    braces: tuple[str, str] = ("{", "}")
    empty: str = "{}"
    step: str = "  "


def written(value: object, notation: Notation, indent: str = "") -> str:
    """Return the JSON *value* in the *notation*, over several lines, the later ones behind *indent*."""
    inner = indent + notation.step
    if isinstance(value, dict):
        pairs = [f"{notation.text(name)}{notation.arrow}{written(one, notation, inner)}" for name, one in value.items()]
        return _listed(pairs, notation.braces, indent, inner) if pairs else notation.empty
    if isinstance(value, list):
        return _listed([written(one, notation, inner) for one in value], ("[", "]"), indent, inner)
    if isinstance(value, str):
        return notation.text(value)
    if isinstance(value, tuple):
        return notation.text_with_files(value)
    words = {None: notation.null, True: notation.true, False: notation.false}
    return words[value] if value is None or isinstance(value, bool) else repr(value)


def _listed(items: list[str], brackets: tuple[str, str], indent: str, inner: str) -> str:
    start, end = brackets
    return start + ",".join(f"\n{inner}{item}" for item in items) + f"\n{indent}{end}" if items else start + end
