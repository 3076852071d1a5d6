"""The parts of a provider's folder that are imported when they are asked for."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contracts.cases import Campaign, Case
    from contracts.checks import Checks
    from contracts.trials import Trial


class Parts:
    """Checks and campaigns of the provider in ``package``, each imported when it is asked for.

    What they import in turn takes a while, and a mock needs nothing of them.
    """

    package = ""
    """The import name of the provider's folder."""

    @cached_property
    def checks(self) -> Checks[Any]:
        """The checks of servers."""
        found: Checks[Any] = self._part("checks", "CHECKS")
        return found

    @cached_property
    def campaigns(self) -> tuple[Campaign[Case], ...]:
        """What servers are sent."""
        found: tuple[Campaign[Case], ...] = self._part("campaigns", "CAMPAIGNS")
        return found

    @cached_property
    def client_checks(self) -> Checks[Any]:
        """The checks of clients."""
        found: Checks[Any] = self._part("client.checks", "CLIENT_CHECKS")
        return found

    @cached_property
    def client_campaigns(self) -> tuple[Campaign[Trial], ...]:
        """What clients have to go through."""
        found: tuple[Campaign[Trial], ...] = self._part("client.campaigns", "CLIENT_CAMPAIGNS")
        return found

    def _part(self, module: str, name: str) -> Any:  # noqa: ANN401  whatever the folder has there
        return getattr(import_module(f"{self.package}.{module}"), name)
