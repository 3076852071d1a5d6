"""Reading forms, well-formed and not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model import Headers, Request
from contracts.multipart import MAX_FIELDS, Field, FormError, read_form

MULTIPART = "multipart/form-data; boundary=b"


def form(body: bytes, content_type: str | None) -> Request:
    """Return a request with the *body* of a form."""
    headers = Headers(() if content_type is None else (("Content-Type", content_type),))
    return Request("POST", "/", headers=headers, body=body)


def test_a_multipart_form_keeps_names_files_types_and_bytes() -> None:
    """Each part comes out as it was sent, in order, binary data included."""
    body = (
        b'--b\r\nContent-Disposition: form-data; name="image"; filename="a b.png"\r\nContent-Type: image/png\r\n\r\n'
        b'\x00\r\n--\xff\r\n--b\r\nContent-Disposition: form-data; name="test"\r\n\r\ntrue\r\n--b--\r\n'
    )
    assert read_form(form(body, MULTIPART)) == (
        Field("image", b"\x00\r\n--\xff", "a b.png", "image/png"),
        Field("test", b"true"),
    )


def test_a_urlencoded_form_is_decoded() -> None:
    """Plus signs are blanks, percent escapes are bytes, a field without a value is empty."""
    read = read_form(form(b"result.margin=10px+20%25&test=&x", "application/x-www-form-urlencoded; charset=utf-8"))
    assert read == (Field("result.margin", b"10px 20%"), Field("test", b""), Field("x", b""))


@pytest.mark.parametrize(
    ("body", "content_type", "said"),
    [
        (b"", None, "no Content-Type"),
        (b"{}", "application/json", "application/json"),
        (b"--b--", "multipart/form-data", "no multipart boundary"),
        (b"no delimiter", MULTIPART, "malformed"),
        (b'--b\r\nContent-Disposition: form-data; name="image"\r\n\r\ncut off', MULTIPART, "malformed"),
        (b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--", MULTIPART, "malformed"),
        (b"--b\r\n" + b"X: y\r\n" * 100 + b"\r\nx\r\n--b--", MULTIPART, "malformed"),
        (b"a=1&" * (MAX_FIELDS + 1), "application/x-www-form-urlencoded", f"at most {MAX_FIELDS}"),
    ],
)
def test_a_malformed_form_is_refused_with_a_reason(body: bytes, content_type: str | None, said: str) -> None:
    """Whatever is wrong with a form is said in words."""
    with pytest.raises(FormError, match=said):
        read_form(form(body, content_type))


def test_text_that_is_not_utf8_is_refused() -> None:
    """A field that is read as text must be UTF-8."""
    with pytest.raises(FormError, match="'test' is not UTF-8"):
        _ = Field("test", b"\xff").text


@given(st.binary(max_size=300))
def test_no_body_escapes_as_another_error(body: bytes) -> None:
    """Any bytes are either a form or a FormError."""
    for content_type in (MULTIPART, "application/x-www-form-urlencoded"):
        try:
            fields = read_form(form(b"--b\r\n" + body, content_type))
        except FormError:
            continue
        assert all(isinstance(field, Field) for field in fields)


def one_part(*lines: str) -> Request:
    """Return a form of one part with the header *lines* and the body ``x``."""
    head = "\r\n".join(("--b", *lines, "", ""))
    return form(f"{head}x\r\n--b--\r\n".encode(), "multipart/form-data; boundary=b")


@pytest.mark.parametrize(
    "disposition",
    ["form-data; name=image; filename*=UTF-8''na%C3%AFve.jpg", "form-data; name=image; filename*0=a; filename*1=b"],
)
def test_an_extended_file_name_makes_a_file(disposition: str) -> None:
    """What the name is does not matter, but that there is one."""
    (field,) = read_form(one_part(f"Content-Disposition: {disposition}"))
    assert field.filename == ""


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_an_encoded_part_is_refused_by_name(encoding: str) -> None:
    """Forms do not encode their parts any more; the sentence names the field and the header."""
    request = one_part("Content-Disposition: form-data; name=image", f"Content-Transfer-Encoding: {encoding}")
    with pytest.raises(FormError, match=f"'image' has the Content-Transfer-Encoding '{encoding}'"):
        read_form(request)


def test_a_compressed_body_is_refused_by_name() -> None:
    """Nothing is guessed about bytes that are not a form before they are unpacked."""
    request = Request("POST", "/", headers=Headers((("Content-Type", "x"), ("Content-Encoding", "gzip"))))
    with pytest.raises(FormError, match="Content-Encoding 'gzip'"):
        read_form(request)


def test_a_boundary_that_never_comes_is_named() -> None:
    """The usual cause is a Content-Type written by hand."""
    with pytest.raises(FormError, match="the boundary 'other' of the Content-Type is not in it"):
        read_form(form(b"--b\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=other"))
