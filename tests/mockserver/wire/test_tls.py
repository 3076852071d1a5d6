"""TLS, and clients that do not say which server they want."""

from __future__ import annotations

import gc
import socket
import ssl
import sys
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
import trustme

from mockserver.wire import Close, Limits, Reset, Truncate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment

    from mockserver.wire import Action, Server
    from tests.mockserver.wire.conftest import Echo, Peer, Serve

    Secure = Callable[..., Peer]

pytestmark = pytest.mark.parametrize("serve", ["uvloop"], indirect=True)
"""A preference only: over TLS the event loop is always the same."""

CLOSED = 7
"""The state of a TCP connection that was reset, by the numbers of Linux."""


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Return a certificate authority for this module."""
    return trustme.CA()


@pytest.fixture
def context(authority: trustme.CA) -> ssl.SSLContext:
    """Return what a server for localhost needs."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(made)
    return made


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[Secure]:
    """Open TLS connections, with the server name localhost or another one, or none."""
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    authority.configure_trust(trusting)
    peers: list[Peer] = []

    def connect(server: Server, make: type[Peer], name: str | None = "localhost") -> Peer:
        plain = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        try:
            peers.append(make(trusting.wrap_socket(plain, server_hostname=name)))
        except BaseException:
            plain.close()
            raise
        return peers[-1]

    yield connect
    for peer in peers:
        peer.close()


def test_requests_over_tls(
    serve: Serve, secure: Secure, context: ssl.SSLContext, echo: Echo, peer_type: type[Peer]
) -> None:
    """The application is told of the scheme, and everything else is as ever."""
    server = serve(echo, ssl_context=context)
    peer = secure(server, peer_type)
    for _ in range(2):
        peer.post(bytes(300_000), "/x")
        assert len(peer.reply().body) == 300_000
    peer.get("/last", "Connection: close")
    assert peer.reply().text == "/last"
    assert peer.rest() == b""
    assert server.url == f"https://127.0.0.1:{server.port}"
    environ = echo.environs[0]
    assert (environ["wsgi.url_scheme"], environ["HTTPS"]) == ("https", "on")
    assert environ["REMOTE_PORT"] == str(peer.socket.getsockname()[1])


def test_a_server_name_may_be_required(
    serve: Serve, secure: Secure, context: ssl.SSLContext, echo: Echo, peer_type: type[Peer]
) -> None:
    """A handshake without one is refused by the alert ``unrecognized_name``; with one it succeeds."""
    server = serve(echo, ssl_context=context, require_sni=True)
    with pytest.raises(ssl.SSLError) as caught:
        secure(server, peer_type, None)
    assert caught.value.reason == "TLSV1_UNRECOGNIZED_NAME"
    peer = secure(server, peer_type)
    peer.get("/named")
    assert peer.reply().text == "/named"


def test_a_server_name_is_not_required_otherwise(
    serve: Serve, secure: Secure, context: ssl.SSLContext, echo: Echo, peer_type: type[Peer]
) -> None:
    """Clients that connect to an address send none."""
    peer = secure(serve(echo, ssl_context=context), peer_type, None)
    peer.get("/nameless")
    assert peer.reply().text == "/nameless"


@pytest.mark.parametrize("action", [Close(), Reset(), Truncate(3)], ids=["close", "reset", "truncate"])
def test_misbehaviour_over_tls(
    serve: Serve, secure: Secure, context: ssl.SSLContext, peer_type: type[Peer], action: Action
) -> None:
    """Actions work as they do without TLS: a truncated answer ends in order, a reset is one of the TCP connection."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["matteproof.delivery"].action = action
        start_response("200 OK", [])
        return [b"0123456789"]

    peer = secure(serve(app, ssl_context=context), peer_type)
    peer.get()
    if action == Truncate(3):
        assert b"Content-Length: 10\r\n" in peer.until(b"\r\n\r\n")
        assert peer.rest() == b"012"
    with suppress(ConnectionResetError):  # Python 3.11 takes a reset for the end of the data, 3.13 raises
        assert peer.rest() == b""
    if sys.platform == "linux":
        state = peer.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
        assert (state == CLOSED) == (action == Reset())


def test_an_upload_over_the_limit_can_be_answered(
    serve: Serve, secure: Secure, context: ssl.SSLContext, echo: Echo, peer_type: type[Peer]
) -> None:
    """A client that sends everything first can still read the answer."""
    peer = secure(serve(echo, ssl_context=context, max_body=10, limits=Limits(discard_seconds=1)), peer_type)
    peer.post(bytes(5_000_000), "/refused")
    reply = peer.reply()
    assert (reply.text, reply["Connection"]) == ("/refused", "close")


def test_plain_http_on_a_tls_port_is_no_harm(
    serve: Serve, secure: Secure, context: ssl.SSLContext, echo: Echo, peer_type: type[Peer]
) -> None:
    """The connection ends, and the server goes on."""
    server = serve(echo, ssl_context=context)
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=20)) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        assert plain.recv(1000) == b""
    peer = secure(server, peer_type)
    peer.get("/on")
    assert peer.reply().text == "/on"


def test_stopping_ends_handshakes(serve: Serve, context: ssl.SSLContext, echo: Echo) -> None:
    """A client that connects and says nothing neither holds up the end nor leaves a socket open."""
    for _ in range(5):
        server = serve(echo, ssl_context=context)
        with closing(socket.create_connection(("127.0.0.1", server.port), timeout=20)) as plain:
            server.stop()
            assert plain.recv(1) == b""
    gc.collect()
