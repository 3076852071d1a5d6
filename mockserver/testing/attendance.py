"""Who came to the provider during one test, and which of the calls are that test's own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from contracts.clock import Clock, stopwatch
from mockserver.journal import Filter
from mockserver.testing.journal import Call, Calls

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from contracts.model import Provider
    from mockserver.journal import Entry
    from mockserver.testing.house import House

_CALM = 0.25
"""Real seconds for which an answer that was given may still be on its way into the journal."""
_GLANCE = 0.001
"""Real seconds between two looks."""
_NO_CONNECTION = 0
_LEFT_OVER = "Calls without credentials on connections of earlier tests"


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
        self._virtual_times = house.virtual_times

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the calls in the journal."""
        return tuple(entry.number for entry in self._entries())

    @property
    def lost(self) -> list[int]:
        """The numbers of calls since the beginning that the journal holds no more, perhaps of other mocks."""
        return self._house.lost(self._first)

    @property
    def is_timeless(self) -> bool:
        """Whether some of the time since the beginning, or all of it, was virtual."""
        return self._house.virtual_time is not None or self._house.virtual_times > self._virtual_times

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
        foreign = self._foreign(entries)
        count = sum(self._is_ours(one) and self._is_left_over(one, foreign) for one in entries)
        return [
            *(f"Calls refused for their credentials: {count}; {why}." for why, count in reasons.items()),
            *([f"{_LEFT_OVER}: {count}; they are not counted as this test's."] if count else []),
        ]

    def leave(self) -> None:
        """Have what was asked be forgotten; the connections that it came on are of no later test."""
        house, entries = self._house, self._entries()
        found = [(entry.number, house.caller(entry)) for entry in self._journal.find(Filter(since=self._first))]
        others = [number for number, caller in found if caller == self._tenant or house.is_former(caller)]
        house.forget([*(entry.number for entry in entries), *others, *self.lost])
        self._house.left_connections.update(entry.connection for entry in entries)

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
        found = self._journal.find(Filter(since=self._first))
        foreign = self._foreign(found)
        return [entry for entry in found if self._is_ours(entry) and not self._is_left_over(entry, foreign)]

    def _is_ours(self, entry: Entry) -> bool:
        if (entry.connection == _NO_CONNECTION) is not self._in_process:
            return False
        if caller := self._house.caller(entry):
            return caller == self._tenant or not self._house.is_guest(caller)
        service = self._house.mock.engine.claimant(entry.request.path)
        return service is None or service.provider == self._provider

    def _is_left_over(self, entry: Entry, foreign: Collection[int]) -> bool:
        """Tell whether *entry*, without credentials, came on one of the *foreign* connections."""
        return not self._house.caller(entry) and entry.connection in foreign

    def _foreign(self, found: Sequence[Entry]) -> Collection[int]:
        """Return the connections that are those of earlier tests, and that the test's credentials never came on."""
        callers = {(entry.connection, self._house.caller(entry)) for entry in found}
        own = {connection for connection, caller in callers if caller == self._tenant}
        late = {connection for connection, caller in callers if self._house.is_former(caller)}
        return (self._house.left_connections | late) - own - {_NO_CONNECTION}
