"""What a fault is.

A fault comes in instead of an answer, before anything is done, or changes the answer that was made. Its fields are
those of the word that asks for it (see :mod:`mockserver.faults.words`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mockserver.wire import RESPOND

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from contracts.behaviour import Answer, Behaviour, Rendering
    from contracts.model import ApiError, Response
    from mockserver.wire import Action


@dataclass(frozen=True, slots=True)
class Fault:
    """No misbehaviour at all; kinds of it override what they change."""

    kind: ClassVar[str] = "ok"

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return "nothing is changed"

    @property
    def delay(self) -> float:
        """Seconds of virtual time for which the answer is held back."""
        return 0.0

    @property
    def action(self) -> Action:
        """What happens on the connection."""
        return RESPOND

    @property
    def silent(self) -> bool:
        """Whether the client gets no answer at all."""
        return False

    def missing(self, errors: Collection[str]) -> str:
        """Return what a provider with these documented *errors* lacks for it, as the end of a sentence, or nothing."""
        del errors
        return ""

    def instead(self, behaviour: Behaviour, errors: Mapping[str, ApiError]) -> Answer | None:
        """Return what is answered before anything is done, or ``None`` if the request is worked on.

        *errors* are the documented ones of the provider.
        """
        del behaviour, errors
        return None

    def rendering(self, rendering: Rendering) -> Rendering:
        """Return the picture that takes the place of the finished *rendering*."""
        return rendering

    def lifetime(self, seconds: float) -> float:
        """Return how long a result that should live for *seconds* can be fetched."""
        return seconds

    def response(self, response: Response) -> Response:
        """Return what is sent in the place of *response*."""
        return response
