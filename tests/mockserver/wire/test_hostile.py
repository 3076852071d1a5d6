"""Hostile bytes: whatever comes, the server answers something or closes, and goes on."""

from __future__ import annotations

import socket
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.clock import Clock
from mockserver.wire import Limits, Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment

    from tests.mockserver.wire.conftest import Peer

SEEDS = [
    b"GET /a?b HTTP/1.1\r\nHost: test\r\nX-Y: z\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello",
    b"POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nT: u\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
    b"HEAD http://test/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
]

PIECES = st.sampled_from(
    [b"\r\n", b"\r\n\r\n", b"\n", b"\r", b" ", b"\t", b":", b"\0", b"0", b"HTTP/1.1", b"%", b"\xff"]
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Draw some valid requests, one after the other, with pieces cut out, doubled or put in."""
    data = b"".join(draw(st.lists(st.sampled_from(SEEDS), min_size=1, max_size=3)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 12)))
        data = data[:start] + draw(st.one_of(PIECES, st.just(data[start:end] * 2), st.just(b""))) + data[end:]
    return data


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Use everything a request brings, as an application would."""
    body = environ["wsgi.input"].read()
    query = environ["QUERY_STRING"].encode("latin-1")
    start_response("200 OK", [("X-Path", environ["PATH_INFO"].encode("unicode_escape").decode())])
    return [body, query]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Return one server for all examples: it has to survive them."""
    with Server(app, "127.0.0.1", 0, Clock(), max_body=1000, limits=Limits(head=2000)) as running:
        yield running


def answer_to(server: Server, make: Callable[[socket.socket], Peer], pieces: Iterable[bytes]) -> bytes:
    """Send *pieces* and then nothing more; return all that comes back, up to the end."""
    with closing(make(socket.create_connection(("127.0.0.1", server.port)))) as peer:
        try:
            for piece in pieces:
                peer.send(piece)
            peer.socket.shutdown(socket.SHUT_WR)
            return peer.rest()
        except (ConnectionError, OSError):  # closed in our face, which is an answer
            return b""


def assert_survived(server: Server, make: Callable[[socket.socket], Peer], answer: bytes) -> None:
    """Assert that *answer* is made of HTTP answers and that a good request is still answered."""
    assert answer == b"" or answer.startswith(b"HTTP/1.1 ")
    assert b"HTTP/1.1 500" not in answer
    assert b"Traceback" not in answer
    good = answer_to(server, make, [b"GET /?good HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"])
    assert good.startswith(b"HTTP/1.1 200 OK\r\n")
    assert good.endswith(b"\r\n\r\ngood")


FIXTURES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)


@FIXTURES
@given(data=st.binary(max_size=300))
def test_random_bytes(server: Server, peer_type: type[Peer], data: bytes) -> None:
    """Bytes that are hardly ever HTTP."""
    assert_survived(server, peer_type, answer_to(server, peer_type, [data]))


@FIXTURES
@given(data=mutated(), cuts=st.lists(st.integers(0, 400), max_size=3))
def test_mutated_requests(server: Server, peer_type: type[Peer], data: bytes, cuts: list[int]) -> None:
    """Bytes that are nearly HTTP, cut into packets anywhere."""
    borders = [0, *sorted(cuts), len(data)]
    pieces = [data[start:end] for start, end in pairwise(borders)]
    assert_survived(server, peer_type, answer_to(server, peer_type, pieces))


@FIXTURES
@given(
    name=st.text(st.characters(codec="latin-1"), max_size=8),
    value=st.text(st.characters(codec="latin-1"), max_size=20),
)
def test_odd_fields(server: Server, peer_type: type[Peer], name: str, value: str) -> None:
    """Fields with any characters at all."""
    field = f"{name}: {value}".encode("latin-1")
    data = b"GET /a%20b HTTP/1.1\r\nHost: test\r\n" + field + b"\r\n\r\n"
    assert_survived(server, peer_type, answer_to(server, peer_type, [data]))
