"""What a client under test is played against; whoever has a mock server hands it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.cases import Credentials
    from contracts.clock import Clock
    from contracts.model import Exchange, Handshakes
    from contracts.trials import Trial


class StageError(Exception):
    """There is no stage of the kind that a trial needs; the text says why, and what to do."""


class Stage(Protocol):
    """A mock server on which one trial follows another."""

    @property
    def origin(self) -> str:
        """Its address, without a trailing slash."""

    @property
    def dotted_origin(self) -> str:
        """The same by a name with a dot, which not every program can look up."""

    @property
    def clock(self) -> Clock:
        """The clock of all that it does."""

    @property
    def trust(self) -> Mapping[str, str]:
        """The environment variables by which programs trust its certificate; empty where it speaks no TLS."""

    def prepare(self, trial: Trial, credentials: Credentials, speed: float) -> None:
        """Forget all that was, and be as *trial* has it for whoever has *credentials*.

        The clock shows the time of day, and runs *speed* virtual seconds a real second from now on.
        """

    def exchanges(self) -> tuple[Exchange, ...]:
        """Return what has happened since, with the requests as they were sent; some may be under way."""

    def handshakes(self) -> Handshakes | None:
        """Return what TLS handshakes have come to since, ``None`` where there are none."""

    def close(self) -> None:
        """Stop."""
