"""What the calls of one timeline tell together of the server."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from contracts.providers.xty.checks.address import address_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contracts.providers.xty.checks.call import Call


@dataclass(eq=False)
class Company:
    """The calls of one timeline, and what they tell of the server together."""

    calls: Sequence[Call]

    @cached_property
    def data_urls_work(self) -> bool:
        """Whether any picture in a ``data:`` URL was accepted."""
        return any(call.is_completed and call.question.data_url is not None for call in self.calls)

    @cached_property
    def served_pictures(self) -> frozenset[bytes | None]:
        """The pictures, as bytes, in right requests that were served."""
        return frozenset(call.sent_picture for call in self.calls if call.is_served)

    @cached_property
    def refused_kinds(self) -> frozenset[str]:
        """The kinds of pictures in data URLs of plain and right requests that were said to be wrong."""
        refused = (call for call in self.calls if call.question.data_url is not None and call.is_said_to_be_wrong)
        return frozenset(call.input.kind for call in refused if call.is_right and call.input and not call.oddities)

    @cached_property
    def refused_pictures(self) -> frozenset[bytes]:
        """The pictures, as bytes, in data URLs that were said to be wrong."""
        refused = (call for call in self.calls if call.is_chat and call.is_said_to_be_wrong)
        return frozenset(source.data for call in refused if (source := call.question.data_url) is not None)

    @cached_property
    def keys_are_shown(self) -> bool:
        """Whether requests are known with their keys; some programs leave all of them out of what they record."""
        return any("Authorization" in call.request.headers for call in self.calls)

    @cached_property
    def is_alive(self) -> bool:
        """Whether the API answers anything without failing."""
        return any(call.is_in_api and 0 < call.status < 500 for call in self.calls)

    @cached_property
    def completions(self) -> Mapping[str, Sequence[Call]]:
        """The completions, in order, by the addresses of their results."""
        found: dict[str, list[Call]] = {}
        for call in self.calls:
            request = call.result_request()
            if request is not None:
                found.setdefault(address_of(request), []).append(call)
        return found

    @cached_property
    def folders(self) -> frozenset[str]:
        """The addresses of results, without what stands behind the last slash."""
        return frozenset(address.rpartition("/")[0] for address in self.completions)

    def is_neighbour(self, call: Call) -> bool:
        """Tell whether *call* asks for a file beside the results, which is none that is known."""
        address = address_of(call.request)
        return address.rpartition("/")[0] in self.folders and address not in self.completions
