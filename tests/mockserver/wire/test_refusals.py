"""What never reaches the application: answered with a short sentence, then closed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from mockserver.wire import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.wire import Server
    from tests.mockserver.wire.conftest import Echo, Peer, Serve

    Connect = Callable[[Server], Peer]

pytestmark = pytest.mark.parametrize("serve", ["uvloop"], indirect=True)
"""The event loop makes no difference here."""

HOST = b"Host: test\r\n"
POST = b"POST / HTTP/1.1\r\n" + HOST

MALFORMED = {
    "no-version": b"GET /\r\n\r\n",
    "no-version-with-host": b"GET /\r\n" + HOST + b"\r\n",
    "two-spaces": b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n",
    "space-in-target": b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n",
    "raw-utf8-target": b"GET /\xc3\xa9 HTTP/1.1\r\n" + HOST + b"\r\n",
    "relative-target": b"GET page HTTP/1.1\r\n" + HOST + b"\r\n",
    "other-scheme": b"GET ftp://test/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "method-with-bytes": b"G\x00T / HTTP/1.1\r\n" + HOST + b"\r\n",
    "bare-lf": b"GET / HTTP/1.1\nHost: test\n\n",
    "bare-lf-in-field": b"GET / HTTP/1.1\r\nHost: test\nX: y\r\n\r\n",
    "bare-cr-in-field": b"GET / HTTP/1.1\r\nHost: test\r\nX: y\rZ: a\r\n\r\n",
    "nul-in-field": b"GET / HTTP/1.1\r\nHost: test\r\nX: a\x00b\r\n\r\n",
    "space-before-colon": b"GET / HTTP/1.1\r\nHost : test\r\n\r\n",
    "folded-field": b"GET / HTTP/1.1\r\nHost: test\r\nX: a\r\n b\r\n\r\n",
    "field-without-colon": b"GET / HTTP/1.1\r\nHost: test\r\nnonsense\r\n\r\n",
    "field-with-odd-beginning": b"GET / HTTP/1.1\r\n(Host: test\r\n\r\n",
    "field-without-name": b"GET / HTTP/1.1\r\nHost: test\r\n: x\r\n\r\n",
    "no-host": b"GET / HTTP/1.1\r\nX: y\r\n\r\n",
    "two-hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "host-with-path": b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "host-with-user": b"GET / HTTP/1.1\r\nHost: me@a\r\n\r\n",
    "host-with-space": b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    "url-with-user": b"GET http://me@a/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "url-without-host": b"GET http://a/ HTTP/1.1\r\n\r\n",
    "two-lengths": POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "list-of-lengths": POST + b"Content-Length: 3, 3\r\n\r\nabc",
    "signed-length": POST + b"Content-Length: +3\r\n\r\nabc",
    "negative-length": POST + b"Content-Length: -3\r\n\r\nabc",
    "hexadecimal-length": POST + b"Content-Length: 0x3\r\n\r\nabc",
    "digits-of-another-script": POST + "Content-Length: \u0663\r\n\r\n".encode(),
    "empty-length": POST + b"Content-Length:\r\n\r\n",
    "endless-length": POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
    "length-and-chunks": POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks-and-length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    "chunks-in-1.0": b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunk-size-no-number": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "chunk-size-signed": POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
    "chunk-size-empty": POST + b"Transfer-Encoding: chunked\r\n\r\n\r\n",
    "chunk-size-endless": POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 17 + b"\r\n",
    "chunk-extension-endless": POST + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"x" * 2000,
    "chunk-with-bare-lf": POST + b"Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n",
    "chunk-too-long": POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n",
    "trailer-malformed": POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nno field\r\n\r\n",
    "http2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "not-http": b"\x00\x01\x02",
    "a-sentence": b"Hello, is this the server? ",
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_malformed_requests_get_400(serve: Serve, connect: Connect, echo: Echo, data: bytes) -> None:
    """What breaks HTTP is answered with 400 and one line of text, then the connection is closed."""
    peer = connect(serve(echo))
    peer.send(data)
    reply = peer.reply()
    assert (reply.status, reply.reason) == (400, "Bad Request")
    assert reply["Content-Type"] == "text/plain; charset=utf-8"
    assert reply["Connection"] == "close"
    assert reply.text.startswith("400 Bad Request: ")
    assert reply.text.count("\n") == 1
    assert "Traceback" not in reply.text
    assert peer.rest() == b""
    assert echo.environs == []


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", 505),
        (b"GET / HTTP/0.9\r\n" + HOST + b"\r\n", 505),
        (b"CONNECT test:443 HTTP/1.1\r\n" + HOST + b"\r\n", 501),
        (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
        (POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 501),
        (POST + b"Content-Length: 3\r\nExpect: miracles\r\n\r\n", 417),
    ],
)
def test_what_is_not_done_here_has_a_status_of_its_own(
    serve: Serve, connect: Connect, echo: Echo, data: bytes, status: int
) -> None:
    """Well-formed requests for what this server does not do are told which of it."""
    peer = connect(serve(echo))
    peer.send(data)
    assert peer.reply().status == status
    assert peer.rest() == b""
    assert echo.environs == []


def test_a_malformed_request_does_not_hurt_those_before_it(serve: Serve, connect: Connect, echo: Echo) -> None:
    """Of pipelined requests the good ones are answered first, in order."""
    peer = connect(serve(echo))
    peer.get("/good")
    peer.send(b"bad\r\n\r\n")
    assert peer.reply().text == "/good"
    assert peer.reply().status == 400
    assert peer.rest() == b""


def test_nothing_is_read_after_the_last_request(serve: Serve, connect: Connect, echo: Echo) -> None:
    """What follows a request with ``Connection: close`` is no request."""
    peer = connect(serve(echo))
    peer.send(b"GET /last HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\nGET /more HTTP/1.1\r\nHost: test\r\n\r\n")
    assert peer.reply().text == "/last"
    assert peer.rest() == b""
    assert len(echo.environs) == 1


def test_tls_on_a_plain_port_is_closed_with_a_hint(
    serve: Serve, connect: Connect, echo: Echo, caplog: pytest.LogCaptureFixture
) -> None:
    """A TLS client would not understand an answer; whoever reads the log learns what happened."""
    peer = connect(serve(echo))
    with caplog.at_level(logging.WARNING):
        peer.send(bytes.fromhex("16030100f8010000f40303") + bytes(64))
        assert peer.rest() == b""
    assert "this port speaks plain HTTP" in caplog.text


class TestHeads:
    """Limits on the size of a head: 1,000 bytes and 10 fields."""

    LIMITS = Limits(head=1000, fields=10)

    def test_a_head_at_the_limit_passes(self, serve: Serve, connect: Connect, echo: Echo) -> None:
        """1,000 bytes, the empty line included, are allowed."""
        peer = connect(serve(echo, limits=self.LIMITS))
        head = b"GET / HTTP/1.1\r\nHost: test\r\nX: %s\r\n\r\n"
        peer.send(head % (b"x" * (1000 - len(head) + 2)))
        assert peer.reply().status == 200

    def test_a_head_over_the_limit_gets_431(self, serve: Serve, connect: Connect, echo: Echo) -> None:
        """1,001 bytes are not."""
        peer = connect(serve(echo, limits=self.LIMITS))
        head = b"GET / HTTP/1.1\r\nHost: test\r\nX: %s\r\n\r\n"
        peer.send(head % (b"x" * (1001 - len(head) + 2)))
        assert peer.reply().status == 431
        assert peer.rest() == b""

    def test_a_head_that_never_ends_gets_431(self, serve: Serve, connect: Connect, echo: Echo) -> None:
        """Nobody waits for the end of a head that is too long already."""
        peer = connect(serve(echo, limits=self.LIMITS))
        peer.send(b"GET / HTTP/1.1\r\nHost: test\r\nX: ")
        peer.send(b"x" * 1000)
        assert peer.reply().status == 431

    def test_a_target_that_never_ends_gets_414(self, serve: Serve, connect: Connect, echo: Echo) -> None:
        """Where not even the first line ends, that is said."""
        peer = connect(serve(echo, limits=self.LIMITS))
        peer.send(b"GET /" + b"x" * 1000)
        assert peer.reply().status == 414

    def test_fields_are_counted(self, serve: Serve, connect: Connect, echo: Echo) -> None:
        """Ten fields pass, eleven do not."""
        peer = connect(serve(echo, limits=self.LIMITS))
        peer.get("/", *["A: b"] * 9)
        assert peer.reply().status == 200
        peer.get("/", *["A: b"] * 10)
        assert peer.reply().status == 431

    def test_trailer_fields_are_limited_too(self, serve: Serve, connect: Connect, echo: Echo) -> None:
        """They are ignored, but take memory until their end."""
        peer = connect(serve(echo, limits=self.LIMITS))
        peer.send(POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 200)
        assert peer.reply().status == 431

    def test_the_usual_limit_is_32_kilobytes(self, serve: Serve, connect: Connect, echo: Echo) -> None:
        """Without a wish, a head of 32,768 bytes passes, also when it comes in pieces; one more does not."""
        server = serve(echo)
        for size, status in ((32_768, 200), (32_769, 431)):
            peer = connect(server)
            head = b"GET / HTTP/1.1\r\nHost: test\r\nX: %s\r\n\r\n"
            data = head % (b"x" * (size - len(head) + 2))
            peer.send(data[:20_000])
            peer.send(data[20_000:])
            assert peer.reply().status == status
