"""What clients have to go through."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.cases import Campaign
    from contracts.trials import Trial

CLIENT_CAMPAIGNS: tuple[Campaign[Trial], ...] = ()
