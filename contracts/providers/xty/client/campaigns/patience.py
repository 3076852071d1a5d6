"""Time that pictures take, and connections that break."""

from __future__ import annotations

from contracts.cases import Campaign
from contracts.providers.xty.client.campaigns.jobs import PLAIN
from contracts.strategies.inputs import file
from contracts.trials import Trial

_LONG = 8.0
"""Seconds that a picture takes, of the documented three to ten."""


def _cases() -> tuple[Trial, ...]:
    one = (file(PLAIN.with_kind("jpeg")),)
    return (
        Trial("a picture that takes its time", one, latency=_LONG),
        Trial("silence for 9 seconds", one, script=({"fault": "stall", "seconds": 9},)),
        Trial("a connection that is closed", one, script=({"fault": "close"},)),
        Trial("a connection that is reset", one, script=({"fault": "reset"},)),
        Trial("a completion that is cut off", one, script=({"fault": "truncate", "after": 100},)),
    )


CAMPAIGN = Campaign("patience", "slow answers and broken connections", ("timeout",), _cases)
