"""The checks of the rules about this provider's servers, by topic."""

from contracts.providers.pixian.checks import sizes
from contracts.providers.pixian.checks.registry import CHECKS

__all__ = ["CHECKS", "sizes"]
