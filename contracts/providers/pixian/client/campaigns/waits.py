"""A provider that asks for patience: 429 once and again, and silence."""

from __future__ import annotations

from contracts.cases import Campaign
from contracts.providers.pixian.client.campaigns.jobs import PLAIN
from contracts.strategies.inputs import file
from contracts.trials import Trial, status

_LONG, _LONGEST = 170, 179
"""Seconds of silence that are within the documented idle timeout, the second only just."""
_EXACT = 15.0
"""Virtual seconds a real second at which a wait of 4.5 seconds is not taken for one of 5, though requests are late."""
_FAST = 30.0
"""Virtual seconds a real second at which five seconds more or less can be told from none, early ends included."""
_RUN = (status(429, "empty"), "429", status(429, "html"), status(429, "malformed"), "429", status(429, "empty"), "429")
"""More in a row than most waits grow for, in all forms that an error may have."""
_SOON = status(429, "html", retry_after=1)
_SILENCE: dict[str, object] = {"fault": "stall", "seconds": _LONG}


def _waits() -> tuple[Trial, ...]:
    one = (file(PLAIN),)
    return (
        Trial("429 once", one, script=("429",), speed=_EXACT),
        Trial("429 three times", one, script=("429", "429", "429"), speed=_EXACT),
        Trial("429 seven times, in all forms", one, script=_RUN, speed=_FAST),
        Trial("429 as a page, with a short Retry-After", one, script=(_SOON, _SOON), speed=_EXACT),
    )


def _silences() -> tuple[Trial, ...]:
    one = (file(PLAIN),)
    return (
        Trial(f"silence for {_LONGEST} seconds", one, script=({**_SILENCE, "seconds": _LONGEST},), speed=_FAST),
        Trial(f"silence for {_LONG} seconds in the middle", one, script=({**_SILENCE, "after": 50},)),
    )


CAMPAIGN = Campaign("waits", "waits after 429", ("backoff.first", "backoff.linear"), _waits)
SILENCE = Campaign("silence", "waits for the answer", ("timeout",), _silences)
