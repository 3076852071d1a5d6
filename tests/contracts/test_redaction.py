"""Secrets in the URLs of requests are hidden, however the URLs are written, and nothing else is touched."""

from __future__ import annotations

import os

import pytest

from contracts.clock import stopwatch
from contracts.model import Headers, Request
from contracts.redaction import in_urls, without_credentials

HIDDEN_WORD = "[redacted]"
MOST_SECONDS = 20.0
"""Far more than a slow and busy machine needs; what grows with the square of the length takes minutes."""

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
    *("Key-Pair-Id", "pwd", "jwt", "sessionid", "TOKEN", "oss_sig", "passwd", "pw", "credential", "user_pw"),
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


def posted(body: bytes, content_type: str) -> bytes:
    """Return what is left of a *body* of that type."""
    headers = Headers((("Content-Type", content_type),))
    return without_credentials(Request("POST", "/remove", "", headers, body), "Basic").body


BODIES = [
    ("multipart/form-data; boundary=b", '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n--b--\r\n'),
    ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name={}\r\n\r\n{}\r\n--b--\r\n"),
    (
        "multipart/form-data; boundary=b",
        (
            '--b\r\nContent-Disposition: form-data; name="{}"\r\nContent-Type: text/plain\r\n\r\n{}\r\n--b\r\n'
            'Content-Disposition: form-data; name="test"\r\n\r\ntrue\r\n--b--\r\n'
        ),
    ),
    ("application/json", '{{"model": "remove-bg", "{}": "{}", "max_tokens": 5}}'),
    ("text/plain", ' {{"a": [{{"{}" : "{}"}}], "messages": []}}'),
    ("application/x-www-form-urlencoded", "{}={}&test=true"),
    ("application/x-www-form-urlencoded", "test=true&{}={}"),
]


@pytest.mark.parametrize(("content_type", "form"), BODIES)
@pytest.mark.parametrize("name", ["api_secret", "secret", "api_key", "Authorization", "access-token", "passwd", "pw"])
def test_fields_that_speak_of_secrets_hide_their_values(content_type: str, form: str, name: str) -> None:
    """In forms and in JSON, by the same names as elsewhere; everything beside them is left."""
    shown = posted(form.format(name, "TopSecret/4711").encode(), content_type)
    assert b"TopSecret" not in shown
    hidden = HIDDEN_WORD if "urlencoded" in content_type else "***"
    assert shown == form.format(name, hidden).encode()


def test_quotes_within_a_secret_do_not_end_it() -> None:
    """A text in JSON ends at the first quote without a backslash."""
    sent = rb'{"secret": "a\"b\\", "text": "a person"}'
    assert posted(sent, "application/json") == b'{"secret": "***", "text": "a person"}'


@pytest.mark.parametrize(
    "body",
    [
        b'{"max_tokens": 100, "model": "remove-bg", "messages": [{"role": "user"}]}',
        b'{"text": "the key is \\"secret\\": no"}',
        b'{"compass": "north"}',
    ],
)
def test_json_without_secrets_is_left_as_it_is(body: bytes) -> None:
    """Numbers, too, whose names only sound like it."""
    assert posted(body, "application/json") == body


@pytest.mark.parametrize(
    "name", ["X-Auth", "Api_Key", "X-Api-Key", "X-Passwd", "X-Pw", "Cookie", "X-Session", "X-Credential", "X-Sig"]
)
def test_header_fields_that_speak_of_secrets_are_hidden(name: str) -> None:
    """By the same names as everything else."""
    request = Request("GET", "/", "", Headers(((name, "TopSecret"), ("Accept", "*/*"))), b"")
    assert without_credentials(request, "Basic").headers == Headers(((name, "[redacted]"), ("Accept", "*/*")))


@pytest.mark.parametrize("name", ["passwd", "pw", "pwd", "credential", "sig", "api%5Fkey"])
def test_parameters_that_speak_of_secrets_are_hidden(name: str) -> None:
    """In the query of the request itself."""
    request = Request("GET", "/", f"a=1&{name}=TopSecret&b=2", Headers(()), b"")
    assert without_credentials(request, "Basic").query == f"a=1&{name}=[redacted]&b=2"


HOSTILE = {
    "URLs": (b"://a@b?x=y ", "text/plain"),
    "one URL": (b"://", "text/plain"),
    "parameters": (b"://?a=b&c=d", "text/plain"),
    "encoded": (b"%3A//", "text/plain"),
    "encoded deeply": (b"%253A%252F%252F", "text/plain"),
    "names": (b'"a":"b",', "application/json"),
    "quotes": (b'"', "application/json"),
    "colons": (b'"a":', "application/json"),
    "secrets": (b'"key":"', "application/json"),
    "parts": (b"form-data; ", "multipart/form-data"),
    "heads": (b'form-data; name="a"\r\nb\r\n', "multipart/form-data"),
    "one head": (b'form-data; name="a"', "multipart/form-data"),
    "fields": (b'form-data; name="key"\r\n\r\n', "multipart/form-data"),
    "pairs": (b"a=b&", "application/x-www-form-urlencoded"),
    "no pairs": (b"aaaa", "application/x-www-form-urlencoded"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_thirty_megabytes_are_cleaned_in_a_moment(case: str) -> None:
    """Nobody else is kept waiting for long, whatever the body consists of."""
    piece, content_type = HOSTILE[case]
    body = piece * (30_000_000 // len(piece))
    began = stopwatch()
    posted(body, content_type)
    assert stopwatch() - began < MOST_SECONDS


def test_a_body_with_too_much_to_look_at_is_hidden_as_a_whole() -> None:
    """What was not looked at could hold secrets."""
    assert posted(b"://u:p@h " * 1_000_000, "text/plain") == b"[redacted]"
