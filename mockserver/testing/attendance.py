"""Who came to the provider during one test, and which of the calls are that test's own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from contracts.clock import Clock, stopwatch
from mockserver.journal import Filter
from mockserver.testing.journal import Call, Calls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.model import Provider
    from mockserver.journal import Entry
    from mockserver.testing.house import House

_CALM = 0.25
"""Real seconds for which an answer that was given may still be on its way into the journal."""
_GLANCE = 0.001
"""Real seconds between two looks."""
_NO_CONNECTION = 0


class Attendance:
    """What the client of one test did: all that ``provider`` was asked since, but for other tests' mocks.

    ``tenant`` is the test's own; ``in_process`` tells whether its client comes without a socket.
    """

    def __init__(self, house: House, provider: Provider, tenant: str, *, in_process: bool) -> None:
        """Begin with the next call to the server of *house*."""
        self._house = house
        self._journal = house.mock.journal
        self._provider = provider
        self._tenant = tenant
        self._in_process = in_process
        self._first = self._journal.next_number

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the calls in the journal."""
        return tuple(entry.number for entry in self._entries())

    def calls(self) -> Calls:
        """Return all calls, once the answers that were given are noted."""
        began, pause = stopwatch(), Clock()
        entries = self._entries()
        while any(one.ending is None for one in entries) and self._house.due is None and stopwatch() - began < _CALM:
            pause.sleep(_GLANCE)
            entries = self._entries()
        return Calls([Call.of(entry, self._house.exchange(entry)) for entry in entries], self._wait)

    def strangers(self) -> list[str]:
        """Return a sentence if there were calls with other credentials than the test's."""
        count = sum(entry.tenant not in {"", self._tenant} for entry in self._entries())
        return (
            [f"Calls with other credentials than .credentials: {count}; script, credits and faults are not theirs."]
            if count
            else []
        )

    def strays(self) -> list[str]:
        """Return a sentence for each test before whose credentials were used since this one began."""
        entries = self._journal.find(Filter(since=self._first))
        reasons = Counter(filter(None, (self._house.mock.state.tenants.obituary(one.tenant) for one in entries)))
        return [f"Calls refused for their credentials: {count}; {why}." for why, count in reasons.items()]

    def _wait(self, count: int, seconds: float) -> Calls:
        """Return the calls as soon as *count* have ended, or after so many real *seconds*.

        Nothing is looked at meanwhile, so that virtual time can pass.
        """
        began, wanted = stopwatch(), Filter(since=self._first)
        while sum(one.ending is not None for one in self._entries()) < count and stopwatch() - began < seconds:
            ended = sum(one.ending is not None for one in self._journal.find(wanted))
            self._journal.wait(wanted, ended + 1, seconds - (stopwatch() - began))
        return self.calls()

    def _entries(self) -> Sequence[Entry]:
        return [entry for entry in self._journal.find(Filter(since=self._first)) if self._is_ours(entry)]

    def _is_ours(self, entry: Entry) -> bool:
        if (entry.connection == _NO_CONNECTION) is not self._in_process:
            return False
        if entry.tenant:
            return entry.tenant == self._tenant or not self._house.is_guest(entry.tenant)
        service = self._house.mock.engine.claimant(entry.request.path)
        return service is None or service.provider == self._provider
