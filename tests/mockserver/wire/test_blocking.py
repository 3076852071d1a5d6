"""Slow work: it never holds up the event loop."""

from __future__ import annotations

import socket
import struct
import threading
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

PATIENCE = 20.0


class Workshop:
    """An application that does slow work, held up by the test, for every path but ``/quick``."""

    def __init__(self) -> None:
        """Begin with the work held up."""
        self.go_on = threading.Event()
        self.calls: list[tuple[str, bool]] = []
        self.at_work = 0
        self.most_at_work = 0
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer with the body and the path."""
        self.calls.append((environ["PATH_INFO"], environ["matteproof.may_block"]))
        body = environ["wsgi.input"].read()
        if environ["PATH_INFO"] != "/quick":
            environ["HTTP_SPOILT"] = "by the first call"
            if not environ["matteproof.may_block"]:
                raise WouldBlock
            self._work()
        start_response("200 OK", [])
        return [body, environ["PATH_INFO"].encode()]

    def _work(self) -> None:
        with self._lock:
            self.at_work += 1
            self.most_at_work = max(self.most_at_work, self.at_work)
        assert self.go_on.wait(PATIENCE)
        with self._lock:
            self.at_work -= 1


@pytest.fixture
def workshop() -> Iterator[Workshop]:
    """Return a :class:`Workshop` that ends with the test."""
    made = Workshop()
    yield made
    made.go_on.set()


def test_an_application_that_would_block_is_called_again(serve: Serve, connect: Connect, workshop: Workshop) -> None:
    """The second call may block, and has an environ and a body as fresh as the first."""
    peer = connect(serve(workshop))
    workshop.go_on.set()
    peer.post(b"body of ", "/slow")
    assert peer.reply().text == "body of /slow"
    assert workshop.calls == [("/slow", False), ("/slow", True)]


def test_the_environ_of_the_second_call_is_fresh(serve: Serve, connect: Connect) -> None:
    """Nothing the first call left in it is there, but what it put into the memory; the request is the same."""
    environs: list[WSGIEnvironment] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environs.append(dict(environ))
        environ["left"] = 99
        environ["matteproof.memory"]["calls"] = environ["matteproof.memory"].get("calls", 0) + 1
        if not environ["matteproof.may_block"]:
            raise WouldBlock
        start_response("200 OK", [])
        return []

    peer = connect(serve(app))
    peer.get()
    assert peer.reply().status == 200
    first, second = environs
    assert "left" not in second
    assert first["matteproof.delivery"] is second["matteproof.delivery"]
    assert second["matteproof.memory"] == {"calls": 2}
    assert first["matteproof.received"] == second["matteproof.received"]


def test_others_are_answered_meanwhile(serve: Serve, connect: Connect, workshop: Workshop) -> None:
    """While all threads are busy, quick requests are answered on the event loop."""
    server = serve(workshop, threads=1)
    slow = [connect(server) for _ in range(3)]
    for peer in slow:
        peer.get("/slow")
    quick = connect(server)
    quick.get("/quick")
    assert quick.reply().text == "/quick"
    workshop.go_on.set()
    assert [peer.reply().text for peer in slow] == ["/slow"] * 3
    assert workshop.most_at_work == 1


def test_as_many_calls_block_at_a_time_as_there_are_threads(serve: Serve, connect: Connect, workshop: Workshop) -> None:
    """With three threads, five slow requests have three at work."""
    server = serve(workshop, threads=3)
    peers = [connect(server) for _ in range(5)]
    for peer in peers:
        peer.get("/slow")
    done = threading.Event()
    while workshop.at_work < 3:
        done.wait(0.01)
    quick = connect(server)
    quick.get("/quick")
    quick.reply()
    assert workshop.at_work == 3
    workshop.go_on.set()
    assert [peer.reply().text for peer in peers] == ["/slow"] * 5
    assert workshop.most_at_work == 3


def test_pipelined_answers_stay_in_order(serve: Serve, connect: Connect, workshop: Workshop) -> None:
    """A quick request behind a slow one on the same connection is answered after it."""
    peer = connect(serve(workshop))
    peer.get("/slow")
    peer.get("/quick")
    assert peer.silent(0.1)
    workshop.go_on.set()
    assert [peer.reply().text, peer.reply().text] == ["/slow", "/quick"]


def test_no_thread_is_started_before_it_is_needed(serve: Serve, connect: Connect, workshop: Workshop) -> None:
    """Quick requests need none; the first slow one starts one, and the next reuses it."""
    server = serve(workshop)
    workshop.go_on.set()
    peer = connect(server)
    before = set(threading.enumerate())  # threads of servers that other tests have stopped may be ending meanwhile
    peer.get("/quick")
    peer.reply()
    assert not set(threading.enumerate()) - before
    for _ in range(3):
        peer.get("/slow")
        peer.reply()
    assert len(set(threading.enumerate()) - before) == 1


def test_large_bodies_go_to_a_thread_at_once(serve: Serve, connect: Connect, echo: Echo) -> None:
    """What is likely to need image work is not tried on the event loop first: over 64 kB, or as configured."""
    peer = connect(serve(echo, limits=Limits(inline_body=1000)))
    for size in (1000, 1001):
        peer.post(bytes(size))
        assert len(peer.reply().body) == size
    assert [environ["matteproof.may_block"] for environ in echo.environs] == [False, True]
    assert echo.threads[0] == "matteproof-wire"
    assert echo.threads[1].startswith("matteproof-worker")
    assert Limits().inline_body == 65_536


def test_would_block_makes_no_sense_in_a_thread(serve: Serve, connect: Connect) -> None:
    """An application that says it again has failed."""

    def app(_: WSGIEnvironment, __: StartResponse) -> Iterable[bytes]:
        raise WouldBlock

    peer = connect(serve(app))
    peer.get()
    assert peer.reply().status == 500


def test_would_block_passes_a_catch_all() -> None:
    """It is no Exception, so frameworks that turn exceptions into pages let it through."""
    assert not issubclass(WouldBlock, Exception)


def test_a_client_that_leaves_is_dropped_quietly(
    serve: Serve, connect: Connect, workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    """Its answer is thrown away, and others get theirs."""
    server = serve(workshop, threads=1)
    peers = [connect(server) for _ in range(3)]
    for peer in peers:
        peer.get("/slow")
        assert peer.silent(0.05)
    for peer in peers[:2]:
        peer.close()
    quick = connect(server)
    quick.get("/quick")
    quick.reply()
    workshop.go_on.set()
    assert peers[2].reply().text == "/slow"
    assert caplog.records == []


def test_work_for_clients_that_are_lost_is_not_begun(serve: Serve, connect: Connect, workshop: Workshop) -> None:
    """Of two requests that wait for a thread, the one whose client broke its connection is left out."""
    server = serve(workshop, threads=1)
    peers = [connect(server) for _ in range(3)]
    for number, peer in enumerate(peers):
        peer.get(f"/slow/{number}")
        assert peer.silent(0.05)
    peers[1].socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peers[1].close()
    quick = connect(server)
    quick.get("/quick")
    quick.reply()
    workshop.go_on.set()
    assert peers[2].reply().text == "/slow/2"
    assert [path for path, may_block in workshop.calls if may_block] == ["/slow/0", "/slow/2"]


def test_the_memory_of_a_lost_upload_is_given_back(serve: Serve, connect: Connect, workshop: Workshop) -> None:
    """A client that breaks its connection while its upload is worked on leaves room for the next."""
    server = serve(workshop, limits=Limits(bodies=500_000), max_body=500_000)
    first, second = connect(server), connect(server)
    first.post(bytes(500_000), "/slow")
    assert first.silent(0.1)
    first.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    first.close()
    second.post(bytes(500_000), "/quick")
    assert len(second.reply().body) == 500_006


def test_a_client_that_hangs_up_is_not_waited_for(serve: Serve, connect: Connect) -> None:
    """A delay after slow work is not begun for a client that closed its side during that work."""
    clock = Clock(frozen=True)
    go_on = threading.Event()

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ["matteproof.may_block"]:
            raise WouldBlock
        assert go_on.wait(PATIENCE)
        environ["matteproof.delivery"].delay = 5
        start_response("200 OK", [])
        return [b"late"]

    peer = connect(serve(app, clock=clock))
    peer.get()
    peer.socket.shutdown(socket.SHUT_WR)
    assert peer.silent(0.1)
    go_on.set()
    assert peer.rest() == b""


def test_a_client_that_has_said_all_still_gets_its_answer(serve: Serve, connect: Connect, workshop: Workshop) -> None:
    """Closing only the sending side does not mean to be gone."""
    peer = connect(serve(workshop))
    peer.get("/slow")
    peer.socket.shutdown(1)
    assert peer.silent(0.1)
    workshop.go_on.set()
    assert peer.reply().text == "/slow"
    assert peer.rest() == b""
