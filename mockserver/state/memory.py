"""State that lives as long as the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.state.renderings import Renderings
from mockserver.state.results import Results
from mockserver.state.tenants import Tenants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.clock import Clock


class State:
    """Tenants, the cache of renderings, and the results that can be fetched."""

    def __init__(self, clock: Clock, settings: Mapping[str, object], seed: int) -> None:
        """Start with nothing remembered; *clock* tells when results end.

        Tenants begin with *settings* and draw by *seed*.
        """
        self.tenants = Tenants(settings, seed)
        self.renderings = Renderings()
        self.results = Results(clock)

    def close(self) -> None:
        """Give back what is on disk."""
        self.results.close()
