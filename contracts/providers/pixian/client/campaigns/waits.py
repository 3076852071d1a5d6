"""A provider that asks for patience: 429 once and again, and silence."""

from __future__ import annotations

from contracts.cases import Campaign
from contracts.providers.pixian.client.campaigns.jobs import file
from contracts.trials import Trial, status

_LONG = 170
"""Seconds of silence that are within the documented idle timeout."""
_EXACT = 15.0
"""Virtual seconds a real second at which a wait of 4.5 seconds is not taken for one of 5, though requests are late."""
_SOON = status(429, "html", retry_after=1)
_SILENCE: dict[str, object] = {"fault": "stall", "seconds": _LONG}


def _waits() -> tuple[Trial, ...]:
    one = (file(),)
    return (
        Trial("429 once", one, script=("429",), speed=_EXACT),
        Trial("429 three times", one, script=("429", "429", "429"), speed=_EXACT),
        Trial("429 as a page, with a short Retry-After", one, script=(_SOON, _SOON), speed=_EXACT),
    )


def _silences() -> tuple[Trial, ...]:
    one = (file(),)
    return (
        Trial(f"silence for {_LONG} seconds", one, script=(_SILENCE,)),
        Trial(f"silence for {_LONG} seconds in the middle", one, script=({**_SILENCE, "after": 50},)),
    )


CAMPAIGN = Campaign("waits", "waits after 429", ("backoff.first", "backoff.linear"), _waits)
SILENCE = Campaign("silence", "waits for the answer", ("timeout",), _silences)
