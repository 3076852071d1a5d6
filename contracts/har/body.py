"""Bodies as HAR has them: as text, in base64, or as the parameters of a form."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

if TYPE_CHECKING:
    from contracts.har.node import Node
    from contracts.model import Headers

_BASE64 = "base64"
_BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^\s;"]+))', re.IGNORECASE)
_ANY_BOUNDARY = "har"
_ESCAPES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


def written_text(body: bytes, encoding: str) -> dict[str, str]:
    """Return *body* as the member ``text``, and the member *encoding* if it is in base64 because it is not UTF-8."""
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode("ascii"), encoding: _BASE64}


def read_content(holder: Node, encoding: Node) -> bytes:
    """Return the bytes that the member ``text`` of *holder* stands for."""
    text = holder.member("text").text("")
    name = encoding.text("")
    if name == "":
        return text.encode(errors="surrogatepass")
    if name != _BASE64:
        raise encoding.error(_BASE64)
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError as error:
        raise holder.member("text").error("a text in base64") from error


def read_post_data(node: Node, headers: Headers) -> bytes:
    """Return the body that the member ``postData`` stands for, sent with *headers*; a text goes before parameters."""
    params = [_read_param(item) for item in node.member("params").items()]
    if params and not node.member("text").text(""):
        return _form(params, node.member("mimeType").text(""), headers)
    encoding = node.member("_encoding")
    return read_content(node, node.member("encoding") if encoding.missing else encoding)


class _Param(NamedTuple):
    """A field of a form, as HAR has it."""

    name: str
    value: str
    filename: str
    content_type: str


def _read_param(node: Node) -> _Param:
    optional = (node.member(name).text("") for name in ("value", "fileName", "contentType"))
    return _Param(node.member("name").text(), *optional)


def _form(params: list[_Param], mime_type: str, headers: Headers) -> bytes:
    """Return a body with the fields *params*; it is not the one that was sent, but it says the same."""
    if mime_type.lower().startswith("multipart/form-data"):
        match = _BOUNDARY.search(f"{headers.get('Content-Type') or ''};{mime_type}")
        return _multipart(params, (match[1] or match[2]) if match else _ANY_BOUNDARY)
    return urlencode([(param.name, param.value) for param in params], errors="surrogatepass").encode("ascii")


def _multipart(params: list[_Param], boundary: str) -> bytes:
    parts = [f"--{boundary}\r\n{_part_head(param)}\r\n\r\n{param.value}\r\n" for param in params]
    return f"{''.join(parts)}--{boundary}--\r\n".encode(errors="surrogatepass")


def _part_head(param: _Param) -> str:
    head = f'Content-Disposition: form-data; name="{param.name.translate(_ESCAPES)}"'
    if param.filename:
        head += f'; filename="{param.filename.translate(_ESCAPES)}"'
    if param.content_type:
        head += f"\r\nContent-Type: {' '.join(param.content_type.split())}"
    return head
