"""Values of a parsed document, which know where in it they stand and say what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass

OWN = "_matteproof"
"""The member that holds what HAR has no member for."""

_LONGEST = 10**15


class HarError(ValueError):
    """The document is no HTTP Archive; the text names the place in it and says what is wrong there."""


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value and the place in the document where it stands. Null is as good as missing."""

    value: object
    place: str

    @property
    def missing(self) -> bool:
        """Whether there is nothing."""
        return self.value is None

    def error(self, expected: str) -> HarError:
        """Return the error that something else is here than *expected*."""
        return HarError(f"{self.place or 'The document'}: expected {expected}, found {_kind(self.value)}.")

    def member(self, name: str) -> Node:
        """Return the member *name*; of nothing, nothing."""
        place = f"{self.place}.{name}" if self.place else name
        if self.missing:
            return Node(None, place)
        if not isinstance(self.value, dict):
            raise self.error("an object")
        return Node(self.value.get(name), place)

    def items(self) -> list[Node]:
        """Return the items of a list; of nothing, none."""
        if self.missing:
            return []
        if not isinstance(self.value, list):
            raise self.error("a list")
        return [Node(item, f"{self.place}[{index}]") for index, item in enumerate(self.value)]

    def text(self, default: str | None = None) -> str:
        """Return the text, or *default* if there is nothing."""
        if self.missing and default is not None:
            return default
        if not isinstance(self.value, str):
            raise self.error("a text")
        return self.value

    def name(self) -> str:
        """Return the text, or the whole number as one; of nothing, an empty one."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and abs(self.value) <= _LONGEST:
            return str(self.value)
        return self.text("")

    def whole(self, lowest: int, highest: int) -> int:
        """Return the whole number, which must be from *lowest* to *highest*."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not lowest <= self.value <= highest:
            raise self.error(f"a whole number from {lowest} to {highest}")
        return self.value

    def number(self, lowest: int, highest: int) -> float:
        """Return the number, which must be from *lowest* to *highest*."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.error("a number")
        if not lowest <= self.value <= highest:
            raise self.error(f"a number from {lowest} to {highest}")
        return float(self.value)


def _kind(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "another number" if abs(value) > _LONGEST else f"the number {value}"
        case str():
            return f"the text {value!r}" if len(value) <= 80 else f"the text {value[:80]!r}..."  # noqa: PLR2004  a line
        case list():
            return "a list"
        case _:
            return "an object"
