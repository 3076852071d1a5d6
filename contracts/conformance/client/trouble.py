"""Why a client cannot be tested, or not well, by how it does a plain job."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from contracts.cases import Credentials
from contracts.checks.finding import printable, telling
from contracts.conformance.secrets import Hider
from contracts.model import Claim

if TYPE_CHECKING:
    from contracts.conformance.client.story import Story
    from contracts.model import Exchange, Outcome

_SHOWN = 300
"""Characters of what a client says, or a provider answers, that are repeated."""
_ADDRESS = "the address in MATTEPROOF_BASE_URL"


def trouble_with(story: Story, patience: float) -> str:
    """Return why a client cannot be tested that did a plain job as in *story*, in *patience* seconds, or nothing."""
    outcome = story.timeline.outcome
    trouble = "" if outcome is None else _end(story, outcome, patience) or _start(story, outcome) or _result(outcome)
    return f"The client {trouble}. {_said(story)}" if trouble else ""


def _end(story: Story, outcome: Outcome, patience: float) -> str:
    """Return that the client has not ended, or does not want to do such jobs."""
    if outcome.claim is Claim.UNABLE:
        return "says, with status 77, that it cannot do a plain job with one picture"
    if outcome.claim is not Claim.NONE:
        return ""
    never = "" if story.timeline.exchanges else f" and sent no request to the API at {_ADDRESS}"
    return f"did not end within {patience:g} seconds{never}; --timeout gives it more"


def _start(story: Story, outcome: Outcome) -> str:
    """Return that the client has not asked for anything to be done."""
    requests = [one.request for one in story.timeline.exchanges]
    ended = "claims success" if outcome.claim is Claim.SUCCESS else "reports failure"
    if not requests:
        return f"{ended} and sent no request to the API at {_ADDRESS}"
    if any(one.body for one in requests):
        return ""
    asked = " and ".join(dict.fromkeys(f"{one.method} {one.path}" for one in requests))
    return f"{ended} and never sent a picture; all that it asked for is {printable(asked)}"


def _result(outcome: Outcome) -> str:
    """Return that the client has written nothing that can be looked at."""
    if outcome.claim is not Claim.SUCCESS or any(outcome.outputs):
        return ""
    if outcome.obstacle:
        return f"claims success, and at the path in MATTEPROOF_OUTPUT there is {outcome.obstacle}"
    return "claims success and has written nothing to the path in MATTEPROOF_OUTPUT"


def failure_in(story: Story) -> str:
    """Return that the client has failed the plain job of *story*, what it said and what the provider had answered."""
    answers = " and ".join(dict.fromkeys(map(_answer, story.timeline.exchanges)))
    return (
        f"The client failed the plain job ({story.trial.name}), twice. The provider answered {answers}. {_said(story)}"
    )


def words_of(story: Story) -> str:
    """Return what tells most of what the client says in *story*, in a line and without secrets."""
    return telling(_hidden(story, story.timeline.outcome.said)) if story.timeline.outcome is not None else ""


def _said(story: Story) -> str:
    """Return what the client said in *story*, in a sentence."""
    said = " ".join(story.timeline.outcome.said.split()) if story.timeline.outcome is not None else ""
    return f"It said: {printable(_hidden(story, said)[-_SHOWN:])}" if said else "It said nothing."


def _answer(exchange: Exchange) -> str:
    """Return what the provider answered in *exchange*."""
    response = exchange.response
    if response is None:
        return "nothing"
    try:
        phrase = f" {HTTPStatus(response.status).phrase}"
    except ValueError:
        phrase = ""
    body = " ".join(response.body[:_SHOWN].decode(errors="replace").split())
    return f"{response.status}{phrase}" + (f" with {printable(body)}" if body.isprintable() and body else "")


def _hidden(story: Story, text: str) -> str:
    """Return *text* without the secret of the job of *story*."""
    job = story.timeline.job
    return text if job is None else Hider(Credentials(job.id, job.secret)).text(text)
