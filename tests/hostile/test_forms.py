"""Forms that no honest client sends."""

from __future__ import annotations

import base64
import json

import pytest

from tests.hostile.exchange import MULTIPART, PICTURE, PIXIAN, exchange, form, part, post
from tests.hostile.verdicts import assert_own_form, the_one

FILE = part('name="image"; filename="a.png"', PICTURE)
URL = part('name="image.url"', b"https://example.com/example.jpeg")
GOOD = form(FILE)
TEXT = "application/x-www-form-urlencoded"


def field(name: str, value: bytes) -> bytes:
    """Return a form with a good image and one more field."""
    return form(URL, part(f'name="{name}"', value))


TYPES = {
    "none": ("", 400),
    "no boundary": ("multipart/form-data", 400),
    "empty boundary": ("multipart/form-data; boundary=", 400),
    "open quote": ('multipart/form-data; boundary="frontier', 400),
    "another boundary": ("multipart/form-data; boundary=border", 400),
    "not ASCII": ("multipart/form-data; boundary=\xff\xfe", 400),
    "two boundaries": ("multipart/form-data; boundary=border; boundary=frontier", 200),
    "endless": ("multipart/form-data; " + "a=b; " * 5000, 400),
    "another charset": (MULTIPART + "; charset=utf-7", 200),
    "JSON": ("application/json", 400),
    "nonsense": (";;;=\t", 400),
    "urlencoded": (TEXT, 400),
}


@pytest.mark.parametrize("kind", TYPES)
def test_a_content_type_is_believed_or_refused(origin: str, kind: str) -> None:
    """The same good body is read where the header leads to its boundary, and else refused."""
    media_type, status = TYPES[kind]
    answer = the_one(exchange(origin, post(PIXIAN, GOOD, media_type)))
    assert_own_form(answer, "pixian")
    assert answer.status == status


BODIES = {
    "nothing": (b"", 1019),
    "no end": (GOOD[:-4], 1019),
    "cut off in the file": (GOOD[:120], 1019),
    "cut off in a head": (GOOD[:40], 1019),
    "only an end": (b"--frontier--\r\n", 1005),
    "bare line feeds": (GOOD.replace(b"\r\n", b"\n"), 1019),
    "no head": (form(b"\r\nx"), 1019),
    "no disposition": (form(b"X-A: b\r\n\r\nx"), 1019),
    "another disposition": (GOOD.replace(b"form-data; ", b"attachment; "), 1019),
    "no name": (form(part("", b"x")), 1005),
    "two dispositions": (form(part('name="image.url"', b"x", 'Content-Disposition: form-data; name="test"')), 1019),
    "a huge head": (form(part(f'name="{"n" * 100_000}"', b"x")), 1019),
    "5000 heads": (form(part('name="x"', b"", *["X-A: b"] * 5000)), 1019),
    "5000 parts": (form(*[part('name="x"', b"y")] * 5000), 1019),
    "a part that lies about its length": (form(part('name="x"', b"long", "Content-Length: 3")), 1019),
    "a part of no length": (form(part('name="x"', b"long", "Content-Length: x")), 1019),
    "a form in the form": (form(part('name="image"; filename="x"', GOOD.replace(b"frontier", b"border"))), 1006),
    "a file in base64": (form(part('name="image"; filename="x"', base64.b64encode(PICTURE))), 1006),
    "an empty file": (form(part('name="image"; filename=""', b"")), 1006),
    "two files": (form(FILE, FILE), 1019),
    "text for a file": (form(part('name="image"', PICTURE)), 1016),
    "a name in another charset": (GOOD.replace(b"a.png", b"\xe9.png"), 1019),
    "markup for a name": (form(part('name="<script>"', b"x")), 1005),
    "UTF-16 text": (form(part('name="image.url"', "http://a/".encode("utf-16"))), 1019),
    "base64 junk": (form(part('name="image.base64"', b"!" * 99)), 1006),
    "base64 and a line end": (form(part('name="image.base64"', base64.encodebytes(PICTURE))), 1006),
    "base64 that is not ASCII": (form(part('name="image.base64"', "é".encode())), 1006),
    "base64 over a megabyte": (form(part('name="image.base64"', b"A" * 1_100_000)), 1019),
    "a URL of 2 MB": (form(part('name="image.url"', b"http://" + b"h" * 2_000_000)), 1024),
    "a URL with a NUL": (form(part('name="image.url"', b"http://a/\0")), 1024),
    "a margin of 2 MB": (field("result.margin", b"1px " * 500_000), 1019),
    "a margin that makes patterns slow": (field("result.margin", b"1px" + b" " * 100_000 + b"!"), 1019),
    "a size that makes patterns slow": (field("result.target_size", b"1" + b" " * 100_000 + b"!"), 1019),
    "a number of 100,000 digits": (field("max_pixels", b"9" * 100_000), 1019),
    "digits that are not ASCII": (field("max_pixels", "\u0661\u0660\u0660".encode()), 1019),
    "not a number": (field("max_pixels", b"NaN"), 1019),
    "true and a NUL": (field("test", b"true\0"), 1019),
    "a value that is not UTF-8": (field("output.format", b"\xff"), 1019),
    "a result too large for memory": (field("result.target_size", b"99999 99999"), 1023),
    "a result too long for JPEG": (
        form(URL, part('name="output.format"', b"jpeg"), part('name="result.target_size"', b"99999 9")),
        1023,
    ),
}


URLENCODED = {
    "urlencoded nothing": (b"", 1005),
    "broken escapes": (b"image.url=%zz%&%=&=&&&=%", 1024),
    "100,000 urlencoded fields": (b"a=b&" * 100_000, 1019),
    "urlencoded rubbish": (b"\x00\xff\x00=\x00", 1005),
    "escapes that are not UTF-8": (b"image.base64=%ff", 1019),
    "a URL twice": (b"image.url=http://a&image.url=http://a", 1019),
}


@pytest.mark.parametrize("kind", BODIES | URLENCODED)
def test_a_damaged_form_is_refused_with_a_reason(origin: str, kind: str) -> None:
    """The answer is the error object, with the code of what was wrong and a message of bearable length."""
    body, code = (BODIES | URLENCODED)[kind]
    answer = the_one(exchange(origin, post(PIXIAN, body, MULTIPART if kind in BODIES else TEXT)))
    assert_own_form(answer, "pixian")
    assert json.loads(answer.body)["error"]["code"] == code
    assert len(answer.body) < 1000


ODDITIES = {
    "text around the form": b"before\r\n" + GOOD + b"after",
    "a name with a NUL": form(FILE, part('name="im\0age"', b"x")),
    "a name with escaped line ends": form(FILE, part('name="a%0D%0Ab"', b"x")),
    "a name with quotes": form(FILE, part('name="a\\"b"', b"x")),
    "a file name of 8 kB": GOOD.replace(b"a.png", b"a" * 8000),
    "a file name with a NUL": GOOD.replace(b"a.png", b"a\0.png"),
    "a file name with a path": GOOD.replace(b"a.png", b"../../etc/passwd"),
    "a file name in Unicode": GOOD.replace(b"a.png", "写真😀.png".encode()),
    "a repeated field that is no parameter": form(FILE, part('name="x"', b"1"), part('name="x"', b"2")),
}


@pytest.mark.parametrize("kind", ODDITIES)
def test_what_is_only_odd_is_read(origin: str, kind: str) -> None:
    """Names of files and of unknown fields have no effect, whatever they are."""
    assert the_one(exchange(origin, post(PIXIAN, ODDITIES[kind], MULTIPART))).status == 200
