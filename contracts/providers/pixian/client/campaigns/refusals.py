"""Errors of all forms, some that pass and some that stay."""

from __future__ import annotations

from contracts.cases import Campaign
from contracts.providers.pixian.client.campaigns.jobs import always, file, status
from contracts.trials import Trial

_WATCHFUL = 4.0
"""Virtual seconds a real second at which a moment can still be told from none."""
_FOR_GOOD = ("unreadable-image", "wrong-secret", "out-of-credits", "403", "too-many-bytes", "408")
"""What no second try can change."""
_ELSEWHERE = {"fault": "redirect", "location": "/elsewhere"}


def _cases() -> tuple[Trial, ...]:
    one = (file(),)
    return (
        Trial("two errors of the server", one, script=("workers-overloaded", status(500, "html")), speed=_WATCHFUL),
        *(Trial(f"always the answer {word}", one, faults=always(word)) for word in _FOR_GOOD),
        Trial("always status 500, with a usual code", one, faults=always("internal-1025")),
        Trial("always status 503, with a negative code", one, faults=always("workers-overloaded")),
        Trial("always status 500 with a page", one, faults=always(status(500, "html"))),
        Trial("always status 502 with nothing", one, faults=always(status(502, "empty"))),
        Trial("always status 500 with half an error", one, faults=always(status(500, "malformed"))),
        Trial("a redirect to nowhere", one, script=(_ELSEWHERE,)),
    )


CAMPAIGN = Campaign(
    "refusals",
    "errors of all forms, and what becomes of them",
    ("error", "success.status", "success.error-body", "success.output"),
    _cases,
)
