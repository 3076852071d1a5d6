"""One time-out holds for a whole fetch, whoever dawdles."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest

from contracts.behaviour import ImageError, Trouble
from contracts.clock import stopwatch
from mockserver.fetch import Fetcher
from mockserver.fetch.connection import Internet, SystemInternet, look_up
from mockserver.fetch.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from io import BufferedIOBase

    from tests.mockserver.fetch.conftest import MakeInternet, Site

TIMEOUT = 0.3
PATIENCE = 400
"""Steps of 10 ms or more: a fetch without a total time-out would wait for all of them and succeed."""


def assert_times_out(url: str, internet: Internet | None = None) -> None:
    """Fetch *url*; the fetch must give up because the time is up, and soon after that."""
    begin = stopwatch()
    with pytest.raises(ImageError) as caught:
        Fetcher("all", {}, timeout=TIMEOUT, internet=internet).fetch(url)
    assert caught.value.trouble is Trouble.URL_UNREACHABLE
    assert caught.value.detail.endswith("did not answer completely within the time allowed.")
    assert stopwatch() - begin < 10 * TIMEOUT


def dawdle(site: Site, stream: BufferedIOBase, text: bytes) -> None:
    """Send *text* byte by byte, one every 10 ms, until the site closes."""
    for byte in text:
        stream.write(bytes([byte]))
        if site.closing.wait(0.01):
            return


@pytest.mark.parametrize(
    ("prompt", "slow"),
    [
        (b"", b"HTTP/1.1 200 OK\r\nX: " + b"x" * PATIENCE + b"\r\n\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * (PATIENCE // 25) + b"HTTP/1.1 200 OK\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n", b"x" * PATIENCE),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * (PATIENCE // 6) + b"0\r\n\r\n"),
    ],
)
def test_a_trickle_does_not_extend_the_time(prompt: bytes, slow: bytes, site: Site) -> None:
    """Fields, interim answers, bodies and chunks that come byte by byte end at the total time-out."""

    def trickle(stream: BufferedIOBase) -> None:
        stream.write(prompt)
        dawdle(site, stream, slow)

    assert_times_out(site.act("/a", trickle))


def test_redirects_do_not_extend_the_time(site: Site) -> None:
    """The time-out does not begin anew with each hop."""
    for hop in range(5):

        def lead_on(stream: BufferedIOBase, hop: int = hop) -> None:
            site.closing.wait(TIMEOUT / 3)
            stream.write(f"HTTP/1.1 302 Found\r\nLocation: /{hop + 1}\r\n\r\n".encode())

        site.act(f"/{hop}", lead_on)
    site.serve("/5")
    assert_times_out(f"{site.origin}/0")


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Listen, so that the system takes connections, but never say a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_silence_ends(scheme: str, silent_port: int) -> None:
    """A server that neither answers nor shakes hands is given up."""
    assert_times_out(f"{scheme}://127.0.0.1:{silent_port}/")


def test_a_lookup_that_hangs_ends(internet: MakeInternet) -> None:
    """A resolver that never returns is left behind."""
    done = threading.Event()

    class Hanging:
        def resolve(self, _host: str, /) -> Sequence[str]:
            done.wait(30)
            return ["127.0.0.1"]

        def dial(self, address: str, port: int, seconds: float, /) -> socket.socket:
            return internet().dial(address, port, seconds)

    try:
        assert_times_out("http://slow.example/", Hanging())
    finally:
        done.set()


def test_the_system_resolver_is_asked_by_default() -> None:
    """Without an internet of the test's own, names are looked up as the system does."""
    found = look_up("localhost", SystemInternet(), Deadline(10))
    assert found
    assert set(found) <= {"127.0.0.1", "::1"}


def test_addresses_that_swallow_packets_leave_time_for_the_next(site: Site, picture: bytes) -> None:
    """Each address gets its share of the time, and the first that answers is used."""
    shares: list[tuple[str, float]] = []

    class HalfDead:
        def resolve(self, _host: str, /) -> Sequence[str]:
            return ["93.184.216.34", "93.184.216.35", "93.184.216.36"]

        def dial(self, address: str, _port: int, seconds: float, /) -> socket.socket:
            shares.append((address, seconds))
            if address != "93.184.216.36":
                raise TimeoutError
            return socket.create_connection(("127.0.0.1", site.port), timeout=seconds)

    site.serve("/")
    assert Fetcher("public", {}, timeout=30, internet=HalfDead()).fetch("http://pictures.example/") == picture
    assert [address for address, _ in shares] == ["93.184.216.34", "93.184.216.35", "93.184.216.36"]
    assert shares[0][1] <= 10
    assert shares[1][1] <= 15
