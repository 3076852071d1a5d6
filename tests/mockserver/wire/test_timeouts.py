"""Clients that take too long, and too many of them."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from contracts.clock import Clock
from mockserver.wire import Limits, WouldBlock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment

    from mockserver.wire import Server
    from tests.mockserver.wire.conftest import Echo, Peer, Serve

    Connect = Callable[[Server], Peer]

pytestmark = pytest.mark.parametrize("serve", ["uvloop"], indirect=True)
"""The event loop makes no difference here, and some of these tests have to wait."""

SHORT = 0.3
"""Seconds of the limit under test; the others are long."""


@contextmanager
def sending(peer: Peer, data: bytes) -> Iterator[None]:
    """Let *peer* send *data* again and again, until the server has closed or the block ends."""
    stop = threading.Event()

    def send() -> None:
        while not stop.wait(0.05):
            try:
                peer.send(data)
            except OSError:
                return

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_a_silent_connection_is_closed(serve: Serve, connect: Connect, echo: Echo) -> None:
    """Before the first request and between two, the server closes without a word; that is real time."""
    server = serve(echo, clock=Clock(frozen=True), limits=Limits(idle_seconds=SHORT))
    fresh, used = connect(server), connect(server)
    used.get()
    used.reply()
    assert fresh.rest() == b""
    assert used.rest() == b""


def test_empty_lines_do_not_keep_a_connection(serve: Serve, connect: Connect, echo: Echo) -> None:
    """Line ends before a request are no request."""
    peer = connect(serve(echo, limits=Limits(idle_seconds=SHORT)))
    with sending(peer, b"\r\n"):
        assert peer.rest() == b""


def test_a_slow_head_gets_408(serve: Serve, connect: Connect, echo: Echo) -> None:
    """However often another byte comes, a head must be complete in time."""
    peer = connect(serve(echo, limits=Limits(head_seconds=SHORT)))
    peer.send(b"GET / HTTP/1.1\r\nX: ")
    with sending(peer, b"x"):
        assert peer.reply().status == 408


def test_a_body_that_stops_gets_408(serve: Serve, connect: Connect, echo: Echo) -> None:
    """Between two pieces of a body there is a limit, too."""
    peer = connect(serve(echo, limits=Limits(body_seconds=SHORT)))
    peer.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nab")
    assert peer.reply().status == 408
    assert peer.rest() == b""


def test_a_body_may_take_long_as_long_as_it_moves(serve: Serve, connect: Connect, echo: Echo) -> None:
    """The limit counts from the last piece: ten pieces may take several times as long."""
    peer = connect(serve(echo, limits=Limits(body_seconds=0.7)))
    peer.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n")
    pause = threading.Event()
    for _ in range(10):
        pause.wait(0.1)
        peer.send(b"x")
    assert peer.reply().text == "x" * 10


def test_slow_work_is_not_the_clients_fault(serve: Serve, connect: Connect) -> None:
    """While the server owes an answer, no limit on the client runs."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ["matteproof.may_block"]:
            raise WouldBlock
        threading.Event().wait(3 * SHORT)
        start_response("200 OK", [])
        return [b"done"]

    limits = Limits(idle_seconds=SHORT, head_seconds=SHORT, body_seconds=SHORT, write_seconds=SHORT)
    peer = connect(serve(app, limits=limits))
    peer.get()
    assert peer.reply().text == "done"


def test_waiting_for_memory_is_not_the_clients_fault(serve: Serve, connect: Connect, echo: Echo) -> None:
    """An upload that is not read because others take the memory is not timed."""
    limits = Limits(bodies=500_000, body_seconds=3 * SHORT)
    server = serve(echo, limits=limits)
    first, second = connect(server), connect(server)
    first.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 500000\r\n\r\n" + bytes(100_000))
    second.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 300000\r\n\r\n")
    pause = threading.Event()
    for _ in range(8):
        pause.wait(SHORT / 2)
        first.send(b"x")
    assert second.silent(0.05)
    first.close()
    second.send(bytes(300_000))
    assert len(second.reply().body) == 300_000


def test_a_client_that_never_closes_is_cut_off(serve: Serve, connect: Connect, echo: Echo) -> None:
    """After the last answer the server waits a moment for the client, then forgets it."""
    server = serve(echo, limits=Limits(linger_seconds=SHORT))
    peer = connect(server)
    peer.get("/", "Connection: close")
    assert peer.reply().status == 200
    assert peer.rest() == b""
    pause = threading.Event()
    for _ in range(100):
        pause.wait(0.1)
        try:
            peer.send(b"x")
        except ConnectionError:
            return
    pytest.fail("the server still listens")


def test_connections_are_limited(serve: Serve, connect: Connect, echo: Echo) -> None:
    """One too many is told 503; when another has gone, there is room again."""
    server = serve(echo, limits=Limits(connections=2, linger_seconds=SHORT, discard_seconds=SHORT))
    first, second, third = (connect(server) for _ in range(3))
    assert third.reply().status == 503
    assert third.rest() == b""
    third.close()
    for peer in (first, second):
        peer.get()
        assert peer.reply().status == 200
    first.close()
    pause = threading.Event()
    for _ in range(100):
        fourth = connect(server)
        fourth.get()
        if fourth.reply().status == 200:
            return
        fourth.close()
        pause.wait(0.05)
    pytest.fail("there is no room")


def test_a_hundred_clients_are_served_side_by_side(serve: Serve, connect: Connect, echo: Echo) -> None:
    """Each gets its own answers, in order."""
    server = serve(echo)
    peers = [connect(server) for _ in range(100)]
    for turn in range(5):
        for number, peer in enumerate(peers):
            peer.get(f"/{number}/{turn}")
        assert [peer.reply().text for peer in peers] == [f"/{number}/{turn}" for number in range(100)]


def test_one_client_does_not_crowd_out_the_others(serve: Serve, connect: Connect) -> None:
    """A client that pipelines a thousand requests shares the server with one that sends a single one."""
    order: list[str] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        order.append(environ["PATH_INFO"])
        start_response("200 OK", [])
        if len(order) == 1:
            meek.get("/meek")
        return []

    server = serve(app)
    greedy, meek = connect(server), connect(server)
    greedy.send(b"GET /greedy HTTP/1.1\r\nHost: test\r\n\r\n" * 1000)
    assert meek.reply().status == 200
    for _ in range(1000):
        greedy.reply()
    assert order.index("/meek") < 100
