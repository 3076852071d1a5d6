"""The checks of the rules about this provider's servers, by topic."""

from contracts.providers.xty.checks import acceptance, completions, errors, gateway, likeness, results, streams
from contracts.providers.xty.checks.registry import CHECKS

__all__ = ["CHECKS", "acceptance", "completions", "errors", "gateway", "likeness", "results", "streams"]
