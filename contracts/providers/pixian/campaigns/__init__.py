"""What is sent to a server of this provider to find out whether it keeps the rules."""

from contracts.providers.pixian import PROVIDER
from contracts.providers.pixian.campaigns import (
    access,
    answers,
    background,
    credit,
    crop,
    delta,
    images,
    layouts,
    limits,
    margin,
    output,
    requests,
    shrinking,
    sizes,
    target,
    versions,
    watermark,
)
from contracts.strategies.campaign import documented_campaign

CAMPAIGNS = (
    access.CAMPAIGN,
    answers.CAMPAIGN,
    requests.CAMPAIGN,
    images.CAMPAIGN,
    limits.CAMPAIGN,
    credit.CAMPAIGN,
    versions.CAMPAIGN,
    sizes.CAMPAIGN,
    shrinking.CAMPAIGN,
    background.CAMPAIGN,
    crop.CAMPAIGN,
    margin.CAMPAIGN,
    target.CAMPAIGN,
    output.CAMPAIGN,
    delta.CAMPAIGN,
    watermark.CAMPAIGN,
    layouts.CAMPAIGN,
    documented_campaign(PROVIDER.folder, ("error", "success", "parameter", "account"), 32.0),
)
