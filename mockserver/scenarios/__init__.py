"""Named sets of settings and faults, and changes of tenants in general."""

from mockserver.scenarios.change import TenantChange
from mockserver.scenarios.library import Library
from mockserver.scenarios.scenario import Scenario

__all__ = ["Library", "Scenario", "TenantChange"]
