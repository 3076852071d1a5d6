"""What a check finds in one exchange: that the rule is kept, or how it is broken."""

from __future__ import annotations

from dataclasses import dataclass

_LONGEST = 240
"""Characters of a value that a finding quotes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The rule was exercised, and kept."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The rule was exercised, and broken; the fields are those of :class:`contracts.model.Violation`."""

    where: str
    expected: str
    received: str
    hint: str = ""


Finding = Kept | Broken
KEPT = Kept()


def equal(where: str, received: object, expected: object, hint: str = "") -> Finding:
    """Find that *received*, which is *where*, is as *expected*, or not."""
    return demand(received == expected, where, shown(expected), shown(received), hint)


def demand(kept: object, where: str, expected: str, received: object, hint: str = "") -> Finding:
    """Find the rule kept if *kept* is true; else that *where* has *received* and not what is *expected*."""
    return KEPT if kept else Broken(where, expected, received if isinstance(received, str) else shown(received), hint)


def shown(value: object) -> str:
    """Return *value* as a reader wants to see it, shortened to a line."""
    if isinstance(value, bytes):
        return f"{len(value)} bytes that begin with {value[:24]!r}" if value else "no bytes"
    if value is None:
        return "nothing"
    text = " ".join(str(one) for one in value) if isinstance(value, tuple) else repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def printable(text: str) -> str:
    """Return *text* with what no terminal or file should get, such as escapes and lone surrogates, spelt out."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)
