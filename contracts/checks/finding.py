"""What a check finds in one exchange: that the rule is kept, or how it is broken."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST, _BEGINNING = 240, 24
"""Characters of a value that a finding quotes, and bytes."""
_TRACE = "Traceback "
"""How Python begins what it says of an exception."""
_LOOKED_AT = 64 * 1024
"""Bytes or characters of a value in which something is hidden before it is cut; no more than that is quoted."""


class Hider(Protocol):
    """Takes out of what is quoted what nobody may see."""

    def text(self, text: str) -> str:
        """Return *text* without it."""

    def data(self, data: bytes) -> bytes:
        """Return *data* without it."""


_HIDER: ContextVar[Hider | None] = ContextVar("hider", default=None)


@contextmanager
def quoting(hider: Hider) -> Iterator[None]:
    """Have findings that are made within quote nothing that *hider* takes out.

    Once a secret is cut into pieces, nobody finds it any more; so that is done before values are shortened.
    """
    token = _HIDER.set(hider)
    try:
        yield
    finally:
        _HIDER.reset(token)


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
    hider = _HIDER.get()
    if isinstance(value, bytes):
        start = hider.data(value[:_LOOKED_AT]) if hider else value
        return f"{len(value)} bytes that begin with {start[:_BEGINNING]!r}" if value else "no bytes"
    if value is None:
        return "nothing"
    text = " ".join(str(one) for one in value) if isinstance(value, tuple) else repr(value)
    text = hider.text(text[:_LOOKED_AT]) if hider else text
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def printable(text: str) -> str:
    """Return *text* with what no terminal or file should get, such as escapes and lone surrogates, spelt out."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def telling(said: str) -> str:
    """Return the line of *said* that tells most, shortened: the first one, or after a trace of calls the last."""
    lines = [line for line in map(str.strip, said.splitlines()) if line] or [""]
    line = printable(lines[-1 if lines[0].startswith(_TRACE) else 0])
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
