"""Errors of all forms, some that pass and some that stay."""

from __future__ import annotations

from contracts.cases import Campaign
from contracts.providers.pixian.client.campaigns.jobs import PLAIN, lasting
from contracts.strategies.inputs import file
from contracts.trials import Trial, status

_WATCHFUL = 4.0
"""Virtual seconds a real second at which a moment can still be told from none."""
_FOR_GOOD = ("unreadable-image", "wrong-secret", "out-of-credits", "too-many-bytes", "408")
"""What no second try can change."""
_ELSEWHERE = {"fault": "redirect", "location": "/elsewhere"}


def _cases() -> tuple[Trial, ...]:
    one = (file(PLAIN),)
    return (
        Trial("two errors of the server", one, script=("workers-overloaded", status(500, "html")), speed=_WATCHFUL),
        *(Trial(f"{word} for long", one, faults=lasting(word)) for word in _FOR_GOOD),
        Trial("for long status 404 with a page", one, faults=lasting(status(404, "html"))),
        Trial("for long status 403 with nothing", one, faults=lasting(status(403, "empty"))),
        Trial("for long status 500, with a usual code", one, faults=lasting("internal-1025")),
        Trial("for long status 503, with a negative code", one, faults=lasting("workers-overloaded")),
        Trial("for long status 500 with a page", one, faults=lasting(status(500, "html"))),
        Trial("for long status 502 with nothing", one, faults=lasting(status(502, "empty"))),
        Trial("for long status 500 with half an error", one, faults=lasting(status(500, "malformed"))),
        Trial("a redirect to nowhere", one, script=(_ELSEWHERE,)),
    )


CAMPAIGN = Campaign(
    "refusals",
    "errors of all forms, and what becomes of them",
    ("error", "success.status", "success.error-body", "success.output"),
    _cases,
)
