"""Keeping credentials out of whatever leaves a run: reports and recordings."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from contracts.model import Exchange, Headers, Request, Response, Violation

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.cases import Credentials
    from contracts.conformance.run import Run

HIDDEN = "[redacted]"
_SHORTEST = 3
"""Characters of a secret that is looked for in texts; shorter ones are words that stand there by chance."""


def without_secrets(run: Run, credentials: Credentials, shown: Callable[[Request], Request]) -> Run:
    """Return *run* without the secret of *credentials*, also where a server has sent it back.

    *shown* takes out of a request what proves who the caller is.
    """
    hide = _Hider(credentials)
    return replace(
        run,
        judgements=tuple(
            replace(
                judgement,
                violations=tuple(hide.violation(one) for one in judgement.violations),
                troubles=tuple(hide.text(one) for one in judgement.troubles),
            )
            for judgement in run.judgements
        ),
        exchanges={number: hide.exchange(exchange, shown) for number, exchange in run.exchanges.items()},
        stopped=hide.text(run.stopped),
        descriptions={number: hide.text(text) for number, text in run.descriptions.items()},
        reproductions={number: hide.text(command) for number, command in run.reproductions.items()},
    )


class _Hider:
    """Replaces a secret, in the ways that it is sent."""

    def __init__(self, credentials: Credentials) -> None:
        pair = f"{credentials.id}:{credentials.secret}".encode()
        secret = credentials.secret
        ways = {secret, quote(secret, safe=""), *(base64.b64encode(one).decode() for one in (pair, secret.encode()))}
        self._ways = sorted((way for way in ways if len(way) >= _SHORTEST), key=len, reverse=True)

    def text(self, text: str) -> str:
        for way in self._ways:
            text = text.replace(way, HIDDEN)
        return text

    def data(self, data: bytes) -> bytes:
        for way in self._ways:
            data = data.replace(way.encode(), HIDDEN.encode())
        return data

    def violation(self, violation: Violation) -> Violation:
        return replace(
            violation,
            where=self.text(violation.where),
            expected=self.text(violation.expected),
            received=self.text(violation.received),
            hint=self.text(violation.hint),
        )

    def exchange(self, exchange: Exchange, shown: Callable[[Request], Request]) -> Exchange:
        request = shown(exchange.request)
        request = replace(request, query=self.text(request.query), body=self.data(request.body))
        response = exchange.response
        if response is not None:
            headers = Headers(tuple((name, self.text(value)) for name, value in response.headers))
            response = Response(response.status, headers, self.data(response.body))
        return replace(exchange, request=request, response=response)
