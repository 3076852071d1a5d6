"""The application's side: what PEP 3333 lets it do, and what becomes of its mistakes."""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from contracts.clock import Clock
    from mockserver.wire import Server
    from tests.mockserver.wire.conftest import Peer, Reply, Serve

    Connect = Callable[[Server], Peer]

pytestmark = pytest.mark.parametrize("serve", ["uvloop"], indirect=True)
"""The event loop makes no difference here."""

Fields = list[tuple[str, str]]


def answering(status: str, fields: Fields, *pieces: bytes) -> WSGIApplication:
    """Return an application that always gives this answer, as a list."""

    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response(status, fields)
        return list(pieces)

    return app


class Pieces:
    """An iterable of pieces that notes when it is closed."""

    def __init__(self, *pieces: bytes | BaseException) -> None:
        """Yield *pieces*; raise those that are exceptions."""
        self.pieces = pieces
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        """Yield the pieces."""
        for piece in self.pieces:
            if isinstance(piece, BaseException):
                raise piece
            yield piece

    def close(self) -> None:
        """Note it."""
        self.closed += 1


def iterating(pieces: Pieces, *fields: tuple[str, str], status: str = "200 OK") -> WSGIApplication:
    """Return an application that answers with *pieces*."""

    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response(status, list(fields))
        return pieces

    return app


def ask(serve: Serve, connect: Connect, app: WSGIApplication, method: str = "GET") -> Reply:
    """Send one request to *app*; return the answer."""
    peer = connect(serve(app))
    peer.get("/", method=method)
    return peer.reply(head_only=method == "HEAD")


def test_a_list_gets_its_length(serve: Serve, connect: Connect, frozen: Clock) -> None:
    """The server adds length, date (of its clock) and its name, without a version."""
    peer = connect(serve(answering("201 Made", [("X-A", "1"), ("X-A", "2")], b"ab", b"", b"c"), clock=frozen))
    peer.get()
    reply = peer.reply()
    assert (reply.status, reply.reason, reply.body) == (201, "Made", b"abc")
    assert reply.fields == (
        ("X-A", "1"),
        ("X-A", "2"),
        ("Server", "matteproof"),
        ("Content-Length", "3"),
        ("Date", "Mon, 01 Jan 2024 00:00:05 GMT"),
    )


def test_the_date_follows_the_clock(serve: Serve, connect: Connect, frozen: Clock) -> None:
    """When the clock is advanced, so is the Date field."""
    peer = connect(serve(answering("200 OK", []), clock=frozen))
    frozen.advance(60 * 86_400)
    peer.get()
    assert peer.reply()["Date"] == "Fri, 01 Mar 2024 00:00:05 GMT"


def test_fields_of_the_application_come_first(serve: Serve, connect: Connect) -> None:
    """Its own Date and Server are kept, alone."""
    reply = ask(serve, connect, answering("200 OK", [("date", "yesterday"), ("SERVER", "mine")]))
    assert (reply["Date"], reply["Server"]) == ("yesterday", "mine")


def test_head_has_the_length_and_no_body(serve: Serve, connect: Connect) -> None:
    """The answer to HEAD announces what GET would send, and the next answer follows at once."""
    peer = connect(serve(answering("200 OK", [("Content-Length", "5")], b"hello")))
    peer.get(method="HEAD")
    assert peer.reply(head_only=True)["Content-Length"] == "5"
    peer.get()
    assert peer.reply().text == "hello"


def test_head_adds_the_length_of_a_list_only(serve: Serve, connect: Connect) -> None:
    """Of an iterator nobody knows the length, and it is not drawn from to find out."""
    assert ask(serve, connect, answering("200 OK", [], b"hello"), "HEAD")["Content-Length"] == "5"
    pieces = Pieces(AssertionError("drawn"))
    assert "Content-Length" not in ask(serve, connect, iterating(pieces), "HEAD")
    assert pieces.closed == 1


@pytest.mark.parametrize(("status", "length"), [("204 No Content", []), ("304 Not Modified", ["5"])])
def test_some_statuses_have_no_body(serve: Serve, connect: Connect, status: str, length: list[str]) -> None:
    """204 and 304 end after the head; only 304 may tell the length of what it stands for."""
    peer = connect(serve(answering(status, [("Content-Length", "5")], b"hello")))
    for _ in range(2):
        peer.get()
        assert peer.reply().all("Content-Length") == length
    assert peer.silent(0.05)


def test_an_announced_length_is_kept_without_chunks(serve: Serve, connect: Connect) -> None:
    """An iterator that announces its length is not chunked, and closed once."""
    pieces = Pieces(b"he", b"", b"llo")
    reply = ask(serve, connect, iterating(pieces, ("Content-Length", "5")))
    assert (reply.body, reply["Content-Length"], pieces.closed) == (b"hello", "5", 1)


def test_an_iterator_of_unknown_length_is_chunked(serve: Serve, connect: Connect) -> None:
    """Each piece becomes a chunk; empty ones are left out, since an empty chunk would end the body."""
    pieces = Pieces(b"", b"he", b"", b"llo")
    peer = connect(serve(iterating(pieces)))
    peer.get()
    assert peer.until(b"\r\n\r\n").count(b"Transfer-Encoding: chunked\r\n") == 1
    assert peer.until(b"0\r\n\r\n") == b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
    peer.get()
    assert peer.reply().status == 200  # the connection goes on
    assert pieces.closed >= 1


def test_http_1_0_gets_no_chunks(serve: Serve, connect: Connect) -> None:
    """There the end of the connection marks the end of the body, even where it was to be kept."""
    peer = connect(serve(iterating(Pieces(b"he", b"llo"))))
    peer.get("/", "Connection: keep-alive", version="1.0")
    reply = peer.reply()
    assert (reply.text, reply["Connection"]) == ("hello", "close")


def test_start_response_may_come_with_the_first_piece(serve: Serve, connect: Connect) -> None:
    """An application that is a generator runs when it is iterated."""

    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("203 Late", [("Content-Length", "2")])
        yield b"ok"

    assert ask(serve, connect, app).status == 203
    head = ask(serve, connect, app, "HEAD")
    assert (head.status, head["Content-Length"]) == (203, "2")


def test_the_first_piece_does_not_tell_the_length(serve: Serve, connect: Connect) -> None:
    """Of a generator asked for its head only, nobody knows how much would have followed."""

    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b"ok"
        yield b"and more"

    assert "Content-Length" not in ask(serve, connect, app, "HEAD")


def test_write_is_supported(serve: Serve, connect: Connect) -> None:
    """What is passed to ``write`` comes before what is returned."""

    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        write = start_response("200 OK", [])
        write(b"one ")
        write(b"two ")
        return [b"three"]

    reply = ask(serve, connect, app)
    assert (reply.text, reply["Content-Length"]) == ("one two three", "13")


def test_start_response_may_be_called_again_with_an_error(serve: Serve, connect: Connect) -> None:
    """Until the head is sent an application may change its mind, giving ``exc_info``."""

    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("X-Old", "1")])
        try:
            int("no number")
        except ValueError:
            start_response("502 Sorry", [("X-New", "1")], sys.exc_info())
        return [b"sorry"]

    reply = ask(serve, connect, app)
    assert (reply.status, "X-Old" in reply, reply["X-New"]) == (502, False, "1")


def test_start_response_raises_once_the_head_is_sent(serve: Serve, connect: Connect) -> None:
    """Then ``exc_info`` is raised in the application, and the broken answer is not ended as if it were whole."""
    seen: list[BaseException] = []

    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b"begun"
        try:
            int("too late")
        except ValueError:
            try:
                start_response("500 No", [], sys.exc_info())
            except ValueError as error:
                seen.append(error)
                raise

    peer = connect(serve(app))
    peer.get()
    peer.until(b"begun\r\n")
    with pytest.raises(ConnectionResetError):
        peer.rest()
    (error,) = seen
    assert "too late" in str(error)


def test_the_application_may_close_the_connection(serve: Serve, connect: Connect) -> None:
    """``Connection: close`` in the answer is obeyed."""
    peer = connect(serve(answering("200 OK", [("Connection", "close")], b"bye")))
    peer.get()
    assert peer.reply().all("Connection") == ["close"]
    assert peer.rest() == b""


def no_start(_: WSGIEnvironment, __: StartResponse) -> Iterable[bytes]:
    """Forget to call start_response."""
    return [b"x"]


def start_twice(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Call start_response twice."""
    start_response("200 OK", [])
    start_response("200 OK", [])
    return []


def no_iterable(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Return nothing."""
    start_response("200 OK", [])
    return None  # type: ignore[return-value]


def raising(error: BaseException) -> WSGIApplication:
    """Return an application that raises *error*."""

    def app(_: WSGIEnvironment, __: StartResponse) -> Iterable[bytes]:
        raise error

    return app


MISTAKES: dict[str, WSGIApplication] = {
    "exception": raising(ValueError("secret")),
    "system-exit": raising(SystemExit(3)),
    "keyboard-interrupt": raising(KeyboardInterrupt()),
    "no-start": no_start,
    "start-twice": start_twice,
    "no-iterable": no_iterable,
    "text-instead-of-bytes": answering("200 OK", [], "text"),  # type: ignore[arg-type]
    "iterated-text": iterating(Pieces("text")),  # type: ignore[arg-type]
    "first-piece-fails": iterating(Pieces(ValueError("secret"))),
    "announced-body-fails": iterating(Pieces(b"x", ValueError("secret")), ("Content-Length", "5")),
    "too-short": answering("200 OK", [("Content-Length", "5")], b"four"),
    "too-long": answering("200 OK", [("Content-Length", "5")], b"sixsix"),
    "iterated-too-long": iterating(Pieces(b"six", b"six"), ("Content-Length", "5")),
    "length-no-number": answering("200 OK", [("Content-Length", "-1")]),
    "status-no-number": answering("OK", []),
    "status-informational": answering("100 Continue", []),
    "status-with-line-end": answering("200 OK\r\nX: y", []),
    "value-with-line-end": answering("200 OK", [("X", "a\r\nSet-Cookie: b")]),
    "value-with-line-feed": answering("200 OK", [("X", "a\nb")]),
    "value-with-carriage-return": answering("200 OK", [("X", "a\rb")]),
    "value-with-nul": answering("200 OK", [("X", "a\0b")]),
    "value-beyond-latin-1": answering("200 OK", [("X", "€")]),
    "name-with-line-end": answering("200 OK", [("X\r\nY", "a")]),
    "name-with-space": answering("200 OK", [("X Y", "a")]),
    "name-empty": answering("200 OK", [("", "a")]),
    "framed-itself": answering("200 OK", [("Transfer-Encoding", "chunked")], b"0\r\n\r\n"),
    "framed-itself-iterated": iterating(Pieces(b"0\r\n\r\n"), ("Transfer-Encoding", "chunked")),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_of_the_application_become_500(
    serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """The client gets a plain page without any detail, the log gets one entry, and the server goes on."""
    server = serve(MISTAKES[name])
    peer = connect(server)
    for _ in range(2):
        caplog.clear()
        with caplog.at_level(logging.ERROR):
            peer.get()
            reply = peer.reply()
        assert (reply.status, reply.text) == (500, "500 Internal Server Error\n")
        assert len(caplog.records) == 1
        assert caplog.records[0].exc_info


def test_iterables_are_closed_after_a_mistake(serve: Serve, connect: Connect) -> None:
    """Whatever goes wrong, ``close()`` is called once."""
    broken = [
        iterating(first := Pieces(b"x", ValueError()), ("Content-Length", "5")),
        iterating(second := Pieces(b"x"), ("Bad Name", "")),
        iterating(third := Pieces(ValueError())),
    ]
    for app in broken:
        assert ask(serve, connect, app).status == 500
    assert [first.closed, second.closed, third.closed] == [1, 1, 1]


def test_a_hook_makes_the_page_for_errors(serve: Serve, connect: Connect) -> None:
    """``on_error`` is told the environ and the exception, and says status, fields and body."""
    seen: list[tuple[str, str]] = []

    def page(environ: WSGIEnvironment, error: BaseException) -> tuple[str, Fields, bytes]:
        seen.append((environ["PATH_INFO"], str(error)))
        return "599 Oops", [("X-Oops", "1")], b"sorry"

    peer = connect(serve(raising(ValueError("why")), on_error=page))
    peer.get("/here")
    reply = peer.reply()
    assert (reply.status, reply["X-Oops"], reply.text) == (599, "1", "sorry")
    assert seen == [("/here", "why")]


def test_a_hook_that_fails_is_no_harm(serve: Serve, connect: Connect) -> None:
    """Then there is the plain page."""
    peer = connect(serve(raising(ValueError()), on_error=lambda *_: 1 / 0))  # type: ignore[arg-type]
    peer.get()
    assert peer.reply().text == "500 Internal Server Error\n"


def test_each_call_has_a_context_of_its_own(serve: Serve, connect: Connect) -> None:
    """What one request leaves in a context variable is not seen by the next, but by the rest of its own answer."""
    variable: ContextVar[str] = ContextVar("variable", default="fresh")

    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [])
        first = variable.get().encode()
        token = variable.set("mine")
        yield first
        yield b" " + variable.get().encode()
        variable.reset(token)

    peer = connect(serve(app))
    for _ in range(2):
        peer.get()
        assert peer.reply().text == "fresh mine"
