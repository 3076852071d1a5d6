"""What is sent to a server of this provider to find out whether it keeps the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.cases import Campaign

CAMPAIGNS: tuple[Campaign, ...] = ()
