"""Secrets in the URLs of requests are hidden, however the URLs are written, and nothing else is touched."""

from __future__ import annotations

import os

import pytest

from contracts.model import Headers, Request
from contracts.redaction import in_urls, without_credentials

HIDDEN = [
    ("https://user:password@host/picture.jpg", "https://***@host/picture.jpg"),
    ("HTTPS://token@host:8443/a@b", "HTTPS://***@host:8443/a@b"),
    ("https://me@example.com:a@b:c@host/", "https://***@host/"),
    ("https://host/?token=abc", "https://host/?token=***"),
    ("https://host/a?w=5&access_token=a.b-c_d~e%26f&h=6#top", "https://host/a?w=5&access_token=***&h=6#top"),
    ("https://host/#access_token=abc&state=5", "https://host/#access_token=***&state=5"),
    ("https://p/?url=https://u:p@h/?token=abc", "https://p/?url=https://***@h/?token=***"),
    ("https://p/?url=https%3A%2F%2Fu%3Ap%40h%2Fx", "https://p/?url=https%3A%2F%2F***%40h%2Fx"),
    (r'{"url": "https:\/\/u:p@host\/a?sig=ab\/cd\u0026x=1"}', r'{"url": "https:\/\/***@host\/a?sig=***\u0026x=1"}'),
    ('{"url": "https://host/?key=abc", "b": "c"}', '{"url": "https://host/?key=***", "b": "c"}'),
    (
        "image.url=https%3A%2F%2Fu%3Ap%40h%2F%3Fsig%3Da%2526b%26x%3D1&test=true",
        "image.url=https%3A%2F%2F***%40h%2F%3Fsig%3D***%26x%3D1&test=true",
    ),
    ("image.url=https%3a//h/%3fsig%3dabc&test=true", "image.url=https%3A%2F%2Fh%2F%3Fsig%3D***&test=true"),
    ("image.url=https://h/?secret=abc&test=true", "image.url=https://h/?secret=***&test=true"),
    ("--b\r\n\r\nhttps://h/?password=abc\r\n--b--", "--b\r\n\r\nhttps://h/?password=***\r\n--b--"),
]

NAMES = [
    *("token", "key", "secret", "signature", "sig", "password", "access_token", "api-key", "apiKey", "client_secret"),
    *("X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token", "AWSAccessKeyId", "X-Goog-Signature", "auth"),
    *("Key-Pair-Id", "pwd", "jwt", "sessionid", "TOKEN", "oss_sig"),
]

UNTOUCHED = [
    "https://example.com/example.jpeg",
    "https://host/?w=5&design=blue&passage=1&X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600",
    "https://host/a@b?mail=a@b",
    "image.url=https%3A%2F%2Fh%2Fa%2Bb%3Fw%3D5&x=a+b",
    "someone@example.com ?token=abc without a URL",
    "data:image/png;base64,iVBORw0KGgo=",
    "",
]


@pytest.mark.parametrize(("sent", "shown"), HIDDEN)
def test_secrets_in_urls_are_hidden(sent: str, shown: str) -> None:
    """Users and passwords, and parameters named like secrets, in text, forms, JSON, and URLs within URLs."""
    assert in_urls(sent.encode()) == shown.encode()


@pytest.mark.parametrize("name", NAMES)
def test_names_that_speak_of_secrets_hide_their_values(name: str) -> None:
    """Those of cloud storage, of OAuth and of home-made schemes; what stands beside them is left."""
    assert in_urls(f"https://h/?a=1&{name}=abc&b=2".encode()) == f"https://h/?a=1&{name}=***&b=2".encode()


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_is_no_secret_is_left_as_it_is(text: str) -> None:
    """To the last byte."""
    assert in_urls(text.encode()) == text.encode()


def test_pixels_are_left_as_they_are() -> None:
    """Beside a URL with secrets, too."""
    pixels = bytes(range(256)) * 50 + os.urandom(100_000).replace(b":", b"")
    assert in_urls(pixels + b"\r\nhttps://u@h\r\n" + pixels) == pixels + b"\r\nhttps://***@h\r\n" + pixels


@pytest.mark.parametrize(
    "body",
    [
        b"://?" + b"keykey" * 100_000,
        b"://" * 200_000,
        b"://a@" * 50_000,
        b"%3A//" * 100_000,
        b"%3A//%" + b"25" * 99_999,
    ],
    ids=["names", "slashes", "users", "encoded", "deep"],
)
def test_hostile_bodies_take_no_time(body: bytes) -> None:
    """The work grows with the length alone, and nothing is looked into without end."""
    assert in_urls(body) is not None


def test_a_request_is_cleaned_wherever_it_holds_a_url() -> None:
    """In the query, in header fields and in the body; the rest of it stays."""
    request = Request(
        "POST",
        "/remove",
        "from=https://u:p@h/&b=2",
        Headers((("Referer", "https://h/?token=abc"), ("Accept", "*/*"))),
        b'{"url": "https://u:p@h/"}',
    )
    assert without_credentials(request, "Basic") == Request(
        "POST",
        "/remove",
        "from=https://***@h/&b=2",
        Headers((("Referer", "https://h/?token=***"), ("Accept", "*/*"))),
        b'{"url": "https://***@h/"}',
    )
