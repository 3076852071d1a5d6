"""What arrives on a connection: requests for the application, and what is refused before it gets there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.wire.delivery import Delivery

if TYPE_CHECKING:
    from mockserver.wire.body import Claim
    from mockserver.wire.head import Head


class Request:
    """A request, read as far as it will be.

    ``received`` is the moment of the server's clock when that was so. With ``refused`` the body was too large and is
    not here. ``keep_alive`` tells whether the client means to send another request. ``delivery`` is how its answer will
    be delivered, ``memory`` what the application wants to remember if it is called twice.
    """

    __slots__ = ("_claim", "body", "delivery", "head", "keep_alive", "memory", "received", "refused")

    def __init__(
        self,
        head: Head,
        body: bytes,
        received: float,
        *,
        refused: bool = False,
        claim: Claim | None = None,
    ) -> None:
        """Put the parts together; *claim* is the body's share of the memory for bodies."""
        self.head = head
        self.body = body
        self.received = received
        self.keep_alive = head.keep_alive and not refused
        self.refused = refused
        self.delivery = Delivery()
        self.memory: dict[str, object] = {}
        self._claim = claim

    def release(self) -> None:
        """Give the body's share of the memory back; it is no longer needed."""
        if self._claim is not None:
            self._claim.release()
            self._claim = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that is no request for the application: it is answered with ``status`` and a sentence, then closed.

    With ``silent`` there is no answer, because the client would not understand one.
    """

    status: int
    reason: str
    silent: bool = False
