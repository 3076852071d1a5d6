"""What clients have to go through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.providers.xty.client.campaigns import batches, generated, patience, refusals, requests, results

if TYPE_CHECKING:
    from contracts.cases import Campaign
    from contracts.trials import Trial

CLIENT_CAMPAIGNS: tuple[Campaign[Trial], ...] = (
    requests.CAMPAIGN,
    refusals.CAMPAIGN,
    results.CAMPAIGN,
    patience.CAMPAIGN,
    batches.CAMPAIGN,
    generated.JOBS,
    generated.SCRIPTS,
)
