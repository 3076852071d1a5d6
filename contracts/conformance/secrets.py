"""Keeping credentials out of whatever leaves a run: reports and recordings."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from contracts.cases import Credentials
from contracts.conformance.spelling import octets_of, pattern_of
from contracts.model import Exchange, Headers, Request, Response, Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contracts.conformance.client.story import Story
    from contracts.conformance.run import Run

HIDDEN = "[redacted]"
_SHORTEST = 3
"""Characters of a secret that is looked for in texts; shorter ones are words that stand there by chance."""


def without_secrets(run: Run, credentials: Credentials, shown: Callable[[Request], Request]) -> Run:
    """Return *run* without the secret of *credentials*, also where a server has sent it back.

    *shown* takes out of a request what proves who the caller is.
    """
    hide = Hider(credentials)
    return replace(
        run,
        judgements=tuple(
            replace(
                judgement,
                violations=tuple(_violation(one, hide) for one in judgement.violations),
                troubles=tuple(hide.text(one) for one in judgement.troubles),
            )
            for judgement in run.judgements
        ),
        exchanges=_Hidden(run.exchanges, shown, hide),
        stopped=hide.text(run.stopped),
        failure=hide.text(run.failure),
        notes=tuple(hide.text(note) for note in run.notes),
        descriptions=_texts(run.descriptions, hide),
        reproductions=_texts(run.reproductions, hide),
        stories={number: _story(story, hide) for number, story in run.stories.items()},
    )


class Hider:
    """Replaces a secret, in all ways that it is sent and sent back."""

    def __init__(self, credentials: Credentials) -> None:
        """Look for the secret of *credentials*, alone and in the token of HTTP Basic."""
        ways = sorted({way for way in _ways(credentials) if len(way) >= _SHORTEST}, key=len, reverse=True)
        # What never matches stands for no way at all.
        text, octets = "|".join(map(pattern_of, ways)) or "(?!)", b"|".join(map(octets_of, ways)) or b"(?!)"
        self._text, self._name, self._octets = re.compile(text), re.compile(text, re.IGNORECASE), re.compile(octets)

    def text(self, text: str) -> str:
        """Return *text* without the secret."""
        return self._text.sub(HIDDEN, text)

    def name(self, name: str) -> str:
        """Return *name*, of a header field, without the secret; servers and libraries change the case of names."""
        return self._name.sub(HIDDEN, name)

    def data(self, data: bytes) -> bytes:
        """Return *data* without the secret."""
        return self._octets.sub(HIDDEN.encode(), data)


class _Hidden(Mapping[int, Exchange]):
    """Exchanges without the secret, which is taken out whenever one is asked for: all at once may be large."""

    def __init__(self, exchanges: Mapping[int, Exchange], shown: Callable[[Request], Request], hide: Hider) -> None:
        self._exchanges, self._shown, self._hide = exchanges, shown, hide

    def __getitem__(self, number: int) -> Exchange:
        return _exchange(self._exchanges[number], self._shown, self._hide)

    def __iter__(self) -> Iterator[int]:
        return iter(self._exchanges)

    def __len__(self) -> int:
        return len(self._exchanges)


def _ways(credentials: Credentials) -> Iterator[str]:
    """Yield the secret, and it alone and with the id in base64, without the padding."""
    yield credentials.secret
    for text in (f"{credentials.id}:{credentials.secret}", credentials.secret):
        for encoding in ("utf-8", "latin-1"):
            yield base64.b64encode(text.encode(encoding, "replace")).decode().rstrip("=")


def _texts(texts: Mapping[int, str], hide: Hider) -> dict[int, str]:
    return {number: hide.text(text) for number, text in texts.items()}


def _story(story: Story, hide: Hider) -> Story:
    """Return *story*, in which the client says nothing that nobody may see; it had credentials of its own."""
    timeline = story.timeline
    job, outcome = timeline.job, timeline.outcome
    if outcome is None:
        return story
    own = hide if job is None else Hider(Credentials(job.id, job.secret))
    said = hide.text(own.text(outcome.said))
    return replace(story, timeline=replace(timeline, outcome=replace(outcome, said=said)))


def _violation(violation: Violation, hide: Hider) -> Violation:
    return replace(
        violation,
        where=hide.text(violation.where),
        expected=hide.text(violation.expected),
        received=hide.text(violation.received),
        hint=hide.text(violation.hint),
    )


def _exchange(exchange: Exchange, shown: Callable[[Request], Request], hide: Hider) -> Exchange:
    request = shown(exchange.request)
    request = replace(
        request,
        # The address of a result is one that the server has made.
        path=hide.text(request.path),
        query=hide.text(request.query),
        headers=_headers(request.headers, hide),
        body=hide.data(request.body),
        origin=hide.text(request.origin),
    )
    response = exchange.response
    if response is not None:
        response = Response(response.status, _headers(response.headers, hide), hide.data(response.body))
    return replace(exchange, request=request, response=response)


def _headers(headers: Headers, hide: Hider) -> Headers:
    return Headers(tuple((hide.name(name), hide.text(value)) for name, value in headers))
