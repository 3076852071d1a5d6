"""The way from the completion to the output, with all that can befall a result."""

from __future__ import annotations

from contracts.cases import Campaign
from contracts.providers.xty.client.campaigns.jobs import CHAT, PLAIN, RESULT, always, once
from contracts.strategies.inputs import file
from contracts.trials import ELSEWHERE, HERE, Trial, status

_CUT = {"fault": "truncate", "after": 150}
_RESET = {"fault": "reset", "after": 150}
_MISLABELLED = {"fault": "content-type", "value": "text/plain"}
_TO_ANOTHER_HOST = {"fault": "redirect", "location": f"{ELSEWHERE}/files/elsewhere.png"}
_HOSTED_ELSEWHERE = {"fault": "replace", "text": f"{HERE}/files", "by": f"{ELSEWHERE}/files"}
_API_ELSEWHERE = {"fault": "redirect", "location": f"{ELSEWHERE}/v1/chat/completions", "status": 307}


def _cases() -> tuple[Trial, ...]:
    one = (file(PLAIN),)
    return (
        Trial("a result that is gone", one, faults=(always(CHAT, {"fault": "expire"}),)),
        Trial("a result that breaks off", one, faults=(always(RESULT, _CUT),)),
        Trial("a result whose connection is reset", one, faults=(once(RESULT, _RESET),)),
        Trial("a page in place of the result", one, faults=(always(RESULT, status(200, "html")),)),
        Trial("text in place of the result", one, faults=(always(CHAT, {"fault": "no-image"}),)),
        Trial("a result that is called text", one, faults=(always(RESULT, _MISLABELLED),)),
        Trial("a result on another host", one, faults=(once(RESULT, _TO_ANOTHER_HOST),)),
        Trial("results that another host has", one, faults=(always(CHAT, _HOSTED_ELSEWHERE),)),
        Trial("an API that has moved", one, faults=(once(CHAT, _API_ELSEWHERE),)),
    )


CAMPAIGN = Campaign(
    "results",
    "results that are gone, broken, or something else",
    (
        "auth.other-hosts",
        "result",
        "success.result-status",
        "success.output-truncated",
        "success.output-not-image",
        "success.output-missing",
    ),
    _cases,
)
