"""Results that break off, or that are none."""

from __future__ import annotations

from contracts.cases import Campaign
from contracts.providers.pixian.client.campaigns.jobs import PLAIN, lasting
from contracts.providers.pixian.strategies import ANSWER_CUT
from contracts.strategies.inputs import file
from contracts.trials import Trial, status

_CUT = {"fault": "truncate", "after": ANSWER_CUT}
_RESET = {"fault": "reset", "after": ANSWER_CUT}
_MISLABELLED = {"fault": "content-type", "value": "text/html"}


def _cases() -> tuple[Trial, ...]:
    one = (file(PLAIN),)
    return (
        Trial("a result that breaks off, for long", one, faults=lasting(_CUT)),
        Trial("a result that breaks off, once", one, script=(_CUT,)),
        Trial("a result whose connection is reset, once", one, script=(_RESET,)),
        Trial("a result without a byte, for long", one, faults=lasting({"fault": "truncate"})),
        Trial("text that is said to be a picture, for long", one, faults=lasting({"fault": "no-image"})),
        Trial("a page with status 200, for long", one, faults=lasting(status(200, "html"))),
        Trial("nothing with status 200, for long", one, faults=lasting(status(200, "empty"))),
        Trial("a picture that is said to be a page", one, script=(_MISLABELLED,)),
        Trial("a connection that is closed", one, script=({"fault": "close"},)),
        Trial("a connection that is reset", one, script=({"fault": "reset"},)),
    )


CAMPAIGN = Campaign("results", "results that break off, or that are none", ("success",), _cases)
