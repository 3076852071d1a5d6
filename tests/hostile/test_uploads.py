"""Bodies that are too large, that lie about their size, or that never end."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from command import needs, process_serving
from tests.hostile.exchange import AUTHORIZATION, PICTURE, PIXIAN, XTY, exchange, upload
from tests.hostile.verdicts import assert_harmless, assert_own_form, assert_well, the_one

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from contracts.model import Response

MIB = 1 << 20
PIECES = 100
PROVIDERS = {PIXIAN: "pixian", XTY: "xty"}


def head(path: str, *fields: str) -> bytes:
    """Return the head of an upload to *path*."""
    lines = [f"POST {path} HTTP/1.1", "Host: a", "Connection: close", f"Authorization: {AUTHORIZATION[path]}", *fields]
    return "\r\n".join([*lines, "", ""]).encode()


def announced(path: str) -> Iterator[bytes]:
    """Yield a body of 100 MB that says so."""
    yield head(path, f"Content-Length: {PIECES * MIB}")
    yield from [b"x" * MIB] * PIECES


def chunked(path: str) -> Iterator[bytes]:
    """Yield a body of 100 MB in chunks, which say nothing of the whole."""
    yield head(path, "Transfer-Encoding: chunked")
    yield from [b"%x\r\n%b\r\n" % (MIB, b"x" * MIB)] * PIECES
    yield b"0\r\n\r\n"


def understated(path: str) -> Iterator[bytes]:
    """Yield a body of 100 MB that says it has 10 bytes."""
    yield head(path, "Content-Length: 10")
    yield from [b"x" * MIB] * PIECES


class Watched:
    """A server in a process of its own, whose memory is looked at while it is talked to."""

    def __init__(self, origin: str, process: int) -> None:
        """Talk to the server at *origin*, which is *process*."""
        self._origin = origin
        self._process = process

    def answer_and_growth(self, upload: Iterator[bytes]) -> tuple[Response, int]:
        """Send *upload*; return the first answer, and by how many bytes the server has grown meanwhile at most."""
        sizes = [self._memory()]

        def pieces() -> Iterator[bytes]:
            for number, piece in enumerate(upload):
                if number % 10 == 0:
                    sizes.append(self._memory())
                yield piece

        answers = exchange(self._origin, pieces())
        assert_harmless(answers)
        return answers[0], max(*sizes, self._memory()) - sizes[0]

    def _memory(self) -> int:
        return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(self._process)])) * 1024


@needs("ps")
@pytest.mark.parametrize("path", [PIXIAN, pytest.param(XTY, marks=pytest.mark.thorough)])
def test_100_megabytes_are_refused_without_being_kept(tmp_path: Path, path: str) -> None:
    """However they come, the answer is the provider's own; memory stays flat; the log has no traceback."""
    log = tmp_path / "log"
    with log.open("w") as errors, process_serving(errors=errors) as (origin, process):
        assert_well(origin)
        server = Watched(origin, process)
        for upload, status, most in ((announced, 413, 16), (chunked, 413, 48), (understated, 400, 16)):
            answer, growth = server.answer_and_growth(upload(path))
            assert_own_form(answer, PROVIDERS[path])
            assert answer.status == status
            assert growth < most * MIB
        assert_well(origin)
    assert "Traceback" not in log.read_text()


def test_a_client_that_asks_first_is_told_at_once(origin: str) -> None:
    """With ``Expect: 100-continue`` nothing of a body that is too large needs to be sent."""
    for path, provider in PROVIDERS.items():
        asked = head(path, f"Content-Length: {PIECES * MIB}", "Expect: 100-continue")
        answer = the_one(exchange(origin, asked))
        assert_own_form(answer, provider)
        assert answer.status == 413


def test_the_file_in_a_form_has_a_limit_of_its_own(origin: str) -> None:
    """A file over 30 MB in a body that is still allowed gets the error for files."""
    answer = the_one(exchange(origin, upload(b"x" * 31_457_281)))
    assert_own_form(answer, "pixian")
    assert (answer.status, json.loads(answer.body)["error"]["code"]) == (413, 1012)


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_an_upload_that_is_cut_off_leaves_nothing(origin: str, reset: bool) -> None:  # noqa: FBT001  pytest passes it
    """A client may vanish anywhere, politely or not."""
    whole = upload(PICTURE)
    place = urlsplit(origin)
    for length in (1, 20, 200, len(whole) // 2, len(whole) - 1, len(whole)):
        with socket.create_connection((place.hostname, place.port)) as connection:
            if reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(whole[:length])


def test_half_a_request_gets_no_answer(origin: str) -> None:
    """A client that stops too early is not answered, and not waited for."""
    for half in (b"", b"GET /v1/models HTTP/1.1\r\n", upload(PICTURE)[:-1]):
        assert exchange(origin, half) == []
