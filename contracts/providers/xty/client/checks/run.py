"""What the calls of one run of a client tell together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from contracts.providers.xty.client.checks.place import place_at, place_of, plain_origin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contracts.model import Job
    from contracts.providers.xty.client.checks.call import ClientCall
    from contracts.providers.xty.client.checks.place import Place

_REDIRECTS = range(300, 400)
_ASKS_FOR_NOTHING = frozenset({"HEAD", "OPTIONS"})


@dataclass(eq=False)
class Run:
    """The calls of one run, in order, and the job that they were made for, if it is known."""

    calls: Sequence[ClientCall]
    job: Job | None

    @cached_property
    def origins(self) -> frozenset[str]:
        """Where the API is: as the job has it, or else where pictures were sent."""
        if self.job is not None:
            return frozenset({plain_origin(self.job.origin)})
        return frozenset(plain_origin(call.request.origin) for call in self.calls if call.is_chat)

    @cached_property
    def redirected(self) -> Mapping[Place, int]:
        """Where redirects have led to, and the numbers of the first exchanges that led there."""
        found: dict[Place, int] = {}
        for call in self.calls:
            location = call.header("Location") if call.status in _REDIRECTS else None
            place = place_at(location, url_of(call)) if location is not None else None
            if place is not None:
                found.setdefault(place, call.exchange.number)
        return found

    @cached_property
    def completed(self) -> Mapping[Place, Sequence[ClientCall]]:
        """The completions that arrived whole, in order, by where their results are."""
        found: dict[Place, list[ClientCall]] = {}
        for call in self.calls:
            place = call.result_place
            if place is not None:
                found.setdefault(place, []).append(call)
        return found

    @cached_property
    def fetches(self) -> Mapping[ClientCall, Sequence[ClientCall]]:
        """The requests that fetch results, in order, by their completions."""
        found: dict[ClientCall, list[ClientCall]] = {}
        for call in self.calls:
            if call.fetched is not None:
                found.setdefault(call.fetched, []).append(call)
        return found

    @cached_property
    def strays(self) -> Sequence[ClientCall]:
        """The requests that fetch no result, are for no operation, and were not sent there by a redirect, in order."""
        return [
            call
            for call in self.calls
            if call.fetched is None
            and not call.is_in_api
            and call.request.method not in _ASKS_FOR_NOTHING
            and not self.was_redirected(call)
        ]

    def was_redirected(self, call: ClientCall) -> bool:
        """Tell whether a redirect before *call* led to where that goes."""
        first = self.redirected.get(place_of(call.request))
        return first is not None and first < call.exchange.number


def url_of(call: ClientCall) -> str:
    """Return the URL of the request of *call*."""
    request = call.request
    return f"{request.origin}{request.path}" + (f"?{request.query}" if request.query else "")
