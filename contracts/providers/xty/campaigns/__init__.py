"""What is sent to a server of this provider to find out whether it keeps the rules."""

from contracts.providers.xty import PROVIDER
from contracts.providers.xty.campaigns import errors, gateway, large, requests, results, streams
from contracts.strategies.campaign import documented_campaign

CAMPAIGNS = (
    requests.CAMPAIGN,
    results.CAMPAIGN,
    streams.CAMPAIGN,
    errors.MISSING,
    errors.INVALID,
    gateway.CAMPAIGN,
    large.CAMPAIGN,
    documented_campaign(PROVIDER.folder, ("error", "status", "media-type", "models", "completion"), 1.0),
)
