"""Exchanges that are kept for later without being in the way: their bodies are in a temporary file."""

from __future__ import annotations

import hashlib
import tempfile
import weakref
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from contracts.model import Exchange

_SMALL = 512
"""Bytes of a body that stays in memory: to tell where it is takes as much."""


class _Place(NamedTuple):
    """Where a body is in the file."""

    start: int
    size: int


class _Kept(NamedTuple):
    """An exchange without its bodies, and where those of its request and its response are."""

    exchange: Exchange
    asked: _Place | None
    answered: _Place | None


class Archive(Mapping[int, "Exchange"]):
    """Exchanges by their numbers. Each is read from the file whenever it is asked for; equal bodies are there once."""

    def __init__(self) -> None:
        """Have no exchanges yet."""
        self._kept: dict[int, _Kept] = {}
        self._places: dict[bytes, _Place] = {}
        # It has no name, and goes with the last who knows it.
        self._file = tempfile.TemporaryFile(prefix="matteproof-")  # noqa: SIM115  it lasts as long as this does
        weakref.finalize(self, self._file.close)
        self._end = 0

    def add(self, exchange: Exchange) -> None:
        """Keep *exchange*."""
        request, response = exchange.request, exchange.response
        asked = self._put(request.body)
        answered = self._put(response.body) if response is not None else None
        if asked is not None:
            request = replace(request, body=b"")
        if response is not None and answered is not None:
            response = replace(response, body=b"")
        self._kept[exchange.number] = _Kept(replace(exchange, request=request, response=response), asked, answered)

    def keep_only(self, numbers: Container[int]) -> None:
        """Let go of all exchanges but those with these *numbers*."""
        self._kept = {number: one for number, one in self._kept.items() if number in numbers}

    def __getitem__(self, number: int) -> Exchange:
        """Return the exchange with the *number*."""
        exchange, asked, answered = self._kept[number]
        request, response = exchange.request, exchange.response
        if asked is not None:
            request = replace(request, body=self._get(asked))
        if response is not None and answered is not None:
            response = replace(response, body=self._get(answered))
        return replace(exchange, request=request, response=response)

    def __iter__(self) -> Iterator[int]:
        """Iterate over the numbers."""
        return iter(self._kept)

    def __len__(self) -> int:
        """Return how many exchanges there are."""
        return len(self._kept)

    def _put(self, body: bytes) -> _Place | None:
        """Return where *body* is in the file from now on, ``None`` for one that stays in memory."""
        if len(body) <= _SMALL:
            return None
        digest = hashlib.sha256(body).digest()
        place = self._places.get(digest)
        if place is None:
            place = self._places[digest] = _Place(self._end, len(body))
            self._file.seek(self._end)
            self._file.write(body)
            self._end += len(body)
        return place

    def _get(self, place: _Place) -> bytes:
        self._file.seek(place.start)
        return self._file.read(place.size)
