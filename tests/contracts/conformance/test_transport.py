"""The transport sends once, keeps what came, and never waits for longer than it should."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest

from contracts.clock import stopwatch
from contracts.conformance.network import ForbiddenPlaceError
from contracts.conformance.target import Target, TargetError
from contracts.conformance.transport import Transport
from contracts.model import Ending, Headers, Request
from scripted import OK, Scripted, read_head, read_request, reset

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.model import Exchange


def sent(play: Callable[[socket.socket], None], request: Request | None = None, patience: float = 5.0) -> Exchange:
    """Send one request to a server that does *play*."""
    with Scripted(play) as server, Transport(patience=patience) as transport:
        asked = request or Request("GET", "/", origin=server.origin)
        return transport.send(Request(asked.method, asked.path, asked.query, asked.headers, asked.body, server.origin))


def says(data: bytes) -> Callable[[socket.socket], None]:
    """Return a play that answers with *data* and closes."""

    def play(connection: socket.socket) -> None:
        read_head(connection)
        connection.sendall(data)

    return play


def test_an_answer_is_kept_as_it_came() -> None:
    """Status, header fields in their order and spelling, and the body."""
    exchange = sent(says(b"HTTP/1.1 418 I am\r\nX-ONE: a\r\nx-one: b\r\nContent-Length: 3\r\n\r\nabc"))
    assert exchange.response is not None
    assert exchange.response.status == 418
    assert exchange.response.headers.pairs[:2] == (("X-ONE", "a"), ("x-one", "b"))
    assert exchange.response.body == b"abc"
    assert exchange.ending is Ending.DONE
    assert exchange.ended is not None
    assert exchange.received <= exchange.ended


def test_the_request_goes_out_as_it_is() -> None:
    """The body byte for byte, path and query unchanged, and no header field twice."""
    heard: list[bytes] = []

    def play(connection: socket.socket) -> None:
        heard.append(read_request(connection))
        connection.sendall(OK)

    sent(
        play,
        Request("POST", "/a b/ü", "x=%20&y", Headers.of([("Content-Type", "a/b"), ("User-Agent", "me")]), b"12\r\n3"),
    )
    head, _, body = heard[0].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /a%20b/%C3%BC?x=%20&y HTTP/1.1"
    assert body == b"12\r\n3"
    names = [line.partition(b":")[0].lower() for line in lines[1:]]
    assert len(names) == len(set(names))
    assert b"Content-Length: 5" in lines
    assert b"User-Agent: me" in lines


def test_a_chunked_answer_is_put_together() -> None:
    """Chunks are how the body travels, not what it is."""
    exchange = sent(says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"))
    assert exchange.response is not None
    assert exchange.response.body == b"abc"


def test_a_body_that_breaks_off_is_kept_so_far() -> None:
    """The exchange says that the connection was closed before the end."""
    exchange = sent(says(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"))
    assert exchange.response is not None
    assert exchange.response.body == b"abc"
    assert exchange.ending is Ending.CLOSE


@pytest.mark.parametrize(
    "data", [b"", b"\0\1\2 rubbish\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"]
)
def test_what_is_no_http_is_no_answer(data: bytes) -> None:
    """Rubbish, and nothing at all, give an exchange without a response."""
    exchange = sent(says(data))
    assert exchange.response is None
    assert exchange.ending is Ending.CLOSE


def test_a_reset_is_told_apart() -> None:
    """A connection that is torn down ends in another way than one that is closed."""

    def play(connection: socket.socket) -> None:
        read_head(connection)
        reset(connection)

    assert sent(play).ending is Ending.RESET


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"])
def test_a_server_that_hangs_is_left(head: bytes) -> None:
    """Before the answer or in its middle: the time for the whole exchange is bounded."""
    done = threading.Event()

    def play(connection: socket.socket) -> None:
        read_head(connection)
        connection.sendall(head)
        done.wait(10)

    began = stopwatch()
    exchange = sent(play, patience=0.3)
    done.set()
    assert stopwatch() - began < 5
    assert exchange.ending is Ending.GONE


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"])
def test_a_server_that_dribbles_is_left(head: bytes) -> None:
    """A byte now and then, in header or body, does not keep the transport waiting."""
    done = threading.Event()

    def play(connection: socket.socket) -> None:
        read_head(connection)
        connection.sendall(head)
        while not done.wait(0.05):
            connection.sendall(b"x")

    began = stopwatch()
    exchange = sent(play, patience=0.5)
    done.set()
    assert stopwatch() - began < 5
    assert exchange.ending is Ending.GONE


def test_connections_are_reused_and_counted() -> None:
    """A server that keeps the connection open gets the next request on it, until it closes it."""
    closed = threading.Event()

    def play(connection: socket.socket) -> None:
        for _ in range(2):
            read_head(connection)
            connection.sendall(OK)
        connection.shutdown(socket.SHUT_RDWR)
        closed.set()

    with Scripted(play) as server, Transport(patience=5) as transport:
        request = Request("GET", "/", origin=server.origin)
        first, second = transport.send(request), transport.send(request)
        assert closed.wait(5)
        third = transport.send(request)
    assert first.connection == second.connection
    assert third.connection == first.connection + 1


def test_nothing_listens() -> None:
    """The sentence says where, why, and what to look at."""
    with Scripted(says(OK)) as server:
        origin = server.origin
    with Transport(patience=5) as transport, pytest.raises(TargetError, match=r"127\.0\.0\.1.*running"):
        transport.send(Request("GET", "/", origin=origin))


def test_no_tls_where_it_was_expected() -> None:
    """An https:// address of a server that speaks plain HTTP is told as that."""

    def play(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad\r\n\r\n")

    with Scripted(play) as server, Transport(patience=5) as transport:
        origin = server.origin.replace("http:", "https:")
        with pytest.raises(TargetError, match="TLS"):
            transport.send(Request("GET", "/", origin=origin))


def test_a_name_is_looked_at_when_it_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that has led into the world and now leads to this machine gets nothing, not even a connection."""
    heard: list[str] = []

    def play(connection: socket.socket) -> None:
        heard.append("somebody")
        read_head(connection)
        connection.sendall(OK)

    looks: list[str] = []

    def resolved(host: str, port: int | None = None) -> tuple[str, ...]:
        del port
        looks.append(host)
        return ("127.0.0.1",) if host == "cdn.example.com" else ("93.184.215.14",)

    monkeypatch.setattr("contracts.conformance.network.resolved", resolved)
    monkeypatch.setattr("contracts.conformance.target.resolved", resolved)
    home = Target.at("https://example.com")
    with Scripted(play) as server, Transport(patience=5, home=home) as transport:
        origin = server.origin.replace("127.0.0.1", "cdn.example.com")
        with pytest.raises(ForbiddenPlaceError, match=r"127\.0\.0\.1"):
            transport.send(Request("GET", "/", origin=origin))
    assert not heard
    with Scripted(play) as server, Transport(patience=5, home=Target.at(server.origin)) as transport:
        origin = server.origin.replace("127.0.0.1", "cdn.example.com")
        looks.clear()
        exchange = transport.send(Request("GET", "/", origin=origin))
    assert exchange.response is not None
    assert heard == ["somebody"]
    assert looks == ["cdn.example.com"], "looked up once, and connected to what was looked at"
