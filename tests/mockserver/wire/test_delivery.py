"""Answers that are delayed, withheld or broken on purpose, as the client sees them on the wire."""

from __future__ import annotations

import socket
import struct
import sys
import threading
from queue import Queue
from typing import TYPE_CHECKING

import pytest

from contracts.clock import Clock
from mockserver.wire import Close, Delivery, Dribble, Ending, Reset, Respond, Stall, Truncate, WouldBlock
from tests.mockserver.wire.conftest import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from mockserver.wire import Action, Line, Message, Server
    from still import StillClock
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

    def test_an_answer_waits_until_the_clock_has_moved(
        self, serve: Serve, connect: Connect, frozen: StillClock
    ) -> None:
        """On a frozen clock nothing comes; once it is advanced far enough, the answer does."""
        peer = connect(serve(delaying(5), clock=frozen))
        peer.get("/bad")
        assert peer.silent(0.1)
        frozen.move(4.9)
        assert peer.silent(0.1)
        frozen.move(0.2)
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

    def test_a_delay_counts_from_the_end_of_the_request(
        self, serve: Serve, connect: Connect, frozen: StillClock
    ) -> None:
        """Time the application took itself is part of the delay."""

        def slow(delivery: Delivery) -> None:
            frozen.advance(5)
            delivery.delay = 5

        peer = connect(serve(delivering(slow), clock=frozen))
        peer.get("/bad")
        assert peer.reply().body == BODY

    def test_others_are_answered_meanwhile(self, serve: Serve, connect: Connect, frozen: StillClock) -> None:
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
        frozen.move(5)
        assert [peer.reply().body for peer in waiting] == [BODY] * 100

    def test_later_requests_on_the_connection_wait_their_turn(
        self, serve: Serve, connect: Connect, frozen: StillClock
    ) -> None:
        """Answers stay in order, also behind a delayed one."""
        peer = connect(serve(delaying(5), clock=frozen))
        peer.get("/bad")
        peer.get("/good")
        assert peer.silent(0.1)
        frozen.move(5)
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
        self, serve: Serve, connect: Connect, frozen: StillClock, *, may_block: bool
    ) -> None:
        """A reset can come late, like an answer."""

        def late(delivery: Delivery) -> None:
            delivery.delay, delivery.action = 5, Reset()

        peer = connect(serve(delivering(late, may_block=may_block), clock=frozen))
        peer.get("/bad")
        assert peer.silent(0.1)
        frozen.move(5)
        with pytest.raises(ConnectionResetError):
            peer.rest()

    @pytest.mark.parametrize("after", [0, 4])
    def test_a_reset_can_come_in_the_middle(
        self, serve: Serve, connect: Connect, *, after: int, may_block: bool
    ) -> None:
        """The head and some bytes come, then a real RST."""
        peer = connect(serve(acting(Reset(after), may_block=may_block)))
        peer.get("/bad")
        peer.until(b"\r\n\r\n")
        if after:
            assert peer.take(after) == BODY[:after]
        with pytest.raises(ConnectionResetError):
            peer.rest()
        assert_tcp_state(peer.socket, CLOSED)

    @pytest.mark.parametrize("after", [0, 4, 10])
    def test_a_stall_is_a_pause_of_the_clock(
        self, serve: Serve, connect: Connect, frozen: StillClock, *, after: int, may_block: bool
    ) -> None:
        """The head and some bytes come, nothing for 190 seconds, then the rest, and the connection goes on."""
        peer = connect(serve(acting(Stall(after, 190), may_block=may_block), clock=frozen))
        peer.get("/bad")
        assert b"\r\nContent-Length: 10\r\n" in peer.until(b"\r\n\r\n")
        if after:
            assert peer.take(after) == BODY[:after]
        assert peer.silent(0.1)
        frozen.move(189.9)
        assert peer.silent(0.1)
        frozen.move(0.2)
        if after < len(BODY):
            assert peer.take(10 - after) == BODY[after:]
        peer.get("/good")
        assert peer.reply().body == BODY

    def test_a_dribble_comes_piece_by_piece(
        self, serve: Serve, connect: Connect, frozen: StillClock, *, may_block: bool
    ) -> None:
        """Four bytes every two seconds, and the connection goes on."""
        peer = connect(serve(acting(Dribble(4, 2), may_block=may_block), clock=frozen))
        peer.get("/bad")
        peer.until(b"\r\n\r\n")
        for piece in (b"0123", b"4567", b"89"):
            assert peer.silent(0.05)
            frozen.move(2)
            assert peer.take(len(piece)) == piece
        peer.get("/good")
        assert peer.reply().body == BODY


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        (lambda: Truncate(-1), "truncated after 0 or more bytes"),
        (lambda: Reset(-1), "reset after 0 or more bytes"),
        (lambda: Stall(-1, 5), "stalled after 0 or more bytes"),
        (lambda: Stall(1, -5), "stalled for 0 or more seconds"),
        (lambda: Dribble(0, 5), "dribbled 1 or more bytes at a time"),
        (lambda: Dribble(1, -5), "dribbled every 0 or more seconds"),
    ],
)
def test_actions_refuse_what_cannot_be(action: Callable[[], object], sentence: str) -> None:
    """A negative number is a mistake of whoever asked."""
    with pytest.raises(ValueError, match=sentence):
        action()


def test_slow_actions_keep_chunks_whole(serve: Serve, connect: Connect) -> None:
    """A chunked body that is stalled or dribbled is still framed as RFC 9112 has it."""
    actions: Iterator[Action] = iter([Stall(4, 0), Dribble(2, 0)])

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["matteproof.delivery"].action = next(actions)
        start_response("200 OK", [])
        yield b"abc"
        yield b"defgh"

    peer = connect(serve(app))
    for wire in (b"3\r\nabc\r\n1\r\nd\r\n4\r\nefgh\r\n0\r\n\r\n", b"2\r\nab\r\n1\r\nc\r\n2\r\nde\r\n2\r\nfg\r\n"):
        peer.get()
        peer.until(b"\r\n\r\n")
        assert peer.take(len(wire)) == wire
    assert peer.take(11) == b"1\r\nh\r\n0\r\n\r\n"[:11]


class TestEnd:
    """Whoever asks is told once how an answer ended."""

    @pytest.mark.parametrize("may_block", [False, True])
    @pytest.mark.parametrize(
        ("action", "ending"),
        [
            (Respond(), Ending.DONE),
            (Stall(1, 0), Ending.DONE),
            (Close(), Ending.CLOSE),
            (Truncate(1), Ending.CLOSE),
            (Reset(), Ending.RESET),
        ],
    )
    def test_an_action_is_told(
        self, serve: Serve, connect: Connect, action: Action, ending: Ending, *, may_block: bool
    ) -> None:
        """The ending is the action's."""
        told: Queue[Ending] = Queue()

        def change(delivery: Delivery) -> None:
            delivery.on_end, delivery.action = told.put, action

        peer = connect(serve(delivering(change, may_block=may_block)))
        peer.get("/bad")
        assert told.get(timeout=PATIENCE) is ending
        assert told.empty()

    def test_a_client_that_leaves_is_told(self, serve: Serve, connect: Connect, frozen: StillClock) -> None:
        """During a delay, and in the middle of a stall."""
        told: Queue[Ending] = Queue()
        deliveries: Iterator[tuple[float, Action]] = iter([(100.0, Respond()), (0.0, Stall(2, 100))])

        def change(delivery: Delivery) -> None:
            delivery.on_end = told.put
            delivery.delay, delivery.action = next(deliveries)

        server = serve(delivering(change), clock=frozen)
        for wanted in (0, 2):
            peer = connect(server)
            peer.get("/bad")
            if wanted:
                peer.until(b"\r\n\r\n01")
            else:
                assert peer.silent(0.1)
            peer.socket.close()
            assert told.get(timeout=PATIENCE) is Ending.GONE
        assert told.empty()

    def test_a_client_that_breaks_off_before_the_call_is_told(self, serve: Serve, connect: Connect) -> None:
        """What was asked for at the first call is done although the second, in a thread, never comes."""
        told: Queue[Ending] = Queue()
        busy, free = threading.Event(), threading.Event()

        def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            if environ["PATH_INFO"] == "/bad":
                environ["matteproof.delivery"].on_end = told.put
            if not environ["matteproof.may_block"]:
                raise WouldBlock
            busy.set()
            free.wait(PATIENCE)
            start_response("200 OK", [])
            return [BODY]

        server = serve(app, threads=1)
        first, second = connect(server), connect(server)
        first.get()
        assert busy.wait(PATIENCE)
        second.get("/bad")
        assert second.silent(0.1)
        second.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        second.socket.close()
        assert told.get(timeout=PATIENCE) is Ending.GONE
        free.set()
        assert first.reply().body == BODY


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


def test_new_actions_need_no_change_to_the_server(serve: Serve, connect: Connect, frozen: StillClock) -> None:
    """Stalls, dribbles and raw bytes are a class with one method."""
    peer = connect(serve(acting(Drip()), clock=frozen))
    peer.get("/bad")
    assert peer.take(9) == b"HTTP/9.9 "
    assert peer.silent(0.1)
    frozen.move(5)
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
    serve: Serve, connect: Connect, frozen: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    """A client that breaks the connection while it waits is dropped without a word in the log."""
    server = serve(delaying(5), clock=frozen)
    peer = connect(server)
    peer.get("/bad")
    assert peer.silent(0.1)
    peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()
    frozen.move(5)
    other = connect(server)
    other.get("/good")
    assert other.reply().body == BODY
    assert caplog.records == []
