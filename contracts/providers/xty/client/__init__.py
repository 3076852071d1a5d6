"""What clients of this provider are to keep, and what they have to go through to show it."""

from contracts.providers.xty.client.campaigns import CLIENT_CAMPAIGNS
from contracts.providers.xty.client.checks import CLIENT_CHECKS

__all__ = ["CLIENT_CAMPAIGNS", "CLIENT_CHECKS"]
