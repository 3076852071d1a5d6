"""Answers that are delayed, withheld or broken on purpose, as the client sees them on the wire."""

from __future__ import annotations

import socket
import struct
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from contracts.clock import Clock
from mockserver.wire import Close, Delivery, Ending, Reset, Respond, Truncate, WouldBlock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from mockserver.wire import Action, Line, Message, Server
    from tests.mockserver.wire.conftest import Peer, Serve

    Connect = Callable[[Server], Peer]

BODY = b"0123456789"


def delivering(change: Callable[[Delivery], object], *, may_block: bool = False) -> WSGIApplication:
    """Return an application whose answers at ``/bad`` are delivered as *change* says; all others plainly."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if may_block and not environ["matteproof.may_block"]:
            raise WouldBlock
        if environ["PATH_INFO"] == "/bad":
            change(environ["matteproof.delivery"])
        start_response("200 OK", [])
        return [BODY]

    return app


def acting(action: Action, *, may_block: bool = False) -> WSGIApplication:
    """Return an application whose answers at ``/bad`` are the business of *action*."""
    return delivering(lambda delivery: setattr(delivery, "action", action), may_block=may_block)


def delaying(seconds: float) -> WSGIApplication:
    """Return an application whose answers at ``/bad`` are delayed."""
    return delivering(lambda delivery: setattr(delivery, "delay", seconds))


CLOSED, HALF_CLOSED = 7, 8


def assert_tcp_state(connection: socket.socket, state: int) -> None:
    """Assert that *connection* is in *state* in the eyes of the operating system, where that can be asked (Linux)."""
    if sys.platform == "linux":
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == state


def test_an_answer_is_plain_unless_changed() -> None:
    """A fresh delivery means: at once, and whole."""
    assert Delivery() == Delivery(delay=0.0, action=Respond())
    assert Delivery().plain
    assert not Delivery(delay=0.1).plain
    assert not Delivery(action=Close()).plain


class TestDelay:
    """Delays follow the clock, hold no thread, and hold up nobody else."""

    def test_an_answer_waits_until_the_clock_has_moved(self, serve: Serve, connect: Connect, frozen: Clock) -> None:
        """On a frozen clock nothing comes; once it is advanced far enough, the answer does."""
        peer = connect(serve(delaying(5), clock=frozen))
        peer.get("/bad")
        assert peer.silent(0.1)
        frozen.advance(4.9)
        assert peer.silent(0.1)
        frozen.advance(0.2)
        reply = peer.reply()
        assert reply.body == BODY
        assert reply["Date"] == "Mon, 01 Jan 2024 00:00:10 GMT"

    def test_a_wait_speeds_up_with_the_clock(self, serve: Serve, connect: Connect) -> None:
        """A wait of a day ends soon after the clock was told to run a million times as fast."""
        clock = Clock()
        peer = connect(serve(delaying(86_400), clock=clock))
        peer.get("/bad")
        assert peer.silent(0.1)
        clock.set(speed=1_000_000)
        assert peer.reply().body == BODY

    def test_a_delay_is_real_on_a_real_clock(self, serve: Serve, connect: Connect) -> None:
        """At speed 1 a delay of 0.3 seconds takes at least that long."""
        clock = Clock()
        peer = connect(serve(delaying(0.3), clock=clock))
        begin = clock.now()
        peer.get("/bad")
        assert peer.reply().body == BODY
        assert clock.now() - begin >= 0.3

    def test_a_delay_counts_from_the_end_of_the_request(self, serve: Serve, connect: Connect, frozen: Clock) -> None:
        """Time the application took itself is part of the delay."""

        def slow(delivery: Delivery) -> None:
            frozen.advance(5)
            delivery.delay = 5

        peer = connect(serve(delivering(slow), clock=frozen))
        peer.get("/bad")
        assert peer.reply().body == BODY

    def test_others_are_answered_meanwhile(self, serve: Serve, connect: Connect, frozen: Clock) -> None:
        """A hundred delayed answers delay nobody else, and start no thread."""
        server = serve(delaying(5), clock=frozen)
        threads = set(threading.enumerate())
        waiting = [connect(server) for _ in range(100)]
        for peer in waiting:
            peer.get("/bad")
        other = connect(server)
        other.get("/good")
        assert other.reply().body == BODY
        assert not set(threading.enumerate()) - threads
        frozen.advance(5)
        assert [peer.reply().body for peer in waiting] == [BODY] * 100

    def test_later_requests_on_the_connection_wait_their_turn(
        self, serve: Serve, connect: Connect, frozen: Clock
    ) -> None:
        """Answers stay in order, also behind a delayed one."""
        peer = connect(serve(delaying(5), clock=frozen))
        peer.get("/bad")
        peer.get("/good")
        assert peer.silent(0.1)
        frozen.advance(5)
        assert [peer.reply().body, peer.reply().body] == [BODY, BODY]

    def test_a_client_that_leaves_is_not_waited_for(self, serve: Serve, connect: Connect) -> None:
        """The server stops at once although a day's delay was promised to somebody who is gone."""
        server = serve(delaying(86_400))
        peer = connect(server)
        peer.get("/bad")
        assert peer.silent(0.1)
        peer.close()
        other = connect(server)
        other.get("/good")
        assert other.reply().body == BODY
        clock = Clock()
        begin = clock.now()
        server.stop()
        assert clock.now() - begin < 4  # the server would wait 5 seconds for an answer under way


@pytest.mark.parametrize("may_block", [False, True])
class TestActions:
    """Misbehaviour, whether the application ran on the event loop or in a thread."""

    def test_close_sends_nothing(self, serve: Serve, connect: Connect, *, may_block: bool) -> None:
        """The client sees an orderly end instead of an answer."""
        peer = connect(serve(acting(Close(), may_block=may_block)))
        peer.get("/bad")
        assert peer.rest() == b""
        assert_tcp_state(peer.socket, HALF_CLOSED)

    def test_reset_is_an_rst(self, serve: Serve, connect: Connect, *, may_block: bool) -> None:
        """The client sees no end but a reset: its socket is dead, not half closed."""
        peer = connect(serve(acting(Reset(), may_block=may_block)))
        peer.get("/good")
        assert peer.reply().body == BODY
        peer.get("/bad")
        with pytest.raises(ConnectionResetError):
            peer.rest()
        assert_tcp_state(peer.socket, CLOSED)

    @pytest.mark.parametrize("after", [0, 1, 9])
    def test_truncate_promises_more_than_it_sends(
        self, serve: Serve, connect: Connect, *, after: int, may_block: bool
    ) -> None:
        """The head announces ten bytes, some of them come, then the orderly end."""
        peer = connect(serve(acting(Truncate(after), may_block=may_block)))
        peer.get("/bad")
        head = peer.until(b"\r\n\r\n")
        assert b"\r\nContent-Length: 10\r\n" in head
        assert peer.rest() == BODY[:after]
        assert_tcp_state(peer.socket, HALF_CLOSED)

    def test_actions_wait_for_the_delay(
        self, serve: Serve, connect: Connect, frozen: Clock, *, may_block: bool
    ) -> None:
        """A reset can come late, like an answer."""

        def late(delivery: Delivery) -> None:
            delivery.delay, delivery.action = 5, Reset()

        peer = connect(serve(delivering(late, may_block=may_block), clock=frozen))
        peer.get("/bad")
        assert peer.silent(0.1)
        frozen.advance(5)
        with pytest.raises(ConnectionResetError):
            peer.rest()


def test_truncate_needs_a_number_of_bytes() -> None:
    """A negative one is a mistake of whoever asked."""
    with pytest.raises(ValueError, match="not after -1"):
        Truncate(-1)


def test_truncate_breaks_chunks_off(serve: Serve, connect: Connect) -> None:
    """Of a chunked body the last chunk never comes."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["matteproof.delivery"].action = Truncate(5)
        start_response("200 OK", [])
        yield b"abc"
        yield b"defghi"
        yield b"never"

    peer = connect(serve(app))
    peer.get()
    peer.until(b"\r\n\r\n")
    assert peer.rest() == b"3\r\nabc\r\n2\r\nde\r\n"


class Drip:
    """An action that is not part of the server: raw bytes, a stall in the middle, then a dribble, then a reset."""

    async def perform(self, line: Line, message: Message) -> Ending:
        """Send ``HTTP/9.9``, wait five seconds, send the body twice without a head, break the connection."""
        await line.send(b"HTTP/9.9 ")
        await line.wait(5)
        while piece := await message.draw():
            await line.send(piece)
            await line.send(piece)
        return Ending.RESET


def test_new_actions_need_no_change_to_the_server(serve: Serve, connect: Connect, frozen: Clock) -> None:
    """Stalls, dribbles and raw bytes are a class with one method."""
    peer = connect(serve(acting(Drip()), clock=frozen))
    peer.get("/bad")
    assert peer.take(9) == b"HTTP/9.9 "
    assert peer.silent(0.1)
    frozen.advance(5)
    assert peer.take(20) == BODY + BODY
    with pytest.raises(ConnectionResetError):
        peer.rest()


class Broken:
    """An action with a mistake in it."""

    async def perform(self, line: Line, message: Message) -> Ending:
        """Fail."""
        del line, message
        raise ZeroDivisionError


def test_an_action_that_fails_breaks_only_its_connection(
    serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, the client gets a reset, the server goes on."""
    server = serve(acting(Broken()))
    peer = connect(server)
    peer.get("/bad")
    with pytest.raises(ConnectionResetError):
        peer.rest()
    assert [record.exc_info is not None for record in caplog.records] == [True]
    other = connect(server)
    other.get("/good")
    assert other.reply().body == BODY


def test_a_client_may_reset_too(
    serve: Serve, connect: Connect, frozen: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """A client that breaks the connection while it waits is dropped without a word in the log."""
    server = serve(delaying(5), clock=frozen)
    peer = connect(server)
    peer.get("/bad")
    assert peer.silent(0.1)
    peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()
    frozen.advance(5)
    other = connect(server)
    other.get("/good")
    assert other.reply().body == BODY
    assert caplog.records == []
