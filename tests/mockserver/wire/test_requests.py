"""Requests as they come over the wire, and what the application is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.clock import Clock
    from mockserver.wire import Server
    from tests.mockserver.wire.conftest import Echo, Peer, Serve

    Connect = Callable[[Server], Peer]


def test_a_connection_carries_many_requests(serve: Serve, connect: Connect, echo: Echo) -> None:
    """HTTP/1.1 keeps the connection; the application is told which one it is, counted from 1."""
    server = serve(echo)
    first, second = connect(server), None
    for path in ("/a", "/b"):
        first.get(path)
        assert first.reply().text == path
    second = connect(server)
    second.get("/c")
    assert second.reply().text == "/c"
    assert [environ["matteproof.connection"] for environ in echo.environs] == [1, 1, 2]


def test_connection_close_is_obeyed(serve: Serve, connect: Connect, echo: Echo) -> None:
    """A request with ``Connection: close`` is the last one, and the answer says so."""
    peer = connect(serve(echo))
    peer.get("/", "Connection: keep-alive, Close")
    assert peer.reply()["Connection"] == "close"
    assert peer.rest() == b""


def test_other_connection_options_mean_nothing(serve: Serve, connect: Connect, echo: Echo) -> None:
    """Only the option ``close`` closes, not what merely contains it."""
    peer = connect(serve(echo))
    for _ in range(2):
        peer.get("/", "Connection: close-notify, disclose")
        assert "Connection" not in peer.reply()


def test_http_1_0_closes_unless_asked_to_keep(serve: Serve, connect: Connect, echo: Echo) -> None:
    """HTTP/1.0 connections end after one answer, or go on after ``Connection: keep-alive``, which is confirmed."""
    peer = connect(serve(echo))
    peer.get("/", "Connection: keep-alive", version="1.0")
    assert peer.reply()["Connection"] == "keep-alive"
    peer.get("/", version="1.0")
    assert peer.reply()["Connection"] == "close"
    assert peer.rest() == b""
    assert echo.environs[0]["SERVER_PROTOCOL"] == "HTTP/1.0"


def test_http_1_0_needs_no_host(serve: Serve, connect: Connect, echo: Echo) -> None:
    """Host came with HTTP/1.1."""
    peer = connect(serve(echo))
    peer.send(b"GET /old HTTP/1.0\r\n\r\n")
    assert peer.reply().text == "/old"
    assert "HTTP_HOST" not in echo.environs[0]


def test_the_environ_is_what_pep_3333_asks_for(serve: Serve, connect: Connect, echo: Echo, frozen: Clock) -> None:
    """Every variable of CGI and WSGI is there, and the server's own besides."""
    server = serve(echo, clock=frozen)
    peer = connect(server)
    peer.post(
        b"abc", "/a%20b%C3%A9//c?x=%20&y", "Content-Type: text/x", "X-Two: 1", "x-two:  2\t ", "Cookie: a", "Cookie: b"
    )
    peer.reply()
    (environ,) = echo.environs
    client = peer.socket.getsockname()
    expected = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/a b\xc3\xa9//c",
        "QUERY_STRING": "x=%20&y",
        "REQUEST_URI": "/a%20b%C3%A9//c?x=%20&y",
        "RAW_URI": "/a%20b%C3%A9//c?x=%20&y",
        "CONTENT_TYPE": "text/x",
        "CONTENT_LENGTH": "3",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(server.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "HTTP_HOST": "test",
        "HTTP_X_TWO": "1,2",
        "HTTP_COOKIE": "a; b",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        "matteproof.body": b"abc",
        "matteproof.body_refused": False,
        "matteproof.may_block": False,
        "matteproof.received": 1_704_067_205.75,
        "matteproof.headers": (
            ("Host", "test"),
            ("Content-Length", "3"),
            ("Content-Type", "text/x"),
            ("X-Two", "1"),
            ("x-two", "2"),
            ("Cookie", "a"),
            ("Cookie", "b"),
        ),
    }
    assert {key: environ.get(key) for key in expected} == expected
    assert environ["wsgi.input"].read() == b"abc"
    assert "HTTP_CONTENT_LENGTH" not in environ
    assert "HTTPS" not in environ


def test_names_with_an_underscore_stay_out_of_the_variables(serve: Serve, connect: Connect, echo: Echo) -> None:
    """``X_Forwarded_For`` would otherwise pass for ``X-Forwarded-For``; the list of fields as sent still has it."""
    peer = connect(serve(echo))
    peer.get("/", "X_Who: mallory", "X-Who: alice")
    peer.reply()
    assert echo.environs[0]["HTTP_X_WHO"] == "alice"
    assert ("X_Who", "mallory") in echo.environs[0]["matteproof.headers"]


def test_bytes_beyond_ascii_reach_the_application_as_latin_1(serve: Serve, connect: Connect, echo: Echo) -> None:
    """PEP 3333 has bytes in strings, one character a byte."""
    peer = connect(serve(echo))
    peer.send(b"GET /%e9 HTTP/1.1\r\nHost: test\r\nX-Name: \xc3\xa9\r\n\r\n")
    assert peer.reply().body == b"/\xe9"
    assert echo.environs[0]["HTTP_X_NAME"] == "\xc3\xa9"


def test_escapes_that_are_none_are_left_alone(serve: Serve, connect: Connect, echo: Echo) -> None:
    """A percent sign without two hexadecimal digits means itself."""
    peer = connect(serve(echo))
    peer.get("/100%/%zz/%41")
    assert peer.reply().text == "/100%/%zz/A"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("http://else.test:81/a%20b?q=1", ("/a b", "q=1", "else.test:81")),
        ("HTTP://else.test", ("/", "", "else.test")),
        ("https://else.test?q", ("/", "q", "else.test")),
        ("/p#fragment?no", ("/p", "", "test")),
        ("//double/slash", ("//double/slash", "", "test")),
    ],
)
def test_targets_are_taken_apart(
    serve: Serve, connect: Connect, echo: Echo, target: str, expected: tuple[str, str, str]
) -> None:
    """A URL as target is allowed, and its host counts (RFC 9112, section 3.2.2); a fragment is dropped."""
    peer = connect(serve(echo))
    peer.get(target)
    peer.reply()
    environ = echo.environs[0]
    assert (environ["PATH_INFO"], environ["QUERY_STRING"], environ["HTTP_HOST"]) == expected
    assert environ["REQUEST_URI"] == target


def test_options_may_ask_about_the_server(serve: Serve, connect: Connect, echo: Echo) -> None:
    """``OPTIONS *`` arrives with the path ``*``; for other methods the asterisk is no target."""
    peer = connect(serve(echo))
    peer.get("*", method="OPTIONS")
    assert peer.reply().text == "*"
    peer.get("*")
    assert peer.reply().status == 400


@pytest.mark.parametrize("method", ["DELETE", "BREW", "get", "M-SEARCH", "X!#$%&'*+.^_`|~9"])
def test_any_method_reaches_the_application(serve: Serve, connect: Connect, echo: Echo, method: str) -> None:
    """Which methods there are is for the application to say; they tell upper from lower case."""
    peer = connect(serve(echo))
    peer.get("/", method=method)
    assert peer.reply().status == 200
    assert echo.environs[0]["REQUEST_METHOD"] == method


def test_chunked_bodies_are_put_together(serve: Serve, connect: Connect, echo: Echo) -> None:
    """The application sees the whole body and its length; extensions and trailer fields are passed over."""
    peer = connect(serve(echo))
    for _ in range(2):
        peer.send(b"POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: Chunked\r\n\r\n")
        for piece in (b"4;name=value\r\nwiki\r", b"\n0000a ;x\r\npedia in\r\n\r", b"\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n"):
            peer.send(piece)
        assert peer.reply().body == b"wikipedia in\r\n"
    environ = echo.environs[0]
    assert environ["CONTENT_LENGTH"] == "14"
    assert "HTTP_TRANSFER_ENCODING" not in environ
    assert "HTTP_X_SUM" not in environ


def test_a_request_may_come_byte_by_byte(serve: Serve, connect: Connect, echo: Echo) -> None:
    """Where packets end means nothing."""
    peer = connect(serve(echo))
    peer.socket.setsockopt(6, 1, 1)  # TCP_NODELAY
    data = b"\r\nPOST /x HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nabc"
    for index in range(len(data)):
        peer.send(data[index : index + 1])
    assert peer.reply().body == b"abc"


def test_large_bodies_arrive_unharmed(serve: Serve, connect: Connect, echo: Echo) -> None:
    """A body of many packets comes out as it went in, both framed by length and by chunks."""
    body = bytes(range(256)) * 3500
    peer = connect(serve(echo))
    peer.post(body)
    assert peer.reply().body == body
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:70_000], body[70_000:]))
    peer.send(b"POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n")
    assert peer.reply().body == body


def test_pipelined_requests_are_answered_in_order(serve: Serve, connect: Connect, echo: Echo) -> None:
    """A hundred requests in one packet, with and without bodies, get a hundred answers in that order."""
    peer = connect(serve(echo))
    requests = [
        b"POST /%d HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nno%02d" % (number, number)
        if number % 3 == 0
        else b"GET /%d HTTP/1.1\r\nHost: test\r\n\r\n" % number
        for number in range(100)
    ]
    peer.send(b"".join(requests))
    expected = [f"no{number:02}" if number % 3 == 0 else f"/{number}" for number in range(100)]
    assert [peer.reply().text for _ in range(100)] == expected


def test_pipelined_requests_are_answered_although_the_client_sends_no_more(
    serve: Serve, connect: Connect, echo: Echo
) -> None:
    """A client may close its sending side after the last request; then the server closes, too."""
    peer = connect(serve(echo))
    peer.send(b"GET /x HTTP/1.1\r\nHost: test\r\n\r\n" * 50)
    peer.socket.shutdown(1)
    assert [peer.reply().text for _ in range(50)] == ["/x"] * 50
    assert peer.rest() == b""


@pytest.mark.parametrize(
    "fields",
    [
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA",
        "Connection: Upgrade\r\nUpgrade: websocket",
    ],
)
def test_offers_to_upgrade_are_ignored(serve: Serve, connect: Connect, echo: Echo, fields: str) -> None:
    """A server need not take up an Upgrade (RFC 9110, section 7.8); Java's client offers h2c with every first POST."""
    peer = connect(serve(echo))
    peer.post(b"body", "/", *fields.split("\r\n"))
    assert peer.reply().text == "body"
    peer.get("/next")
    assert peer.reply().text == "/next"
