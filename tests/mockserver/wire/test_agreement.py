"""Agreement with llhttp, the parser of Node.js: what this server takes for a request, that one takes for the same.

Servers that differ over where a request ends can be played off against each other. llhttp may refuse more (it knows a
fixed list of methods); it must not read something else.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from contracts.clock import Clock
from mockserver.wire.body import Budget
from mockserver.wire.limits import Limits
from mockserver.wire.reader import RequestReader
from mockserver.wire.request import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

httptools = pytest.importorskip("httptools")

Seen = tuple[str, bytes, tuple[tuple[bytes, bytes], ...], bytes]
"""Method, target, fields and body of a request."""

LIMITS = Limits()
METHODS = {"GET", "POST"}
NAMES = st.sampled_from(["Host", "X-A", "Content-Length", "Transfer-Encoding", "Connection", "Cookie", "A b", "X:", ""])
VALUES = st.sampled_from(
    ["", "test", "0", "3", "03", "+3", "3,3", "chunked", "Chunked", "x, chunked", "close", "keep-alive", "a\tb"]
)
ENDS = st.sampled_from(["\r\n"] * 30 + ["\n", "\r", "\r\n ", " \r\n"])
COLONS = st.sampled_from([": "] * 20 + [":", " :", ":\t ", ""])
BODIES = st.sampled_from(
    ["", "abc", "3\r\nabc\r\n0\r\n\r\n", "3;x=y\r\nabc\r\n0\r\nT: u\r\n\r\n", "0\r\n\r\n", "3\r\nabc\r\n0\r\nT\r\n\r\n"]
)
LINES = st.sampled_from(
    ["GET / HTTP/1.1"] * 4 + ["POST /a?b HTTP/1.1", "POST http://test/ HTTP/1.1", "GET / HTTP/1.0", "GET  / HTTP/1.1"]
)


class Oracle:
    """What llhttp makes of some bytes."""

    def __init__(self, data: bytes) -> None:
        """Read *data*."""
        self.seen: list[Seen] = []
        self._target = self._body = b""
        self._fields: list[tuple[bytes, bytes]] = []
        self._in_head = True
        self._parser = httptools.HttpRequestParser(self)
        with suppress(httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._target = self._body = b""
        self._fields = []
        self._in_head = True

    def on_url(self, piece: bytes) -> None:
        """Take a piece of the target."""
        self._target += piece

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field, unless it is a trailer field."""
        if self._in_head:
            self._fields.append((name, value.rstrip(b" \t")))

    def on_headers_complete(self) -> None:
        """Go on with the body."""
        self._in_head = False

    def on_body(self, piece: bytes) -> None:
        """Take a piece of the body."""
        self._body += piece

    def on_message_complete(self) -> None:
        """Note the request."""
        method = self._parser.get_method().decode()
        self.seen.append((method, self._target, tuple(self._fields), self._body))


def read(pieces: Sequence[bytes]) -> list[Seen]:
    """Return what this server makes of *pieces*."""
    reader = RequestReader(LIMITS, 1_000_000, Budget(1_000_000), Clock(), lambda: None)
    seen: list[Seen] = []
    for piece in pieces:
        if reader.ended:
            break
        reader.feed(piece)
        while (item := reader.next()) is not None and not isinstance(item, Refusal):
            head = item.head
            fields = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in head.headers)
            seen.append((head.method, head.target.encode("latin-1"), fields, item.body))
    return seen


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """Draw one to three requests with all the mistakes that servers have been tricked with."""
    text = ""
    for _ in range(draw(st.integers(1, 3))):
        text += draw(LINES) + draw(ENDS) + "Host: test\r\n"
        for _ in range(draw(st.integers(0, 3))):
            text += draw(NAMES) + draw(COLONS) + draw(VALUES) + draw(ENDS)
        text += "\r\n" + draw(BODIES)
    return text.encode("latin-1")


@settings(deadline=None, max_examples=600)
@given(data=requests())
def test_what_is_accepted_is_what_llhttp_reads(data: bytes) -> None:
    """Every request that is accepted is one for llhttp too: same method, target, fields, body, in the same order."""
    seen = list(takewhile(lambda request: request[0] in METHODS, read([data])))
    assert seen == Oracle(data).seen[: len(seen)]


@settings(deadline=None, max_examples=200)
@given(data=requests(), cuts=st.lists(st.integers(0, 300), max_size=6))
def test_where_packets_end_means_nothing(data: bytes, cuts: list[int]) -> None:
    """The same bytes in other pieces are the same requests."""
    borders = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    pieces = [data[start:end] for start, end in pairwise(borders) if start < end]
    assume(len(pieces) > 1)
    assert read(pieces) == read([data])


def test_the_oracle_reads_ordinary_requests() -> None:
    """The comparison means something: ordinary requests are accepted by both."""
    data = (
        b"POST /a HTTP/1.1\r\nHost: test\r\nX-A:  b \r\nContent-Length: 3\r\n\r\nabc"
        b"POST /b HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\nT: u\r\n\r\n"
    )
    expected = [
        ("POST", b"/a", ((b"Host", b"test"), (b"X-A", b"b"), (b"Content-Length", b"3")), b"abc"),
        ("POST", b"/b", ((b"Host", b"test"), (b"Transfer-Encoding", b"chunked")), b"abc"),
    ]
    assert read([data]) == expected
    assert Oracle(data).seen == expected
