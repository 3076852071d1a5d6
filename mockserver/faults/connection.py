"""Faults of the connection, after which it cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from contracts.behaviour import Answer
from contracts.model import Response
from mockserver.faults.fault import Fault
from mockserver.wire import Close, Reset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.behaviour import Behaviour
    from contracts.model import ApiError
    from mockserver.wire import Action


@dataclass(frozen=True, slots=True)
class CloseFault(Fault):
    """The connection is closed without an answer, and nothing is done."""

    kind: ClassVar[str] = "close"

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return "the connection is closed without an answer"

    @property
    def action(self) -> Action:
        """What happens on the connection."""
        return Close()

    @property
    def silent(self) -> bool:
        """Whether the client gets no answer at all."""
        return True

    def instead(self, behaviour: Behaviour, errors: Mapping[str, ApiError]) -> Answer | None:
        """Return what is never sent."""
        del behaviour, errors
        return _never_sent(self)


@dataclass(frozen=True, slots=True)
class ResetFault(Fault):
    """A TCP reset: without an answer and with nothing done, or after the head and ``after`` bytes of the body."""

    kind: ClassVar[str] = "reset"

    after: int | None = None

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        place = "without an answer" if self.after is None else f"after {self.after} bytes of the body"
        return f"the connection is reset {place}"

    @property
    def action(self) -> Action:
        """What happens on the connection."""
        return Reset(self.after)

    @property
    def silent(self) -> bool:
        """Whether the client gets no answer at all."""
        return self.after is None

    def instead(self, behaviour: Behaviour, errors: Mapping[str, ApiError]) -> Answer | None:
        """Return what is never sent, unless the reset comes in the middle of a true answer."""
        del behaviour, errors
        return _never_sent(self) if self.silent else None


def _never_sent(fault: Fault) -> Answer:
    return Answer(Response(500), fault.sentence)
