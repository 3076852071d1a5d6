"""Request bodies: expectations, limits, and the memory they may take."""

from __future__ import annotations

import gc
import threading
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from mockserver.wire import Limits, Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from tests.mockserver.wire.conftest import Echo, Peer, Serve

    Connect = Callable[[Server], Peer]

EXPECT = b"POST / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"


def too_large(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer 413 to refused bodies, with what was seen of them, and 200 to all others."""
    refused = environ["matteproof.body_refused"]
    start_response("413 Too Large" if refused else "200 OK", [])
    return [b"%d of %s" % (len(environ["matteproof.body"]), environ.get("CONTENT_LENGTH", "?").encode())]


def test_a_client_that_asks_is_told_to_continue(serve: Serve, connect: Connect, echo: Echo) -> None:
    """``100 Continue`` comes once, before the body is sent, and then the answer."""
    peer = connect(serve(echo))
    peer.send(EXPECT + b"Content-Length: 3\r\n\r\n")
    assert peer.until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert peer.silent(0.1)
    peer.send(b"abc")
    assert peer.reply().text == "abc"


def test_chunked_bodies_are_continued_too(serve: Serve, connect: Connect, echo: Echo) -> None:
    """The length need not be known."""
    peer = connect(serve(echo))
    peer.send(EXPECT + b"Transfer-Encoding: chunked\r\n\r\n")
    assert peer.until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    peer.send(b"3\r\nabc\r\n0\r\n\r\n")
    assert peer.reply().text == "abc"


@pytest.mark.parametrize(
    "data",
    [
        EXPECT + b"Content-Length: 3\r\n\r\nabc",
        EXPECT + b"Content-Length: 0\r\n\r\n",
        b"POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
    ],
    ids=["body-is-there", "no-body", "http-1.0"],
)
def test_nobody_is_told_to_continue_without_need(serve: Serve, connect: Connect, echo: Echo, data: bytes) -> None:
    """A client that did not wait, has nothing to send, or is too old gets only the answer."""
    peer = connect(serve(echo))
    peer.send(data)
    assert peer.reply().status == 200


def test_continue_waits_for_the_answers_before_it(serve: Serve, connect: Connect, echo: Echo) -> None:
    """The interim answer to a pipelined request does not overtake the final answer to the one before."""
    peer = connect(serve(echo))
    peer.send(b"GET /first HTTP/1.1\r\nHost: test\r\n\r\n" + EXPECT + b"Content-Length: 3\r\n\r\n")
    assert peer.reply().text == "/first"
    assert peer.until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"


def test_a_body_over_the_limit_is_not_asked_for(serve: Serve, connect: Connect) -> None:
    """A client that waits for 100 gets the application's refusal instead, and the connection is closed."""
    peer = connect(serve(too_large, max_body=10))
    peer.send(EXPECT + b"Content-Length: 11\r\n\r\n")
    reply = peer.reply()
    assert (reply.status, reply.text) == (413, "0 of 11")
    assert reply["Connection"] == "close"
    assert peer.rest() == b""


def test_a_refused_body_is_not_an_empty_one(serve: Serve, connect: Connect, echo: Echo) -> None:
    """Frameworks that read the body find it cut short, not properly ended."""
    peer = connect(serve(echo, max_body=10))
    peer.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 11\r\n\r\n")
    peer.reply()
    (environ,) = echo.environs
    assert (environ["wsgi.input"].read(), environ["CONTENT_LENGTH"]) == (b"", "11")
    assert not environ["wsgi.input_terminated"]


def test_a_refused_upload_may_take_long(serve: Serve, connect: Connect) -> None:
    """As long as it moves, the client is not cut off before it has read the answer."""
    peer = connect(serve(too_large, max_body=10, limits=Limits(discard_seconds=0.5, linger_seconds=0.1)))
    peer.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1000\r\n\r\n")
    pause = threading.Event()
    for _ in range(10):
        pause.wait(0.1)
        peer.send(b"x")
    assert peer.reply().status == 413
    assert peer.rest() == b""


def test_a_body_at_the_limit_passes(serve: Serve, connect: Connect) -> None:
    """The limit is the largest size allowed, for both kinds of framing."""
    peer = connect(serve(too_large, max_body=10))
    peer.post(b"x" * 10)
    assert peer.reply().text == "10 of 10"
    peer.send(CHUNKED + b"a\r\n0123456789\r\n0\r\n\r\n")
    assert peer.reply().text == "10 of 10"


def test_the_application_answers_before_a_refused_upload_has_ended(serve: Serve, connect: Connect) -> None:
    """The refusal is sent at once, while the client may go on sending without being reset."""
    peer = connect(serve(too_large, max_body=10))
    peer.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 50000000\r\n\r\n")
    assert peer.reply().status == 413
    for _ in range(50):
        peer.send(bytes(1_000_000))
    assert peer.rest() == b""


def test_a_client_that_sends_everything_first_can_read_the_refusal(serve: Serve, connect: Connect) -> None:
    """The upload is thrown away to its end, so that the answer is not lost to a reset."""
    peer = connect(serve(too_large, max_body=10))
    peer.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 50000000\r\n\r\n" + bytes(50_000_000))
    assert peer.reply().text == "0 of 50000000"
    assert peer.rest() == b""


def test_chunked_bodies_count_against_the_limit(serve: Serve, connect: Connect) -> None:
    """A body that announces no length is refused when it has become too large."""
    peer = connect(serve(too_large, max_body=10))
    peer.send(CHUNKED + b"a\r\n0123456789\r\n1\r\nx\r\n")
    reply = peer.reply()
    assert (reply.status, reply.text) == (413, "0 of ?")
    assert peer.rest() == b""


def test_what_is_thrown_away_is_limited(serve: Serve, connect: Connect) -> None:
    """A client that never stops sending is cut off."""
    peer = connect(serve(too_large, max_body=10, limits=Limits(discard=1_000_000)))
    peer.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 99999999999\r\n\r\n")
    assert peer.reply().status == 413
    with pytest.raises(ConnectionError):
        peer.send(bytes(500_000_000))


def test_refused_bodies_take_no_memory(serve: Serve, connect: Connect) -> None:
    """100 MB that are refused, in one piece or in chunks, are never held."""
    server = serve(too_large, max_body=1_000_000)
    piece = bytes(1_000_000)
    gc.collect()
    tracemalloc.start()
    try:
        for head, part in (
            (b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100000000\r\n\r\n", piece),
            (CHUNKED, b"f4240\r\n" + piece + b"\r\n"),
        ):
            peer = connect(server)
            peer.send(head)
            for _ in range(100):
                peer.send(part)
            assert peer.reply().status == 413
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000


def test_large_uploads_wait_for_memory_and_none_is_lost(serve: Serve, connect: Connect, echo: Echo) -> None:
    """Twelve uploads of 500 kB, interleaved, with memory for two of them: all are answered in the end."""
    server = serve(echo, max_body=500_000, limits=Limits(bodies=1_000_000, body_seconds=30))
    peers = [connect(server) for _ in range(12)]
    for peer in peers:
        peer.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 500000\r\n\r\n" + bytes(100_000))
    senders = [threading.Thread(target=peer.send, args=(bytes(400_000),)) for peer in peers]
    for sender in senders:
        sender.start()
    assert [len(peer.reply().body) for peer in peers] == [500_000] * 12
    for sender in senders:
        sender.join()


def test_an_upload_that_was_given_up_makes_room(serve: Serve, connect: Connect, echo: Echo) -> None:
    """The memory of a client that went away in the middle of its upload is free for the next."""
    server = serve(echo, max_body=500_000, limits=Limits(bodies=500_000))
    first, second = connect(server), connect(server)
    first.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 500000\r\n\r\n" + bytes(100_000))
    second.get("/")
    assert second.reply().status == 200
    second.post(bytes(300_000))  # more than the server reads in one go
    assert second.silent(0.2)
    first.close()
    assert len(second.reply().body) == 300_000


def test_an_upload_that_waits_is_not_read(serve: Serve, connect: Connect, echo: Echo) -> None:
    """Until there is memory for it, it stays, beyond a little, in the client's machine."""
    server = serve(echo, max_body=50_000_000, limits=Limits(bodies=50_000_000))
    first, second = connect(server), connect(server)
    for peer in (first, second):
        peer.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 50000000\r\n\r\n")
    assert second.press(50_000_000) < 50_000_000


def test_answered_uploads_make_room(serve: Serve, connect: Connect, echo: Echo) -> None:
    """Uploads that are answered on the event loop, one after the other, each find the memory of the one before."""
    server = serve(echo, max_body=200_000, limits=Limits(bodies=200_000))
    for _ in range(3):
        peer = connect(server)
        peer.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 200000\r\n\r\n")
        assert peer.silent(0.05)  # so that the body cannot arrive together with its head
        peer.send(bytes(200_000))
        assert len(peer.reply().body) == 200_000


def test_small_bodies_never_wait(serve: Serve, connect: Connect, echo: Echo) -> None:
    """While the memory for large bodies is taken, requests with small ones are answered."""
    server = serve(echo, max_body=500_000, limits=Limits(bodies=500_000))
    first, second = connect(server), connect(server)
    first.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 500000\r\n\r\n" + bytes(100_000))
    second.post(b"small")
    assert second.reply().text == "small"
