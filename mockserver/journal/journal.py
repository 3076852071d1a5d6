"""The journal: the latest exchanges, bounded in number and in bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from queue import Full, Queue
from typing import TYPE_CHECKING

from contracts.clock import stopwatch, system_time
from contracts.model import Request, Response
from mockserver.journal.archive import Archive
from mockserver.journal.entry import Body, Entry
from mockserver.journal.pool import Pool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts.clock import Clock
    from contracts.model import Ending, Operation

MAX_ENTRIES = 10_000
MAX_BYTES = 64 * 1024 * 1024
_MAX_WAITING_EVENTS = 1000
_SHARE = 2
"""What is left of exchanges without their bodies may take one part in so many of the bytes."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which exchanges are wanted: those that agree with everything that is given."""

    tenant: str | None = None
    operation: str | None = None
    status: int | None = None
    since: int = 0
    """The number of the first one."""
    provider: str | None = None
    search: str = ""
    """A text in anything of :attr:`Entry.told`, whatever the case of its letters."""

    def fits(self, entry: Entry) -> bool:
        """Tell whether *entry* is wanted."""
        if entry.number < self.since:
            return False
        if self.tenant is not None and entry.tenant != self.tenant:
            return False
        if self.operation is not None and (entry.operation is None or entry.operation.id != self.operation):
            return False
        if self.provider is not None and (entry.operation is None or entry.operation.provider != self.provider):
            return False
        if self.status is not None and (entry.response is None or entry.response.status != self.status):
            return False
        return not self.search or self.search.casefold() in entry.told.casefold()


EVERYTHING = Filter()


class Journal:
    """Remembers the latest exchanges; beyond its bounds the oldest lose bodies, then thumbnails, then are forgotten.

    All methods may be called from any thread.
    """

    def __init__(self, clock: Clock, *, max_entries: int = MAX_ENTRIES, max_bytes: int = MAX_BYTES) -> None:
        """Remember *max_entries* exchanges and *max_bytes* bytes of them, with moments of *clock*."""
        self._clock = clock
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._changed = threading.Condition()
        self._start()
        self._number = self._endings = 0
        self._pool = Pool()
        self._grown = self._weigh_again
        self._archive = Archive(self._archived)
        self._listeners: list[Queue[Entry]] = []

    def _start(self) -> None:
        """Remember nothing."""
        self._entries: OrderedDict[int, Entry] = OrderedDict()
        self._whole: OrderedDict[int, int] = OrderedDict()
        self._rest: OrderedDict[int, int] = OrderedDict()
        self._pictured: OrderedDict[int, None] = OrderedDict()
        self._whole_bytes = self._rest_bytes = 0

    @property
    def size(self) -> int:
        """The bytes that are held of exchanges that have ended."""
        return self._whole_bytes + self._rest_bytes

    @property
    def next_number(self) -> int:
        """The number that the next exchange will have."""
        return self._number

    def begin(self, request: Request, operation: Operation | None, received: float, connection: int) -> Entry:
        """Open an entry for *request*, which must hold no secrets."""
        body = Body(len(request.body), request.body)
        with self._changed:
            headers, shared = self._pool.share(request.headers)
            head = Request(request.method, request.path, request.query, headers, b"", request.origin)
            number = self._number
            self._number += 1
            entry = Entry(number, connection, head, body, received, system_time(), operation)
            entry.shared, entry.grown = shared, self._grown
            self._entries[number] = entry
            if len(self._entries) > self._max_entries:
                self._forget(next(iter(self._entries)))
            return entry

    def end(self, entry: Entry, ending: Ending, sent: int | None = None) -> None:
        """Note that the answer ended like this, with *sent* bytes of its body (``None``: all); tell whoever waits."""
        body = entry.response_body if entry.request.method != "HEAD" else None
        whole = body.size if body is not None else 0
        entry.sent = whole if sent is None else min(sent, whole)
        entry.ended, entry.ended_real = self._clock.now(), system_time()
        entry.ending = ending
        with self._changed:
            self._endings += 1
            if entry.response is not None:
                headers, shared = self._pool.share(entry.response.headers)
                entry.response = Response(entry.response.status, headers)
                entry.shared += shared
            if entry.number in self._entries:
                weight = entry.weight
                self._whole[entry.number] = weight
                self._whole_bytes += weight
            self._changed.notify_all()
            listeners = tuple(self._listeners)
        self._lighten()
        for listener in listeners:
            with suppress(Full):  # who does not listen misses something
                listener.put_nowait(entry)

    def find(self, wanted: Filter = EVERYTHING) -> list[Entry]:
        """Return the exchanges that are *wanted*, in the order in which their requests were received."""
        with self._changed:
            entries = self._since(wanted.since)
        return [entry for entry in entries if wanted.fits(entry)]

    def get(self, number: int) -> Entry | None:
        """Return the exchange with that *number*, if it is still remembered."""
        with self._changed:
            return self._entries.get(number)

    def wait(self, wanted: Filter, count: int, seconds: float) -> list[Entry]:
        """Return the ended exchanges that are *wanted* as soon as there are *count*, after *seconds* in any case.

        The seconds are real time.
        """
        deadline = stopwatch() + seconds
        with self._changed:
            while True:
                entries = self._since(wanted.since)
                found = [one for one in entries if one.ending is not None and wanted.fits(one)]
                enough = self._endings + count - len(found)
                if enough <= self._endings or deadline <= stopwatch():
                    return found
                # To look through thousands of exchanges at the end of each would keep everybody waiting.
                while self._endings < enough and (left := deadline - stopwatch()) > 0:
                    self._changed.wait(left)

    def follow(self) -> Iterator[Queue[Entry]]:
        """Yield once a queue of all exchanges that end from now on; it is cut off when the iterator is closed."""
        queue: Queue[Entry] = Queue(_MAX_WAITING_EVENTS)
        with self._changed:
            self._listeners.append(queue)
        try:
            yield queue
        finally:
            with self._changed:
                self._listeners = [one for one in self._listeners if one is not queue]

    def read_ahead(self) -> None:
        """Read what every request asks for, so that the first search among thousands takes no longer than the next."""
        for entry in self.find():
            _ = entry.parameters

    def clear(self, tenant: str | None = None) -> None:
        """Forget everything, or what happened to *tenant*."""
        with self._changed:
            gone = [number for number, one in self._entries.items() if tenant is None or one.tenant == tenant]
            if len(gone) == len(self._entries):
                forgotten = self._entries
                self._start()
            else:
                forgotten = OrderedDict()
                for number in gone:
                    self._forget(number)
            self._changed.notify_all()
        del forgotten  # it takes a while to let go of thousands, and nobody need wait for that

    def close(self) -> None:
        """Stop what works in the background."""
        self._archive.close()

    def _since(self, number: int) -> list[Entry]:
        """Return the exchanges from *number* on; few are found quickly among many."""
        if not number:
            return list(self._entries.values())
        latest = list(takewhile(lambda entry: entry.number >= number, reversed(self._entries.values())))
        return latest[::-1]

    def _weigh_again(self, entry: Entry) -> None:
        """Count what *entry*, which has ended, has become heavier since."""
        with self._changed:
            if entry.number not in self._whole:
                return
            weight = entry.weight
            self._whole_bytes += weight - self._whole[entry.number]
            self._whole[entry.number] = weight
        self._lighten()

    def _lighten(self) -> None:
        """Have the oldest exchanges let go of their bodies until the others fit."""
        while (old := self._too_heavy()) is not None:
            if self._archive.take(old):
                self._keep_rest(old)

    def _too_heavy(self) -> Entry | None:
        """Return the oldest exchange that has its bodies, if it has to let go of them, and count them no more."""
        with self._changed:
            if self.size <= self._max_bytes or not self._whole:
                return None
            number, weight = self._whole.popitem(last=False)
            self._whole_bytes -= weight
            return self._entries[number]

    def _archived(self, entry: Entry) -> None:
        self._keep_rest(entry)
        self._lighten()

    def _keep_rest(self, entry: Entry) -> None:
        """Count what is left of *entry*; if that is too much, the oldest lose their thumbnails, or are forgotten."""
        weight = entry.weight
        with self._changed:
            if entry.number not in self._entries:
                return
            self._rest[entry.number] = weight
            self._rest_bytes += weight
            if entry.has_thumbnails:
                self._pictured[entry.number] = None
            while self._rest_bytes > self._max_bytes // _SHARE:
                if self._pictured:
                    self._strip(next(iter(self._pictured)))
                else:
                    self._forget(next(iter(self._rest)))

    def _strip(self, number: int) -> None:
        """Have the exchange *number*, which has no bodies any more, lose its thumbnails as well."""
        del self._pictured[number]
        entry = self._entries[number]
        entry.let_go_of_thumbnails()
        self._rest_bytes += entry.weight - self._rest[number]
        self._rest[number] = entry.weight

    def _forget(self, number: int) -> None:
        """Forget the exchange *number* altogether."""
        del self._entries[number]
        self._whole_bytes -= self._whole.pop(number, 0)
        self._rest_bytes -= self._rest.pop(number, 0)
        self._pictured.pop(number, None)
