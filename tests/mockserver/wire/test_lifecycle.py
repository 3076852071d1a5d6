"""Starting and stopping."""

from __future__ import annotations

import errno
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from contracts.clock import Clock
from mockserver.wire import Limits, ListenError, PortTakenError, Server, WouldBlock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from tests.mockserver.wire.conftest import Echo, Peer, Serve

    Connect = Callable[[Server], Peer]

PATIENCE = 20.0


class Held:
    """An application whose answers the test holds up; it blocks, in a thread."""

    def __init__(self) -> None:
        """Begin with answers held up."""
        self.called = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer when the test allows."""
        if not environ["matteproof.may_block"]:
            raise WouldBlock
        self.called.set()
        assert self.go_on.wait(PATIENCE)
        start_response("200 OK", [])
        return [b"finished"]


def stopping(server: Server) -> threading.Thread:
    """Stop *server* from a thread of its own, which is returned."""
    thread = threading.Thread(target=server.stop)
    thread.start()
    return thread


def refuses(server: Server) -> bool:
    """Tell whether nobody listens on the port of *server*."""
    try:
        socket.create_connection(("127.0.0.1", server.port)).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_free_port_is_found(serve: Serve, echo: Echo) -> None:
    """Port 0 means any; each server gets its own, and tells it."""
    first, second = serve(echo), serve(echo)
    assert first.port != second.port
    assert first.url == f"http://127.0.0.1:{first.port}"


def test_the_port_is_known_only_once_it_is_taken(echo: Echo) -> None:
    """Before that, asking is a mistake, and the error says what to do."""
    server = Server(echo, "127.0.0.1", 0, Clock())
    with pytest.raises(RuntimeError, match=r"call bind\(\)"):
        _ = server.port
    server.bind()
    assert server.port > 0
    server.stop()
    assert refuses(server)


def test_a_taken_port_is_reported(serve: Serve, echo: Echo) -> None:
    """The error is an OSError with its number, and a sentence that helps."""
    first = serve(echo)
    second = Server(echo, "127.0.0.1", first.port, Clock())
    with pytest.raises(
        PortTakenError, match=rf"Port {first.port} of 127\.0\.0\.1 is taken by another program; "
    ) as caught:
        second.start_in_thread()
    assert isinstance(caught.value, OSError)
    assert caught.value.errno == errno.EADDRINUSE


@pytest.mark.parametrize(
    ("host", "port", "sentence"),
    [
        ("192.0.2.1", 0, r"192\.0\.2\.1 is not an address of this machine"),
        ("no-such-host.invalid", 0, "'no-such-host.invalid' is not known here"),
        ("127.0.0.1", 65_536, "There is no port 65536"),
    ],
)
def test_what_cannot_be_listened_on_is_reported(echo: Echo, host: str, port: int, sentence: str) -> None:
    """Each reason has its own sentence."""
    with pytest.raises(ListenError, match=sentence):
        Server(echo, host, port, Clock()).start_in_thread()


def test_ipv6_works(serve: Serve, echo: Echo, peer_type: type[Peer]) -> None:
    """An IPv6 address is served, and stands in brackets in the URL."""
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        server = serve(echo, host="::1")
    except ListenError:
        pytest.skip("this machine has no IPv6 loopback")
    assert server.url == f"http://[::1]:{server.port}"
    with closing(peer_type(socket.create_connection(("::1", server.port)))) as peer:
        peer.get("/six")
        assert peer.reply().text == "/six"
    assert echo.environs[0]["REMOTE_ADDR"] == "::1"


def test_localhost_is_served_at_every_address_it_has(serve: Serve, echo: Echo, peer_type: type[Peer]) -> None:
    """Whichever address a client finds for localhost, it is answered at the one port."""
    server = serve(echo, host="localhost")
    assert server.url == f"http://localhost:{server.port}"
    addresses = {str(entry[4][0]) for entry in socket.getaddrinfo("localhost", None, type=socket.SOCK_STREAM)}
    for address in addresses:
        with closing(peer_type(socket.create_connection((address, server.port)))) as peer:
            peer.get("/here")
            assert peer.reply().text == "/here"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have one loopback address only")
def test_a_host_is_served_at_every_address_it_has(
    serve: Serve, echo: Echo, peer_type: type[Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the same port; if another program has the port at one of them, the server does not start at all."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in ("127.0.0.2", "127.0.0.3")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    server = serve(echo, host="two.test")
    monkeypatch.undo()
    for address in ("127.0.0.2", "127.0.0.3"):
        with closing(peer_type(socket.create_connection((address, server.port)))) as peer:
            peer.get("/here")
            assert peer.reply().text == "/here"
    server.stop()
    with closing(socket.create_server(("127.0.0.3", 0))) as other:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        port = other.getsockname()[1]
        with pytest.raises(PortTakenError):
            Server(echo, "two.test", port, Clock()).bind()
        monkeypatch.undo()
        socket.create_server(("127.0.0.2", port)).close()  # nothing is left there


def test_a_server_at_all_addresses_names_one_that_works(serve: Serve, echo: Echo) -> None:
    """``0.0.0.0`` is no address to send a request to."""
    server = serve(echo, host="0.0.0.0")  # noqa: S104  that is what is tested
    assert server.url == f"http://127.0.0.1:{server.port}"
    assert not refuses(server)


def test_a_server_may_be_used_as_a_context(echo: Echo, peer_type: type[Peer]) -> None:
    """Inside it serves; afterwards nobody listens, and it may be started anew."""
    server = Server(echo, "127.0.0.1", 0, Clock())
    for _ in range(2):
        with server:
            with closing(peer_type(socket.create_connection(("127.0.0.1", server.port)))) as peer:
                peer.get("/in")
                assert peer.reply().text == "/in"
            with pytest.raises(RuntimeError, match="running already"):
                server.start_in_thread()
        assert refuses(server)
    server.stop()


def test_stopping_lets_answers_be_finished(serve: Serve, connect: Connect) -> None:
    """No new connection is accepted, but the answer under way is sent whole; then the connection is closed."""
    held = Held()
    server = serve(held, limits=Limits(stop_seconds=10 * PATIENCE))
    busy, idle, begun = connect(server), connect(server), connect(server)
    busy.get()
    begun.send(b"GET / HT")
    assert held.called.wait(PATIENCE)
    thread = stopping(server)
    assert idle.rest() == b""
    assert begun.rest() == b""
    assert refuses(server)
    held.go_on.set()
    assert busy.reply().text == "finished"
    assert busy.rest() == b""
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_stopping_does_not_wait_for_ever(serve: Serve, connect: Connect) -> None:
    """An answer that takes too long is given up; the application's thread is left alone."""
    held = Held()
    server = serve(held, limits=Limits(stop_seconds=0.2))
    peer = connect(server)
    peer.get()
    assert held.called.wait(PATIENCE)
    server.stop()
    with pytest.raises((ConnectionError, AssertionError)):
        peer.reply()
    held.go_on.set()


def test_an_application_may_stop_its_server(connect: Connect) -> None:
    """On the event loop, ``stop`` only asks; the answer is still sent."""

    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        server.stop()
        start_response("200 OK", [])
        return [b"bye"]

    server = Server(app, "127.0.0.1", 0, Clock())
    server.start_in_thread()
    peer = connect(server)
    peer.get()
    assert peer.reply().text == "bye"
    assert peer.rest() == b""
    server.stop()
    assert refuses(server)


def test_nothing_is_left_behind(serve: Serve, connect: Connect, echo: Echo) -> None:
    """After a stop, the threads of the server are gone."""
    before = threading.active_count()
    server = serve(echo, limits=Limits(inline_body=1))
    peer = connect(server)
    peer.post(b"to a thread")
    peer.reply()
    server.stop()
    pause = threading.Event()
    while threading.active_count() > before:
        pause.wait(0.01)


def test_no_socket_is_left_open(serve: Serve, connect: Connect, echo: Echo) -> None:
    """Connections accepted a moment ago are closed with the server; a warning would fail this test."""
    for _ in range(5):
        server = serve(echo)
        peers = [connect(server) for _ in range(5)]
        server.stop()
        for peer in peers:
            peer.close()
    gc.collect()


PROGRAM = """
import sys
from contracts.clock import Clock
from mockserver.wire import Server

def app(environ, start_response):
    start_response("200 OK", [])
    return [b"hello"]

server = Server(app, "127.0.0.1", 0, Clock(), prefer_uvloop=sys.argv[1] == "uvloop")
server.bind()
print(server.port, flush=True)
server.run()
print("stopped in order", flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_signals_stop_the_server(number: signal.Signals, loop: str, peer_type: type[Peer]) -> None:
    """SIGINT and SIGTERM end :meth:`run`, which returns without a traceback; a silent connection is no obstacle."""
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, loop], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with program:
        assert program.stdout is not None
        assert program.stderr is not None
        port = int(program.stdout.readline())
        with closing(peer_type(socket.create_connection(("127.0.0.1", port)))) as peer:
            peer.get()
            assert peer.reply().text == "hello"
            program.send_signal(number)
            assert peer.rest() == b""
        assert program.stdout.read() == "stopped in order\n"
        assert program.stderr.read() == ""
        assert program.wait(PATIENCE) == 0


def test_importing_is_cheap() -> None:
    """The package loads neither the event loop nor TLS; they come when a server starts."""
    code = "import sys, mockserver.wire; print(sorted({'asyncio', 'uvloop', 'ssl', 'flask'} & sys.modules.keys()))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
