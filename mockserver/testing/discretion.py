"""Keeping secrets that clients sent out of what is shown of a test: its author may have used true ones."""

from __future__ import annotations

import binascii
from base64 import b64decode
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from contracts.cases import Credentials
from contracts.conformance.secrets import Hider
from contracts.providers import behaviour_of
from contracts.redaction import in_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contracts.model import Exchange, Job, Provider, Request, Violation

_SHORTEST = 6
"""Characters of a secret that is looked for in texts; shorter ones may be words."""
_CREDENTIALS = "authorization"


class Discretion:
    """Takes out what the requests of some exchanges hold as secrets, wherever it is repeated."""

    def __init__(self, provider: Provider, exchanges: Iterable[Exchange], job: Job) -> None:
        """Know the secrets of the *job*, and those in *exchanges* with *provider*."""
        self._behaviour, self._exchanges, self._job = behaviour_of(provider), tuple(exchanges), job

    @cached_property
    def _hiders(self) -> list[Hider]:
        """What takes out a secret each; made when something is shown, since most tests pass."""
        known = {(self._job.id, self._job.secret)}
        for exchange in self._exchanges:
            known |= set(_secrets(exchange.request, self._shown(exchange.request)))
        return [Hider(Credentials(who, secret)) for who, secret in sorted(known) if len(secret) >= _SHORTEST]

    def exchange(self, exchange: Exchange) -> Exchange:
        """Return *exchange* with a request that may be shown."""
        request = self._shown(exchange.request)
        request = replace(request, path=self.text(request.path), query=self.text(request.query))
        return replace(exchange, request=request)

    def violation(self, violation: Violation) -> Violation:
        """Return *violation* with texts that may be shown."""
        return replace(
            violation,
            where=self.text(violation.where),
            expected=self.text(violation.expected),
            received=self.text(violation.received),
            hint=self.text(violation.hint),
        )

    def text(self, text: str) -> str:
        """Return *text* without the secrets."""
        for one in self._hiders:
            text = one.text(text)
        return in_text(text)

    def data(self, data: bytes) -> bytes:
        """Return *data* without the secrets."""
        for one in self._hiders:
            data = one.data(data)
        return data

    def _shown(self, request: Request) -> Request:
        """Return *request* without what its names say is secret; the body keeps its size."""
        head = self._behaviour.without_secrets(replace(request, body=b""))
        return replace(head, body=request.body)


def _secrets(request: Request, shown: Request) -> Iterator[tuple[str, str]]:
    """Yield what *request* holds and *shown* does not, with the name of the user where there is one."""
    for (name, value), (_, left) in zip(request.headers, shown.headers, strict=False):
        if value != left:
            yield from _credentials(value) if name.lower() == _CREDENTIALS else [("", value)]
    before, after = (parse_qsl(one.query, keep_blank_values=True) for one in (request, shown))
    yield from (("", value) for (_, value), (_, left) in zip(before, after, strict=False) if value != left)


def _credentials(field: str) -> Iterator[tuple[str, str]]:
    """Yield the credentials in an ``Authorization`` *field*, also as they stand there."""
    scheme, _, token = field.partition(" ")
    yield "", token.strip() or scheme
    try:
        who, colon, secret = b64decode(token).decode().partition(":")
    except (binascii.Error, ValueError):
        return
    if colon:
        yield who, secret
