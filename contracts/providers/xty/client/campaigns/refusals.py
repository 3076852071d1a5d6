"""Answers in place of a completion: errors of all forms, and what only looks like success."""

from __future__ import annotations

from contracts.cases import Campaign
from contracts.providers.xty.client.campaigns.jobs import CHAT, PLAIN, STEADY, WATCHFUL, always
from contracts.strategies.inputs import file
from contracts.trials import Trial, status

_MANY = 12
"""Tries that are more than a few; who never gives up ends here as well, and so in time."""
_FORMS = ("upstream-saturated", status(429, "empty"), status(429, "html"))
"""What a gateway may say that has had enough: its limiter often says nothing."""
_BUSY = {"fault": "error", "name": "upstream-saturated", "retry_after": 6}


def _cases() -> tuple[Trial, ...]:
    one = (file(PLAIN),)
    return (
        Trial("too many requests, once", one, script=("upstream-saturated",), speed=WATCHFUL),
        Trial("too many requests, and more of them", one, script=_FORMS, speed=STEADY),
        Trial("too many requests, and when to come again", one, script=(_BUSY,), speed=STEADY),
        Trial("an error of the server", one, script=("internal",), speed=WATCHFUL),
        Trial("errors that are no JSON", one, script=(status(502, "html"), status(503, "empty")), speed=WATCHFUL),
        Trial("an error that stays", one, faults=(always(CHAT, status(500, "html")),)),
        Trial("an error that is cut off", one, faults=(always(CHAT, status(500, "malformed")),)),
        Trial("no such model, time and again", one, script=("model-not-found",) * _MANY),
        *(
            Trial(f"the error {name}", one, faults=(always(CHAT, name),))
            for name in ("image-unreadable", "bad-token", "quota-exhausted", "body-too-large", "unknown-path")
        ),
        Trial("an error with status 200", one, faults=(always(CHAT, status(200, "json")),)),
        Trial("a page with status 200", one, faults=(always(CHAT, status(200, "html")),)),
        Trial("nothing with status 200", one, faults=(always(CHAT, status(200, "empty")),)),
    )


CAMPAIGN = Campaign(
    "refusals",
    "errors of all forms, and what becomes of them",
    ("retry", "error", "success.status", "success.error-object", "success.not-a-completion"),
    _cases,
)
