"""What is read from a request before any language is thought of."""

from __future__ import annotations

import base64

import pytest

from contracts.model import Headers, Request
from mockserver.snippets import snippets
from mockserver.snippets.bodies import MOST_LITERAL
from mockserver.snippets.files import extension_of
from mockserver.snippets.model import Base64, Basic, Bearer, File, Json, Multipart, Raw, Urlencoded, files_of
from mockserver.snippets.reading import sketch_of
from tests.mockserver.snippets.requests_sent import (
    DATA_URL,
    ENCODED,
    PICTURE,
    REQUESTS,
    conversation,
    multipart,
    part,
    request,
    urlencoded,
)

FILE_NAMES = {
    "photo.jpg": "photo.jpg",
    "PHOTO.PNG": "PHOTO.jpg",
    "no extension": "no-extension.jpg",
    "../../etc/passwd": "passwd.jpg",
    "C:\\Windows\\system.ini": "system.jpg",
    "-rf.jpg": "rf.jpg",
    ".hidden": "hidden.jpg",
    "a b;$(c)`d`'e.jpg": "a-b-c-d-e.jpg",
    "日本.jpg": "file.jpg",
    "": "image.jpg",
    "result.png": "sent-result.jpg",
    "NUL.jpg": "sent-NUL.jpg",
    "x" * 300: "x" * 60 + ".jpg",
}


@pytest.mark.parametrize(("called", "name"), FILE_NAMES.items())
def test_a_file_has_a_harmless_name(called: str, name: str) -> None:
    """Letters, digits and dashes of what it was called, and the extension that its bytes ask for."""
    body = sketch_of(multipart(part("image", PICTURE, called.replace("\\", "\\\\")))).body
    assert [file.name for file in files_of(body)] == [name]


@pytest.mark.parametrize(
    ("beginning", "extension"),
    [
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", "bin"),
        (b"\x00\x00\x00\x20ftypavif", "avif"),
        (b"GIF89a", "gif"),
        (b"BM", "bmp"),
        (b"", "bin"),
        (b"<?php", "bin"),
    ],
)
def test_an_extension_says_what_the_file_is(beginning: bytes, extension: str) -> None:
    """What is unknown is never called anything that somebody runs."""
    assert extension_of(beginning) == extension


def test_two_files_of_one_name_are_two() -> None:
    """But the same file twice is one."""
    parts = [part("image", data, "a.jpg") for data in (PICTURE, PICTURE + b"x", PICTURE)]
    body = sketch_of(multipart(*parts)).body
    assert isinstance(body, Multipart)
    assert [value.name for _, value in body.parts if isinstance(value, File)] == ["a.jpg", "a-2.jpg", "a.jpg"]


@pytest.mark.parametrize(
    ("shown", "auth"),
    [
        ("Basic me:[redacted]", Basic("me")),
        ("Basic :[redacted]", Basic("")),
        ("Basic a b:[redacted]", Basic("a b")),
        ("Basic a\x00b:[redacted]", None),
        ("Basic [redacted]", None),
        ("Bearer sk-me-12345678 [redacted]", Bearer()),
        ("Bearer [redacted]", Bearer()),
        ("", None),
    ],
)
def test_credentials_are_read_from_what_is_left_of_them(shown: str, auth: object) -> None:
    """Whoever they cannot be told of sends what is shown, and is refused as before."""
    sketch = sketch_of(request("GET", "/api/v2/account", auth=("Authorization", shown)))
    assert sketch.auth == auth
    kept = shown and auth is None and shown.isprintable()
    assert sketch.fields == ((("Authorization", shown),) if kept else ())


def test_fields_that_libraries_write_are_left_out() -> None:
    """What is left is worth repeating; a name that comes twice has both values."""
    usual = ("Host", "Content-Length", "User-Agent", "Accept-Encoding", "Cookie", "Origin", "Referer", "Sec-Fetch-Mode")
    pairs = [(name, "x") for name in usual]
    pairs += [("Accept", "*/*"), ("X-Trace", "1"), ("x-trace", "2"), ("X-Odd", "é"), ("X-Api-Key", "[redacted]")]
    sketch = sketch_of(Request("GET", "/", headers=Headers.of(pairs)))
    assert sketch.fields == (("X-Trace", "1, 2"), ("X-Api-Key", "[redacted]"))


@pytest.mark.parametrize(
    ("path", "query", "target"),
    [
        ("/a b'\"<>\\^`{|}#?%41é", "", "/a%20b'%22%3C%3E%5C%5E%60%7B%7C%7D%23%3F%2541%C3%A9"),
        ("*", "", "/*"),
        ("/", 'a=%20%zz"<>`{}|^&b[]=1', "/?a=%20%25zz%22%3C%3E%60%7B%7D%7C%5E&b[]=1"),
    ],
)
def test_a_target_has_only_what_urls_have(path: str, query: str, target: str) -> None:
    """Everything else has percent signs, so that no library stumbles over it."""
    assert sketch_of(Request("GET", path, query)).target == target


def test_long_base64_is_a_file_and_short_base64_is_not() -> None:
    """With or without the head of a data URL; what is no base64, or not written as everybody does, stays a text."""
    short, odd = base64.b64encode(bytes(150)).decode(), f"{ENCODED[:-4]}\n{ENCODED[-4:]}"
    body = sketch_of(urlencoded(("image.base64", ENCODED), ("b", DATA_URL), ("c", short), ("d", odd))).body
    assert isinstance(body, Urlencoded)
    assert body.pairs == (
        ("image.base64", (Base64(File("image.jpg", PICTURE)),)),
        ("b", ("data:image/jpeg;base64,", Base64(File("b.jpg", PICTURE)))),
        ("c", (short,)),
        ("d", (odd,)),
    )


@pytest.mark.parametrize(
    "name",
    [
        *("names that clients quote", "JSON names", "JSON numbers for names", "a large number", "half a character"),
        *("malformed JSON", "bytes", "no type"),
    ],
)
def test_what_languages_would_change_is_sent_as_it_was(name: str) -> None:
    """The body is whole, with the field that says what it is."""
    sent = REQUESTS[name]
    body = sketch_of(sent).body
    assert isinstance(body, Raw)
    data = b"".join(piece.encode() if isinstance(piece, str) else bytes(piece) for piece in body.pieces)  # type: ignore[arg-type]
    assert data == sent.body
    assert body.media_type == (sent.headers.get("Content-Type") or "")


@pytest.mark.parametrize(
    "text",
    [
        b"[" * 100_000,
        b"[" * 25 + b"]" * 25,
        b'{"a": 1, "a": 2}',
        b"NaN",
        b"1e999",
        b"9" * 10_000,
        b'"\\ud800"',
        b"\xff",
        b"\xef\xbb\xbf1",
    ],
)
def test_json_that_not_everybody_reads_alike(text: bytes) -> None:
    """Nobody parses it again: it is sent as text, or as bytes."""
    assert isinstance(sketch_of(request("POST", "/", text, "application/json")).body, Raw)


def test_json_can_be_had_as_text() -> None:
    """Indented, with files between the texts."""
    body = sketch_of(conversation({"url": DATA_URL})).body
    assert isinstance(body, Json)
    before, file, after = body.raw.pieces
    assert isinstance(before, str)
    assert before.endswith('"url": "data:image/jpeg;base64,')
    assert file == Base64(File("picture.jpg", PICTURE))
    assert isinstance(after, str)
    assert after.startswith('"\n')


@pytest.mark.parametrize(
    "large",
    [
        request("POST", "/", b"x" * (MOST_LITERAL + 1), "text/plain"),
        urlencoded(("a", "é" * MOST_LITERAL)),
        multipart(*(part(f"{'n' * 1000}{number}", "x") for number in range(200))),
        conversation(*["-"] * MOST_LITERAL),
        request("POST", "/", b"[" + b"0," * 2_000_000 + b"0]", "application/json"),
        request("POST", "/", b"\xff" * 5_000_000, "multipart/form-data"),
    ],
    ids=["text", "urlencoded", "multipart", "JSON", "large JSON", "bytes"],
)
def test_code_stays_short(large: Request) -> None:
    """A large body is a file, whatever it is made of, so that no compiler and no reader has to bear with it."""
    body = sketch_of(large).body
    assert body is not None
    assert [file.name for file in files_of(body)] == ["body.bin"]
    assert files_of(body)[0].data == large.body
    assert all(len(one.text) < 10_000 for one in snippets(large, provider="pixian"))


def test_languages_come_in_order() -> None:
    """Readers find theirs where it was; only a request to a provider has a test."""
    names = ["curl", "fetch", "python", "node", "php", "java", "csharp", "ruby", "pytest"]
    assert [one.language for one in snippets(REQUESTS["upload"], provider="pixian")] == names
    assert [one.language for one in snippets(REQUESTS["upload"])] == names[:-1]


def test_no_code_is_made_of_a_body_that_get_cannot_have() -> None:
    """In browsers and Node.js fetch would fail; a remark says what is missing."""
    found = {one.language: one.text for one in snippets(request("GET", "/", b"abc", "text/plain"))}
    assert "abc" not in found["fetch"] + found["node"]
    assert "fetch sends no body with GET" in found["fetch"]
    assert "abc" in found["python"]
