"""Requests of all kinds, and what is the same in two of them."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote_plus

from contracts.model import Headers, Request
from contracts.multipart import FormError, read_form
from mockserver.snippets.model import Raw
from mockserver.snippets.reading import sketch_of
from pictures import disc, encoded
from tests.mockserver.snippets.running import KEY, SECRET
from tests.mockserver.snippets.texts import NASTY, NUL

if TYPE_CHECKING:
    from collections.abc import Sequence

PICTURE = encoded(disc((64, 48), (16, 12, 48, 36)), "JPEG", quality=95)
ENCODED = base64.b64encode(PICTURE).decode()
DATA_URL = f"data:image/jpeg;base64,{ENCODED}"
REMOVE, ACCOUNT, CHAT = "/api/v2/remove-background", "/api/v2/account", "/v1/chat/completions"
BASIC = ("Authorization", "Basic " + base64.b64encode(f"me:{SECRET}".encode()).decode())
BEARER = ("Authorization", f"Bearer {KEY}")
_BOUNDARY = "--=_frontier"


def part(name: str, value: str | bytes, file: str | None = None, media_type: str = "image/jpeg") -> bytes:
    """Return a part of a form, which is a file if it has a name as such."""
    head = f'Content-Disposition: form-data; name="{name}"'
    if file is not None:
        head += f'; filename="{file}"\r\nContent-Type: {media_type}'
    data = value.encode() if isinstance(value, str) else value
    return f"--{_BOUNDARY}\r\n{head}\r\n\r\n".encode() + data + b"\r\n"


def multipart(*parts: bytes, path: str = REMOVE, method: str = "POST") -> Request:
    """Return a request with the form of *parts*."""
    body = b"".join([*parts, f"--{_BOUNDARY}--\r\n".encode()])
    return request(method, path, body, f'multipart/form-data; boundary="{_BOUNDARY}"')


def urlencoded(*pairs: tuple[str, str]) -> Request:
    """Return a request with the form of *pairs*."""
    body = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()
    return request("POST", REMOVE, body, "application/x-www-form-urlencoded")


def conversation(*content: object, **more: object) -> Request:
    """Return a request for a completion with *content*."""
    told = {"model": "remove-bg", "messages": [{"role": "user", "content": [*content]}], **more}
    return request("POST", CHAT, json.dumps(told).encode(), "application/json", auth=BEARER)


def request(  # noqa: PLR0913  what a request has
    method: str,
    path: str,
    body: bytes = b"",
    kind: str = "",
    *,
    auth: tuple[str, str] = BASIC,
    fields: Sequence[tuple[str, str]] = (),
    query: str = "",
) -> Request:
    """Return a request with a *body* of some *kind*."""
    kinds = [("Content-Type", kind)] if kind else []
    return Request(method, path, query, Headers.of([auth, *kinds, *fields]), body)


_URL = {"type": "image_url", "image_url": {"url": DATA_URL}}
_NASTY_NAMES = ("image[]", "a b", "ä$x`#{1}'", "?>;{}", "0")

REQUESTS = {
    "upload": multipart(
        part("image", PICTURE, "../my photo (1)'.jpeg"), part("test", "true"), part("max_pixels", "250000")
    ),
    "nasty texts": multipart(part("image", PICTURE, "p.jpg"), *(part(f"f{n}", one) for n, one in enumerate(NASTY))),
    "nasty lines": multipart(*(part(f"f{n}", one) for n, one in enumerate(NASTY) if not {"\r", "\n"} & set(one))),
    "nasty names": multipart(*(part(name, "x") for name in _NASTY_NAMES), part("image", PICTURE, 'a"b.jpg')),
    "names that clients quote": multipart(part('a\\"b', "x"), part("image.url", "http://localhost:1/")),
    "twice": multipart(part("a", "1"), part("image", PICTURE, "a.jpg"), part("a", "2"), part("image", b"x", "a.jpg")),
    "an equals sign": multipart(part("a=b", "c"), part("image", PICTURE, "p.jpg")),
    "a NUL": multipart(part("a", NUL), part("image", PICTURE, "p.jpg")),
    "base64 as a part": multipart(part("image.base64", ENCODED), part("x", DATA_URL), part("test", "true")),
    "urlencoded": urlencoded(("image.url", "https://example.com/example.jpeg"), ("test", "true"), ("test", "false")),
    "urlencoded nasties": urlencoded(*((f"{one[:9]}{n}", one) for n, one in enumerate(NASTY))),
    "urlencoded base64": urlencoded(("image.base64", ENCODED), ("x&=", DATA_URL)),
    "urlencoded NUL": urlencoded(("a", NUL)),
    "urlencoded without a name": urlencoded(("", "x"), ("a", "b")),
    "data URL": conversation({"type": "text", "text": "Keep the disc."}, _URL),
    "chat": conversation({"type": "image_url", "image_url": {"url": "https://file.xty.app/docs/msk.jpg"}}),
    "JSON nasties": conversation(_URL, *({"type": "text", one[:9] + "x": one} for one in (*NASTY, NUL))),
    "JSON values": conversation(_URL, a=[True, False, None, 0, -1, 1.5, 1e300, [], {}, [[]], {"b": {}}], stream=False),
    "JSON names": conversation(_URL, __proto__={"x": 1}),
    "JSON numbers for names": conversation(_URL, more={"0": {"0": 1}}),
    "a large number": conversation(_URL, number=10**30),
    "half a character": conversation({"type": "text", "text": "\ud83d"}),
    "malformed JSON": request("POST", CHAT, b'{"model": "remove-bg", "', "application/json", auth=BEARER),
    "JSON called a form": request(
        "POST", CHAT, b'{"model": "a&b=%41+c"}', "application/x-www-form-urlencoded", auth=BEARER
    ),
    "bytes": request("POST", REMOVE, bytes(range(256)), "application/octet-stream"),
    "many bytes": request("POST", REMOVE, bytes(range(256)) * 200, "image/x-odd"),
    "no type": request("POST", REMOVE, b"a=b"),
    "account": request("GET", ACCOUNT, query="a=%20b&c[]={d}'|&$x=`y`&%zz", fields=[("X-Odd", "a'b\"$c`#{d}\\!")]),
    "no credentials": request("GET", ACCOUNT, auth=("Accept", "application/json")),
    "an unknown path": request("DELETE", "/api/v2/ä 'b\"$c`d`\\e#{f}%41[g]?h"),
}
"""Requests by what is special about them."""


def same(one: Request) -> dict[str, object]:
    """Return what must be the same in another request for that to be the same one."""
    sketch = sketch_of(one)
    body: object
    try:
        body = [(field.name, field.data, field.filename is not None) for field in read_form(one)]
    except FormError:
        body = one.body
    if isinstance(body, bytes) and one.headers.get("Content-Type") == "application/json":
        body = _value(one.body)
    # Ruby, which always says something, says nothing in particular by an empty field.
    fields = [("content-type", one.headers.get("Content-Type") or "")] if isinstance(sketch.body, Raw) else []
    fields += sorted((name.lower(), value) for name, value in sketch.fields if name.lower() != "accept")
    asked = (sketch.auth, one.headers.get("Authorization"))
    return {
        "line": (one.method, one.path, parse_qsl(one.query)),
        "auth": asked,
        "fields": fields,
        "body": body,
    }


def _value(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return body
