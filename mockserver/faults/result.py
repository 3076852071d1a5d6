"""Faults of the result of the work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from mockserver.faults.fault import Fault

if TYPE_CHECKING:
    from contracts.behaviour import Rendering


_NO_IMAGE = b"This was to be a picture.\n"


@dataclass(frozen=True, slots=True)
class ExpireFault(Fault):
    """A hosted result can be fetched for ``after`` seconds only; with 0, never."""

    kind: ClassVar[str] = "expire"

    after: float = 0.0

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return f"the result can be fetched for {self.after:g} seconds only"

    def lifetime(self, seconds: float) -> float:
        """Return how long a result that should live for *seconds* can be fetched."""
        return min(seconds, self.after)


@dataclass(frozen=True, slots=True)
class NoImageFault(Fault):
    """What is declared to be a picture is a line of text."""

    kind: ClassVar[str] = "no-image"

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return "the result is no picture"

    def rendering(self, rendering: Rendering) -> Rendering:
        """Return *rendering* with text for its data."""
        return replace(rendering, data=_NO_IMAGE)
