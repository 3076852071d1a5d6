"""From bytes to requests. No sockets here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.wire.body import BodyCollector
from mockserver.wire.chunks import ChunkDecoder
from mockserver.wire.errors import BadRequestError
from mockserver.wire.head import Head, begins_well
from mockserver.wire.request import Refusal, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.clock import Clock
    from mockserver.wire.body import Budget, Claim
    from mockserver.wire.limits import Limits, Stage

_LINE_END = b"\r\n"
_HEAD_END = b"\r\n\r\n"
_TLS_HANDSHAKE = b"\x16\x03"
_TARGET_TOO_LONG = "the request target is too long"


class RequestReader:
    """Reads the requests of one connection, one at a time, when asked for them.

    What was not asked for yet stays unread in the buffer; who feeds must stop when that becomes too much. Once
    ``ended`` nothing more is read. ``taken`` counts what :meth:`next` has returned. With ``owes_continue`` the client
    waits for ``100 Continue``.
    """

    def __init__(
        self, limits: Limits, max_body: int, budget: Budget, clock: Clock, on_room: Callable[[], None]
    ) -> None:
        """Read heads within *limits* and bodies of *max_body* bytes.

        *on_room* is called when a body that had to wait for *budget* may go on.
        """
        self.ended = False
        self.owes_continue = False
        self.taken = 0
        self._limits = limits
        self._max_body = max_body
        self._clock = clock
        self._buffer = b""
        self._at = 0
        self._searched = 0
        self._fed_at = 0.0
        self._head: Head | None = None
        self._last_head: Head
        self._last_raw = b""
        self._body = BodyCollector(max_body, budget, on_room)
        self._decoder: ChunkDecoder | None = None
        self._refusal: Refusal | None = None

    @property
    def stage(self) -> Stage:
        """What is read next."""
        if self._head is not None:
            return "body"
        return "head" if self._buffer else "idle"

    @property
    def waiting(self) -> bool:
        """Whether there is no memory for more of the body at the moment."""
        claim = self._body.claim
        return claim is not None and not claim.granted

    @property
    def buffered(self) -> bool:
        """Whether there is something that has not been looked at, or not to the end."""
        return bool(self._buffer) or self._refusal is not None

    def feed(self, data: bytes) -> None:
        """Take in *data*, to be read when asked for."""
        self._buffer = self._buffer[self._at :] + data if self._buffer else data
        self._at = 0
        self._fed_at = self._clock.now()

    def next(self) -> Request | Refusal | None:
        """Return what has arrived next, or ``None`` when more must be fed first."""
        try:
            if self._refusal is not None or self.ended:
                item: Request | Refusal | None = self._refusal
            else:
                item = self._read_head() if self._head is None else self._read_body(self._head)
        except BadRequestError as error:
            item = self._refuse(Refusal(error.status, str(error)))
        if item is not None:
            self.taken += 1
            self._refusal = None
        return item

    def refuse(self, status: int, reason: str) -> None:
        """Read no more; what :meth:`next` returns is that the client is told *reason*."""
        self._refusal = self._refuse(Refusal(status, reason))

    def abandon(self) -> None:
        """Forget everything, and read no more."""
        self.ended = True
        self.owes_continue = False
        self._buffer = b""
        self._head = None
        self._body.abandon()

    def _read_head(self) -> Request | Refusal | None:
        buffer, start = self._buffer, self._at
        end = buffer.find(_HEAD_END, start + self._searched)
        if end < 0 or buffer[start] in _LINE_END:
            return self._read_incomplete_head()
        if end + len(_HEAD_END) - start > self._limits.head:
            raise BadRequestError(431, self._too_large())
        head = self._understand(buffer[start : end + len(_LINE_END)])
        start = end + len(_HEAD_END)
        self._searched = 0
        length = head.length
        if length is None or length > len(buffer) - start or length > self._max_body:
            self._consume(start)
            return self._begin_body(head)
        self._consume(start + length)
        return self._complete(head, buffer[start : start + length])

    def _understand(self, raw: bytes) -> Head:
        """Return the head that *raw* holds. Clients mostly send the same one again, so the last is remembered."""
        if raw != self._last_raw:
            self._last_head = Head(raw.decode("latin-1"), self._limits.fields)
            self._last_raw = raw
        return self._last_head

    def _read_incomplete_head(self) -> Request | Refusal | None:
        """See whether what is there can become a head. Empty lines before it do not count (RFC 9112, 2.2)."""
        text = self._buffer[self._at :].lstrip(_LINE_END)
        if len(text) < len(self._buffer) - self._at:
            self._buffer, self._at, self._searched = text, 0, 0
            return self._read_head() if text else None
        if text.startswith(_TLS_HANDSHAKE):
            return self._refuse(Refusal(400, "this port speaks plain HTTP, not TLS", silent=True))
        if len(text) > self._limits.head:
            raise BadRequestError(431, self._too_large()) if b"\n" in text else BadRequestError(414, _TARGET_TOO_LONG)
        if text and not begins_well(text.decode("latin-1")):
            raise BadRequestError(400, "the request line is malformed")
        self._searched = max(0, len(text) - len(_HEAD_END) + 1)
        return None

    def _begin_body(self, head: Head) -> Request | None:
        self._head = head
        self.owes_continue = head.expects_continue
        if head.length is None:
            self._decoder = ChunkDecoder(self._limits.head)
        elif not self._body.announce(head.length):
            return self._refuse_body(head)
        return self._read_body(head)

    def _read_body(self, head: Head) -> Request | None:
        if self._buffer:
            self.owes_continue = False
            if self.waiting:
                return None
            if not all(map(self._body.add, self._take_pieces(head))):
                return self._refuse_body(head)
        if not (self._decoder.done if self._decoder else self._body.size == head.length):
            return None
        self._head = self._decoder = None
        body, claim = self._body.finish()
        return self._complete(head, body, claim)

    def _take_pieces(self, head: Head) -> list[bytes]:
        if self._decoder is not None:
            pieces, at = self._decoder.decode(self._buffer, self._at)
            self._consume(at)
            return pieces
        left = (head.length or 0) - self._body.size
        piece = self._buffer[self._at : self._at + left]
        self._consume(self._at + len(piece))
        return [piece]

    def _consume(self, at: int) -> None:
        """Note that everything before *at* in the buffer has been read."""
        if at == len(self._buffer):
            self._buffer, self._at = b"", 0
        else:
            self._at = at

    def _complete(self, head: Head, body: bytes, claim: Claim | None = None) -> Request:
        self.owes_continue = False
        self.ended = not head.keep_alive
        return Request(head, body, self._fed_at, claim=claim)

    def _refuse_body(self, head: Head) -> Request:
        self.abandon()
        return Request(head, b"", self._fed_at, refused=True)

    def _refuse(self, refusal: Refusal) -> Refusal:
        self.abandon()
        return refusal

    def _too_large(self) -> str:
        return f"the header fields take more than {self._limits.head} bytes"
