"""Which scenario a tenant is in: the one that is in force for all, or the one that its credentials name."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from mockserver.engine.service import vocabulary_of
from mockserver.magic import scenario_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.behaviour import Credentials
    from contracts.clock import Clock
    from mockserver.engine.service import Service
    from mockserver.scenarios import Library
    from mockserver.scenarios.vocabulary import Vocabulary
    from mockserver.state.tenant import Tenant
    from mockserver.state.tenants import Tenants


class Scenery:
    """Puts *tenants* into scenarios; ``name`` is that of the one in force for all, or empty."""

    def __init__(self, services: Mapping[str, Service], tenants: Tenants, clock: Clock) -> None:
        """Begin without a scenario; their rules count their seconds by *clock*."""
        self.name = ""
        self._services = services
        self._tenants = tenants
        self._clock = clock

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The names that scripts and scenarios may use."""
        return vocabulary_of(self._services)

    @cached_property
    def library(self) -> Library:
        """The scenarios that credentials and the control API may choose."""
        from mockserver.scenarios import Library  # noqa: PLC0415  not needed before somebody asks

        return Library(self.vocabulary)

    def choose(self, name: str) -> None:
        """Put every tenant, now and to come, into the scenario *name*, after a reset; into none if it is empty.

        Raises:
            ScenarioError: there is none of that name, or it is wrong.
        """
        if name:
            self.library.get(name)
        self.name = name
        self._tenants.on_open = self._dress
        for tenant in self._tenants.all():
            self._tenants.reset(tenant)

    def follow(self, tenant: Tenant, caller: Credentials, seed: int) -> str:
        """Put a fresh *tenant* into the scenario that its credentials name, if they do; return what came of it."""
        name = scenario_in(caller)
        if not name or tenant.scenario not in {"", self.name}:
            return ""
        if name not in self.library.names:
            return f"there is no scenario {name}; there are {', '.join(self.library.names)}"
        tenant.undress(seed)
        self.library.get(name).apply(tenant, self._clock.now())
        return f"they choose the scenario {name}"

    def _dress(self, tenant: Tenant) -> None:
        """Put a fresh *tenant* into the scenario that is in force for all."""
        if self.name:
            self.library.get(self.name).apply(tenant, self._clock.now())
