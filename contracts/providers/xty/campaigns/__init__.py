"""What is sent to a server of this provider to find out whether it keeps the rules."""

from contracts.providers.xty.campaigns import documented, errors, gateway, large, requests, results, streams

CAMPAIGNS = (
    requests.CAMPAIGN,
    results.CAMPAIGN,
    streams.CAMPAIGN,
    errors.MISSING,
    errors.INVALID,
    gateway.CAMPAIGN,
    large.CAMPAIGN,
    documented.CAMPAIGN,
)
