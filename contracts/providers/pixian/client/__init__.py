"""What clients of this provider are to keep, and what they have to go through to show it."""

from contracts.providers.pixian.client.campaigns import CLIENT_CAMPAIGNS
from contracts.providers.pixian.client.checks import CLIENT_CHECKS

__all__ = ["CLIENT_CAMPAIGNS", "CLIENT_CHECKS"]
