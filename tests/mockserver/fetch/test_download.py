"""Answers are judged by status, type and size, and never trusted."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from contracts.behaviour import ImageError, Trouble
from mockserver.fetch import Fetcher

if TYPE_CHECKING:
    from tests.mockserver.fetch.conftest import MakeInternet, Site

LIMIT = 1_000
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n"


def fetch(url: str) -> bytes:
    """Fetch *url* from loopback, 1000 bytes at most."""
    return Fetcher("loopback", {}).fetch(url, LIMIT)


def error_of(url: str) -> ImageError:
    """Fetch *url* from loopback in vain; return the error."""
    with pytest.raises(ImageError) as caught:
        fetch(url)
    return caught.value


def test_the_request_says_who_asks_and_for_what(site: Site) -> None:
    """One GET, for a picture, uncompressed, without cookies or credentials."""
    fetch(site.serve("/a.png"))
    ((path, fields),) = site.heard
    assert path == "/a.png"
    assert dict(fields) == {
        "Host": f"127.0.0.1:{site.port}",
        "User-Agent": "matteproof",
        "Accept": "image/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_proxies_of_the_environment_are_ignored(
    name: str, site: Site, picture: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy, which would look names up by itself, is never used."""
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetch(site.serve("/a.png")) == picture


@pytest.mark.parametrize(
    "fields",
    [
        (),
        ("Content-Type: image/png",),
        ("Content-Type: IMAGE/JPEG; charset=binary",),
        ("Content-Type: application/octet-stream",),
        ("Content-Type: binary/octet-stream",),
        ("Content-Type: image/png", "Content-Encoding: identity"),
    ],
)
def test_images_and_untyped_bodies_are_taken(fields: tuple[str, ...], site: Site, picture: bytes) -> None:
    """A body declared as an image, as plain bytes or as nothing is returned as it is."""
    assert fetch(site.serve("/a", b"", *fields)) == b""
    assert fetch(site.serve("/b", picture, *fields)) == picture


@pytest.mark.parametrize("media_type", ["text/html; charset=utf-8", "application/json", "imag/png", "text/image/png"])
def test_other_types_are_no_image(media_type: str, site: Site) -> None:
    """A body declared as something else is refused, and the sentence names the type."""
    error = error_of(site.serve("/a", b"<html>", f"Content-Type: {media_type}"))
    assert error.trouble is Trouble.URL_NOT_IMAGE
    assert media_type.partition(";")[0] in error.detail


def test_compressed_bodies_are_refused(site: Site) -> None:
    """A body that is compressed although nobody asked for that is not unpacked: it may be a bomb."""
    bomb = gzip.compress(b"\0" * 100_000)
    error = error_of(site.serve("/a", bomb, "Content-Type: image/png", "Content-Encoding: gzip"))
    assert error.trouble is Trouble.URL_NOT_IMAGE
    assert "gzip" in error.detail


@pytest.mark.parametrize("status", ["201 Created", "204 No Content", "206 Partial", "404 Not Found", "503 Busy"])
def test_only_200_is_success(status: str, site: Site) -> None:
    """Any other status is an error, with the status in the sentence; 2xx are no exception."""
    error = error_of(site.serve("/a", b"", "Content-Type: image/png", status=status))
    assert error.trouble is Trouble.URL_STATUS
    assert f"status {status[:3]}" in error.detail


def test_a_body_of_the_limit_is_taken(site: Site) -> None:
    """A picture of exactly the largest size is returned whole, with its length declared, chunked or neither."""
    body = bytes(range(250)) * 4
    assert fetch(site.serve("/declared", body)) == body
    assert fetch(site.send("/chunked", CHUNKED + b"3E8\r\n" + body + b"\r\n0\r\n\r\n")) == body
    assert fetch(site.send("/until-close", b"HTTP/1.1 200 OK\r\n\r\n" + body)) == body


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_001,
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + b"x" * 1_001,
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n" + b"x" * 1_001,
        b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 3_000_000,
        CHUNKED + b"3E9\r\n" + b"x" * 1_001 + b"\r\n0\r\n\r\n",
        CHUNKED + b"1\r\nx\r\n" * 1_001 + b"0\r\n\r\n",
        CHUNKED + b"7FFFFFFFFFFFFFFF\r\n" + b"x" * 1_001,
        CHUNKED + b"-1\r\n" + b"x" * 3_000_000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n3E9\r\n" + b"x" * 1_001,
    ],
)
def test_more_than_the_limit_is_too_large(answer: bytes, site: Site) -> None:
    """The limit holds whatever the server declares, or does not, and however it frames the body."""
    assert error_of(site.send("/a", answer)).trouble is Trouble.URL_TOO_LARGE


def test_bytes_beyond_the_declared_length_are_not_read(site: Site) -> None:
    """A server that sends more than it declares is cut off at what it declared."""
    assert fetch(site.send("/a", b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef")) == b"abc"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\r\n",
        b"HTTP/1.1 ",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"x" * 70_000,
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        CHUNKED + b"10\r\nabc",
        CHUNKED + b"3\r\nabc\r\n",
        CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"-5\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"1" * 70_000 + b"\r\n",
    ],
)
def test_broken_answers_are_unreachable(answer: bytes, site: Site) -> None:
    """What is no HTTP, or breaks off before its end, is never taken for a picture."""
    assert error_of(site.send("/a", answer)).trouble is Trouble.URL_UNREACHABLE


def test_a_port_nobody_listens_on_is_unreachable(site: Site) -> None:
    """A refused connection says so."""
    site.close()
    error = error_of(f"{site.origin}/a")
    assert error.trouble is Trouble.URL_UNREACHABLE
    assert error.detail == f"{site.origin} refused the connection."


def test_a_name_without_an_address_is_unreachable(internet: MakeInternet) -> None:
    """A name that cannot be resolved says so."""
    with pytest.raises(ImageError) as caught:
        Fetcher("public", {}, internet=internet()).fetch("http://nowhere.example/secret?token=1")
    assert caught.value.trouble is Trouble.URL_UNREACHABLE
    assert caught.value.detail == "http://nowhere.example cannot be found: its name has no address."


def test_a_name_with_no_addresses_at_all_is_unreachable(internet: MakeInternet) -> None:
    """A resolver that finds an empty list has found nothing."""
    with pytest.raises(ImageError) as caught:
        Fetcher("public", {}, internet=internet({"empty.example": [[]]})).fetch("http://empty.example/")
    assert caught.value.trouble is Trouble.URL_UNREACHABLE
