"""Judging: what checks are made of, and how they look at pictures. The checks themselves are with their providers."""

from contracts.checks.call import Call
from contracts.checks.finding import KEPT, Broken, Finding, Kept, demand, equal, quoting, shown
from contracts.checks.registry import Checks, Outcome

__all__ = ["KEPT", "Broken", "Call", "Checks", "Finding", "Kept", "Outcome", "demand", "equal", "quoting", "shown"]
