"""Faults of the way of an answer: late, slowly, in part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mockserver.faults.fault import Fault
from mockserver.wire import RESPOND, Dribble, Stall, Truncate

if TYPE_CHECKING:
    from mockserver.wire import Action


@dataclass(frozen=True, slots=True)
class StallFault(Fault):
    """Silence for ``seconds``: before the answer, or after the head and ``after`` bytes of the body."""

    kind: ClassVar[str] = "stall"

    seconds: float
    after: int | None = None

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        place = "before the answer" if self.after is None else f"after {self.after} bytes of the body"
        return f"silence for {self.seconds:g} seconds {place}"

    @property
    def delay(self) -> float:
        """Seconds of virtual time for which the answer is held back."""
        return self.seconds if self.after is None else 0.0

    @property
    def action(self) -> Action:
        """What happens on the connection."""
        return RESPOND if self.after is None else Stall(self.after, self.seconds)


@dataclass(frozen=True, slots=True)
class DribbleFault(Fault):
    """The body comes ``bytes`` at a time, every so many seconds (``every``)."""

    kind: ClassVar[str] = "dribble"

    bytes: int = 1
    every: float = 1.0

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return f"{self.bytes} bytes of the body every {self.every:g} seconds"

    @property
    def action(self) -> Action:
        """What happens on the connection."""
        return Dribble(self.bytes, self.every)


@dataclass(frozen=True, slots=True)
class TruncateFault(Fault):
    """The body ends ``after`` so many bytes, although the head promises all of it."""

    kind: ClassVar[str] = "truncate"

    after: int = 0

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return f"the connection is closed after {self.after} bytes of the body"

    @property
    def action(self) -> Action:
        """What happens on the connection."""
        return Truncate(self.after)
