"""What clients have to go through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.providers.pixian.client.campaigns import batches, generated, refusals, requests, results, waits

if TYPE_CHECKING:
    from contracts.cases import Campaign
    from contracts.trials import Trial

CLIENT_CAMPAIGNS: tuple[Campaign[Trial], ...] = (
    requests.CAMPAIGN,
    waits.CAMPAIGN,
    waits.SILENCE,
    refusals.CAMPAIGN,
    results.CAMPAIGN,
    batches.CAMPAIGN,
    generated.JOBS,
    generated.SCRIPTS,
)
