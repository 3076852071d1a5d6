"""Runs of clients made by hand, and what the checks say of them."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from contracts.model import Claim, Ending, Exchange, Headers, Input, Job, Outcome, Request, Response, Timeline
from contracts.providers.pixian.campaigns.form import upload
from contracts.providers.pixian.client.checks import CLIENT_CHECKS
from contracts.strategies import Drawing, draw
from tests.contracts.checks.found import found_by, topic
from tests.contracts.checks.pixian.exchanges import NOW, refusal, result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contracts.model import Handshakes
    from tests.contracts.checks.found import Found

ORIGIN = "http://localhost:8080"
PICTURE, OTHER = draw(Drawing()), draw(Drawing(foreground=(10, 90, 20), kind="jpeg"))
ANSWER, OTHER_ANSWER = draw(Drawing(left=30)).data, draw(Drawing(left=40)).data
JOB = Job((Input("picture.png", PICTURE.data),), {}, ORIGIN, "me", "secret")
UPLOAD = upload(PICTURE)
SORRY: dict[str, Any] = {"claim": Claim.FAILURE, "outputs": (None,), "said": "Something is wrong."}
"""How a run ends that tells of an error."""
LATE: dict[str, Any] = {"claim": Claim.NONE, "outputs": (None,), "ended": 600.0}
"""How a run ends that is stopped when its time is over."""
RESULT = result(body=ANSWER)
TOO_MANY, BUSY, WRONG = refusal(429, 1015), refusal(503, 3), refusal(400, 1006)


@dataclass(frozen=True)
class Try:
    """A request at a moment, in seconds from the start, and what became of it.

    ``lasts`` is for how many seconds it was open, and ``heard`` after how many the answer began, by default at the end.
    ``sent`` is how many bytes of the answer's body went out. ``who`` has the credentials. ``thread``
    is the number of the thread, if it is known.
    """

    at: float = 0.0
    response: Response | None = RESULT
    request: Request = UPLOAD
    lasts: float = 0.0
    ending: Ending = Ending.DONE
    sent: int | None = None
    who: str = "me:secret"
    heard: float | None = None
    thread: int = 0

    def exchange(self, number: int) -> Exchange:
        """Return the exchange, signed unless it says itself who it is from."""
        received = NOW + self.at
        headers = self.request.headers
        if self.who and "Authorization" not in headers:
            coded = base64.b64encode(self.who.encode()).decode()
            headers = headers.with_fields(("Authorization", f"Basic {coded}"))
        origin = ORIGIN if self.request.origin == "http://localhost" else self.request.origin
        request = replace(self.request, headers=headers, origin=origin)
        ended = received + self.lasts
        heard = self.lasts if self.heard is None else self.heard
        answered = received + heard if self.response is not None else None
        times = (received, ended, self.ending, self.sent, answered)
        return Exchange(number, number, request, self.response, *times, self.thread)


def left(at: float, lasts: float, **changes: object) -> Try:
    """Return a try that got no answer before the client left."""
    return replace(Try(at, None, lasts=lasts, ending=Ending.GONE), **changes)  # type: ignore[arg-type]


def run(  # noqa: PLR0913  a run has that much to it, and mostly little of it matters
    *tries: Try,
    job: Job | None = JOB,
    claim: Claim | None = Claim.SUCCESS,
    outputs: Sequence[bytes | None] = (ANSWER,),
    said: str = "",
    ended: float = 1000.0,
    jitter: float = 0.0,
    handshakes: Handshakes | None = None,
    pictures: Mapping[str, bytes] | None = None,
) -> Timeline:
    """Return the timeline of *tries* for *job*, and of how it *ended*, in seconds from the start."""
    outcome = None if claim is None or job is None else Outcome(claim, tuple(outputs), said, NOW + ended)
    exchanges = tuple(one.exchange(number) for number, one in enumerate(tries))
    return Timeline(exchanges, pictures or {}, job, outcome, handshakes, jitter)


def judged(timeline: Timeline) -> Found:
    """Return what the checks, none of which may fail, find in *timeline*; what is broken once is not kept."""
    found = found_by(CLIENT_CHECKS, timeline)
    assert not found.troubled
    return replace(found, kept=found.kept - found.broken)


def hint(timeline: Timeline, rule: str) -> str:
    """Return the hint of the first violation of the *rule*, named by its topic, in *timeline*."""
    return next(
        one.violation.hint
        for one in CLIENT_CHECKS.judge(timeline)
        if one.violation is not None and topic(one.rule) == rule
    )


def with_headers(request: Request, **fields: str) -> Request:
    """Return *request* with the header *fields* in place of those of the same names; ``_`` stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    kept = tuple(pair for pair in request.headers if pair[0] not in named)
    return replace(request, headers=Headers((*kept, *named.items())))
