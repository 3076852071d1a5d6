"""Which scenario a tenant is in: the one that is in force for all, or the one that its credentials name."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from contracts.behaviour import Credentials
from mockserver.engine.service import vocabulary_of
from mockserver.magic import scenario_in

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        tenants.on_open, tenants.on_meet = self._dress, self._follow

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
        for tenant in self._tenants.all():
            self._tenants.reset(tenant)

    def enter(self, tenant: Tenant, name: str, seed: int) -> None:
        """Let *tenant* be as a fresh one that draws by *seed*, and then in the scenario *name*, unless that is empty.

        Raises:
            ScenarioError: there is none of that name, or it is wrong.
        """
        scenario = self.library.get(name) if name else None
        self._tenants.reset(tenant)
        if scenario is not None:
            tenant.reset(seed)
            tenant.touched = True
            scenario.apply(tenant, self._clock.now())

    def _follow(self, tenant: Tenant, credentials: Credentials) -> None:
        """Let *tenant* have the scenario that its *credentials* name, unless the user has changed something before."""
        if not tenant.touched and scenario_in(credentials) not in {"", tenant.wish}:
            self._tenants.undress(tenant)
            self._dress(tenant, credentials)

    def _dress(self, tenant: Tenant, credentials: Credentials | None) -> None:
        """Put a fresh *tenant* into the scenario that its credentials name, or else into that in force for all."""
        tenant.wish = scenario_in(credentials or Credentials(tenant.name, "")) or tenant.wish
        name = self.name
        if tenant.wish and tenant.wish in self.library.names:
            name = tenant.wish
            tenant.choice = f"they choose the scenario {name}"
        elif tenant.wish:
            tenant.choice = f"there is no scenario {tenant.wish}; there are {', '.join(self.library.names)}"
        if name:
            self.library.get(name).apply(tenant, self._clock.now())
