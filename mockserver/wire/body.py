"""Request bodies while they arrive, and the memory that all of them together may take."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = 64 * 1024
"""Bodies of at most this many bytes take no part in the budget: they never wait."""


class Claim:
    """A share of a :class:`Budget`: granted, or still waited for."""

    __slots__ = ("_budget", "granted", "size", "tell")

    def __init__(self, budget: Budget, size: int, tell: Callable[[], None]) -> None:
        """Claim *size* bytes of *budget*; *tell* is called if they are granted later."""
        self._budget = budget
        self.size = size
        self.tell = tell
        self.granted = False

    def shrink(self, size: int) -> None:
        """Give back all but *size* bytes."""
        self._budget.give_back(self, self.size - size)

    def release(self) -> None:
        """Give everything back, or stop waiting; a second time does nothing."""
        self._budget.give_back(self, self.size)


class Budget:
    """Bytes for request bodies, granted in the order of asking.

    A body claims all it may come to before it is read, so those that were let in can always be finished: no two of
    them wait for each other. Used from the event loop only.
    """

    def __init__(self, limit: int) -> None:
        """Grant *limit* bytes at a time, or a single larger claim."""
        self._limit = limit
        self._waiting: deque[Claim] = deque()
        self.used = 0

    def claim(self, size: int, tell: Callable[[], None]) -> Claim:
        """Return a claim of *size* bytes; if it is not granted now, *tell* is called once it is."""
        claim = Claim(self, size, tell)
        if not self._waiting and self._fits(size):
            self._grant(claim)
        else:
            self._waiting.append(claim)
        return claim

    def give_back(self, claim: Claim, size: int) -> None:
        """Take *size* bytes back from *claim*, and grant what has waited for them."""
        claim.size -= size
        if claim.granted:
            self.used -= size
        elif claim in self._waiting:
            self._waiting.remove(claim)
        while self._waiting and self._fits(self._waiting[0].size):
            waiting = self._waiting.popleft()
            self._grant(waiting)
            waiting.tell()

    def _fits(self, size: int) -> bool:
        return self.used == 0 or self.used + size <= self._limit

    def _grant(self, claim: Claim) -> None:
        claim.granted = True
        self.used += claim.size


class BodyCollector:
    """Collects the bodies of one connection, one after the other.

    ``claim`` is what the present body has of the budget; no more should be read until it is granted. ``size`` is how
    many bytes have arrived.
    """

    def __init__(self, limit: int, budget: Budget, on_room: Callable[[], None]) -> None:
        """Take at most *limit* bytes a body; *on_room* is called when a body that had to wait may go on."""
        self._limit = limit
        self._budget = budget
        self._on_room = on_room
        self._pieces: list[bytes] = []
        self.claim: Claim | None = None
        self.size = 0

    def announce(self, length: int | None) -> bool:
        """Prepare for *length* bytes (``None``: unknown); return false when that is more than the limit."""
        if length is not None and length > self._limit:
            return False
        if length is not None and length > SMALL:
            self.claim = self._budget.claim(length, self._on_room)
        return True

    def add(self, piece: bytes) -> bool:
        """Keep *piece*; return false, with everything forgotten, when the body is more than the limit."""
        self.size += len(piece)
        if self.size > self._limit:
            self.abandon()
            return False
        self._pieces.append(piece)
        if self.claim is None and self.size > SMALL:
            self.claim = self._budget.claim(self._limit, self._on_room)
        return True

    def finish(self) -> tuple[bytes, Claim | None]:
        """Return the whole body and the claim it stands under, and be ready for the next."""
        body = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        claim, self.claim = self.claim, None
        if claim is not None:
            claim.shrink(len(body))
        self._forget()
        return body, claim

    def abandon(self) -> None:
        """Forget the body that was arriving."""
        if self.claim is not None:
            self.claim.release()
            self.claim = None
        self._forget()

    def _forget(self) -> None:
        self._pieces = []
        self.size = 0
