"""What is sent to a server of this provider to find out whether it keeps the rules."""

from contracts.providers.pixian.campaigns import access, answers, credit, images, limits, requests, sizes, versions

CAMPAIGNS = (
    access.CAMPAIGN,
    answers.CAMPAIGN,
    requests.CAMPAIGN,
    images.CAMPAIGN,
    limits.CAMPAIGN,
    credit.CAMPAIGN,
    versions.CAMPAIGN,
    sizes.CAMPAIGN,
)
