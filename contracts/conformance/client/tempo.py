"""How fast a client's clock may run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Tempo(Protocol):
    """The means to make the clocks of a client's processes run faster."""

    @property
    def trouble(self) -> str:
        """Why there are none, and how to get them; empty if there are."""

    def environment(self, speed: float) -> Mapping[str, str]:
        """Return the environment variables with which clocks run *speed* virtual seconds a real second."""

    def jitter(self, speed: float) -> float:
        """Return by how many virtual seconds waits are late at that *speed* on this machine, as measured."""

    def unreached(self, port: int, process: int) -> frozenset[str]:
        """Return the programs of the session of *process* that are connected to *port* and whose clock is not reached.

        Nothing is claimed where that cannot be seen.
        """


@dataclass
class RealTime:
    """No means: every clock shows the time that it is."""

    trouble: str = ""
    _none: Mapping[str, str] = field(default_factory=dict)

    def environment(self, speed: float) -> Mapping[str, str]:
        """Return nothing."""
        del speed
        return self._none

    def jitter(self, speed: float) -> float:
        """Return nothing."""
        del speed
        return 0.0

    def unreached(self, port: int, process: int) -> frozenset[str]:
        """Return nothing."""
        del port, process
        return frozenset()
