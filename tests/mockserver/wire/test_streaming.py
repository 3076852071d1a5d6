"""Answers of unknown length, and clients that read slowly or not at all."""

from __future__ import annotations

import threading
import tracemalloc
from queue import Queue
from typing import TYPE_CHECKING

import pytest

from mockserver.wire import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment

    from mockserver.wire import Server
    from tests.mockserver.wire.conftest import Peer, Serve

    Connect = Callable[[Server], Peer]

PATIENCE = 20.0
MANY = 200
"""Pieces of 100 kB: more than the operating system keeps for a client that does not read."""

ONE_LOOP = pytest.mark.parametrize("serve", ["uvloop"], indirect=True)
"""For tests that take long and would be the same on the other event loop."""


class Feed:
    """An application that sends what the test puts into a queue; ``None`` ends the answer."""

    def __init__(self) -> None:
        """Begin with nothing to send."""
        self.pieces: Queue[bytes | None] = Queue()
        self.closed = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer ``/quick`` at once, everything else with the feed."""
        if environ["PATH_INFO"] == "/quick":
            start_response("200 OK", [])
            return [b"quick"]
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        return self._feed()

    def _feed(self) -> Iterator[bytes]:
        try:
            yield b"begin "
            while (piece := self.pieces.get(timeout=PATIENCE)) is not None:
                yield piece
        finally:
            self.closed.set()


class Flood:
    """An application that sends 20 MB in pieces, and counts them."""

    def __init__(self) -> None:
        """Begin at 0."""
        self.drawn = 0
        self.closed = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer."""
        fields = [("Content-Length", str(MANY * 100_000))] if environ["PATH_INFO"] == "/known" else []
        start_response("200 OK", fields)
        return self._pieces()

    def _pieces(self) -> Iterator[bytes]:
        try:
            for _ in range(MANY):
                self.drawn += 1
                yield bytes(100_000)
        finally:
            self.closed.set()


def settled(read: Callable[[], int]) -> int:
    """Return what *read* returns once that has not changed for a while."""
    seen, pause = -1, threading.Event()
    while seen != (now := read()):
        seen = now
        pause.wait(0.2)
    return seen


def test_pieces_are_sent_when_they_are_there(serve: Serve, connect: Connect) -> None:
    """The client need not wait for the end, and others are answered meanwhile."""
    feed = Feed()
    server = serve(feed, threads=1)
    streams = [connect(server) for _ in range(3)]
    for peer in streams:
        peer.get()
        assert peer.until(b"begin \r\n").endswith(b"\r\n\r\n6\r\nbegin \r\n")
    quick = connect(server)
    quick.get("/quick")
    assert quick.reply().text == "quick"
    feed.pieces.put(b"more")
    feed.pieces.put(None)
    feed.pieces.put(None)
    feed.pieces.put(None)
    ends = [peer.until(b"0\r\n\r\n") for peer in streams]
    assert sorted(ends) == [b"0\r\n\r\n", b"0\r\n\r\n", b"4\r\nmore\r\n0\r\n\r\n"]


def test_a_request_behind_a_stream_waits(serve: Serve, connect: Connect) -> None:
    """Answers stay in order."""
    feed = Feed()
    peer = connect(serve(feed))
    peer.get()
    peer.get("/quick")
    peer.until(b"begin \r\n")
    assert peer.silent(0.1)
    feed.pieces.put(None)
    assert peer.until(b"0\r\n\r\n") == b"0\r\n\r\n"
    assert peer.reply().text == "quick"


def test_a_stream_is_closed_when_the_client_leaves(serve: Serve, connect: Connect) -> None:
    """The application's iterable is closed at its next piece, even an empty one."""
    feed = Feed()
    peer = connect(serve(feed))
    peer.get()
    peer.until(b"begin \r\n")
    peer.close()
    while not feed.closed.wait(0.05):
        feed.pieces.put(b"")


def test_a_stream_that_fails_is_not_ended(serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    """The client sees a reset, never a body that looks whole; the log has the reason, once."""

    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b"begin "
        raise ValueError("broken in the middle")

    peer = connect(serve(app))
    peer.get(version="1.0")
    with pytest.raises(ConnectionResetError):
        peer.rest()
    (record,) = caplog.records
    assert "broken in the middle" in caplog.text
    assert record.levelname == "ERROR"


@ONE_LOOP
def test_a_slow_reader_slows_the_application(serve: Serve, connect: Connect) -> None:
    """Pieces are drawn as the client takes them, not all at once; in the end it has everything."""
    flood = Flood()
    peer = connect(serve(flood))
    peer.get()
    peer.until(b"\r\n\r\n")
    assert settled(lambda: flood.drawn) < MANY
    assert sum(len(chunk) for chunk in peer._chunks()) == MANY * 100_000  # noqa: SLF001  the rest of the answer
    assert flood.drawn == MANY


@ONE_LOOP
def test_a_reader_that_stops_is_given_up(serve: Serve, connect: Connect) -> None:
    """A client that takes nothing for too long is dropped, and the application's iterable closed."""
    flood = Flood()
    peer = connect(serve(flood, limits=Limits(write_seconds=0.3)))
    peer.get()
    assert flood.closed.wait(PATIENCE)
    assert flood.drawn < MANY


@ONE_LOOP
def test_a_whole_answer_nobody_reads_is_given_up_too(serve: Serve, connect: Connect) -> None:
    """That it was handed over whole makes no difference."""
    server = serve(Flood(), limits=Limits(write_seconds=0.3))
    peer = connect(server)
    peer.get("/known")
    other = connect(server)
    other.get("/known")
    assert len(other.reply().body) == MANY * 100_000
    threading.Event().wait(0.9)
    with pytest.raises((ConnectionError, AssertionError)):
        peer.reply()


@ONE_LOOP
def test_pipelining_behind_a_slow_answer_is_not_read(serve: Serve, connect: Connect) -> None:
    """What a client sends while it waits for an answer stays, beyond a little, in its own machine."""
    peer = connect(serve(Feed()))
    peer.get()
    peer.until(b"begin \r\n")
    assert peer.press(50_000_000) < 50_000_000


@ONE_LOOP
def test_pipelining_without_reading_takes_no_memory(serve: Serve, connect: Connect) -> None:
    """A client that sends requests for 1 MB each and reads nothing is answered only as far as it reads."""
    answered = 0

    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        nonlocal answered
        answered += 1
        start_response("200 OK", [])
        return [bytes(1_000_000)]

    peer = connect(serve(app))
    tracemalloc.start()
    try:
        peer.send(b"GET / HTTP/1.1\r\nHost: test\r\n\r\n" * 500)
        assert peer.reply().status == 200
        assert settled(lambda: answered) < 50
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 60_000_000
    for _ in range(499):
        assert len(peer.reply().body) == 1_000_000
