"""What is sent to a server of this provider to find out whether it keeps the rules."""

from contracts.providers.pixian.campaigns import sizes

CAMPAIGNS = (sizes.CAMPAIGN,)
