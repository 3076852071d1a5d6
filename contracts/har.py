"""Exchanges as an HTTP Archive (HAR 1.2), the file that browsers' developer tools save and open, and back.

What the format cannot hold stands in members named ``_matteproof``, which other readers skip. A browser writes bodies
with any ``Content-Encoding`` undone but names it all the same; both are read as they are written.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, quote, quote_from_bytes, unquote, urlencode

from contracts.model import Ending, Exchange, Headers, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable

_OWN = "_matteproof"
_BASE64 = "base64"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = -62_135_596_800  # the year 1
_LATEST = 253_402_300_798  # the year 9999
_LONGEST = 10**15
_MILLISECONDS = 1000
_HIGHEST_STATUS = 999
_HIGHEST_NUMBER = 2**63 - 1

_URL = re.compile(
    r"(?P<scheme>(?:https?|wss?)://)(?:[^/?#\s]*@)?(?P<host>[^/?#\s@]+)(?P<path>(?:/[^?#]*)?)(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_NOT_HTTP = ("about:", "blob:", "chrome:", "chrome-extension:", "data:", "file:", "moz-extension:", "resource:")
_SAFE_IN_PATH = "/:@!$&'()*+,;="
_SAFE_IN_QUERY = "!$%&'()*+,-./:;=?@[\\]^_`{|}~"
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^\s;"]+))', re.IGNORECASE)
_ANY_BOUNDARY = "har"
_ESCAPES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})

_ENDINGS = {
    "net::ERR_EMPTY_RESPONSE": Ending.CLOSE,
    "net::ERR_CONNECTION_CLOSED": Ending.CLOSE,
    "net::ERR_CONTENT_LENGTH_MISMATCH": Ending.CLOSE,
    "net::ERR_INCOMPLETE_CHUNKED_ENCODING": Ending.CLOSE,
    "net::ERR_CONNECTION_RESET": Ending.RESET,
    "net::ERR_ABORTED": Ending.GONE,
}
"""What Chrome's names of failures say about the end of an answer."""


class HarError(ValueError):
    """The document is no HTTP Archive; the text names the place in it and says what is wrong there."""


class _Target(NamedTuple):
    """What a URL says about a request."""

    origin: str
    path: str
    query: str


def dump(exchanges: Iterable[Exchange], *, version: str) -> dict[str, object]:
    """Return a HAR document of *exchanges* in the order given, written by matteproof of this *version*.

    It is ready for :func:`json.dumps`. Moments must be within the years 1 to 9999.
    """
    log = {
        "version": "1.2",
        "creator": {"name": "matteproof", "version": version},
        "pages": [],  # optional, but Firefox opens no file without
        "entries": [_entry(exchange) for exchange in exchanges],
    }
    return {"log": log}


def load(document: object) -> tuple[Exchange, ...]:
    """Return the exchanges in *document*, a parsed HAR file of ours, of Chrome or of Firefox, sorted by their start.

    Entries that are no HTTP, such as ``data:`` URLs, are left out, and so are the pseudo fields of HTTP/2. Other
    programs do not number requests; theirs are numbered here. A request that got no status counts as one whose client
    left, unless Chrome's reason says otherwise.

    Raises:
        HarError: the document is malformed.
    """
    entries = _Node(document, "").member("log").member("entries")
    if entries.missing:
        raise entries.error("a list")
    ordered = sorted((entry for entry in entries.items() if _is_http(entry)), key=_received)
    return tuple(_read_exchange(entry, index) for index, entry in enumerate(ordered))


def _entry(exchange: Exchange) -> dict[str, object]:
    ended = exchange.received if exchange.ended is None else exchange.ended
    milliseconds = max(0.0, round((ended - exchange.received) * _MILLISECONDS, 3))
    moment = _EPOCH + timedelta(seconds=exchange.received)
    return {
        "startedDateTime": moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z",
        "time": milliseconds,
        "request": _request(exchange.request),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "connection": str(exchange.connection),
        _OWN: _own(exchange),
    }


def _own(exchange: Exchange) -> dict[str, object]:
    """Return what HAR has no member for; the target of the request only where its URL does not tell it exactly."""
    own: dict[str, object] = {
        "number": exchange.number,
        "ending": exchange.ending,
        "received": exchange.received,
        "ended": exchange.ended,
    }
    request = exchange.request
    target = _Target(request.origin, request.path, request.query)
    if _target(_url(request)) != target:
        own["target"] = target._asdict()
    return own


def _request(request: Request) -> dict[str, object]:
    written: dict[str, object] = {
        "method": request.method,
        "url": _url(request),
        "httpVersion": "HTTP/1.1",
        "cookies": _cookies(request.headers),
        "headers": _pairs(request.headers),
        "queryString": _pairs(parse_qsl(request.query, keep_blank_values=True)),
        "headersSize": -1,
        "bodySize": len(request.body),
    }
    if request.body:
        mime_type = request.headers.get("Content-Type") or ""
        written["postData"] = {"mimeType": mime_type, **_text(request.body, "_encoding")}
    return written


def _response(exchange: Exchange) -> dict[str, object]:
    response = exchange.response or Response(0)
    mime_type = response.headers.get("Content-Type") or "x-unknown"
    written: dict[str, object] = {
        "status": response.status,
        "statusText": _phrase(response.status),
        "httpVersion": "HTTP/1.1" if exchange.response else "",
        "cookies": _set_cookies(response.headers),
        "headers": _pairs(response.headers),
        "content": {"size": len(response.body), "mimeType": mime_type, **_text(response.body, "encoding")},
        "redirectURL": response.headers.get("Location") or "",
        "headersSize": -1,
        "bodySize": len(response.body),
    }
    error = _failure(exchange)
    if error:
        written["_error"] = error
    return written


def _failure(exchange: Exchange) -> str:
    """Return Chrome's name of the failure, or nothing if there was none."""
    match exchange.ending:
        case Ending.CLOSE:
            return "net::ERR_CONNECTION_CLOSED" if exchange.response else "net::ERR_EMPTY_RESPONSE"
        case Ending.RESET:
            return "net::ERR_CONNECTION_RESET"
        case Ending.GONE:
            return "net::ERR_ABORTED"
        case _:
            return ""


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _text(body: bytes, encoding: str) -> dict[str, str]:
    """Return *body* as the member ``text``, and the member *encoding* if it is in base64 because it is not UTF-8."""
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode("ascii"), encoding: _BASE64}


def _cookies(headers: Headers) -> list[dict[str, str]]:
    pieces = [piece for value in headers.get_all("Cookie") for piece in value.split(";") if piece.strip()]
    return _pairs(_split(piece) for piece in pieces)


def _set_cookies(headers: Headers) -> list[dict[str, object]]:
    return [_set_cookie(value) for value in headers.get_all("Set-Cookie")]


def _set_cookie(value: str) -> dict[str, object]:
    """Return the cookie that *value* sets; without the time it expires, for which browsers refuse free text."""
    (name, content), *attributes = (_split(piece) for piece in value.split(";"))
    given = {key.lower(): text for key, text in attributes}
    cookie: dict[str, object] = {"name": name, "value": content}
    cookie |= {key: given[key] for key in ("path", "domain") if key in given}
    return {**cookie, "httpOnly": "httponly" in given, "secure": "secure" in given}


def _split(piece: str) -> tuple[str, str]:
    name, _, value = piece.partition("=")
    return name.strip(), value.strip()


def _url(request: Request) -> str:
    """Return the absolute URL of *request*, with everything escaped that has no place in one."""
    slash = "" if request.path.startswith("/") else "/"
    path = quote(request.path, safe=_SAFE_IN_PATH, errors="surrogatepass")
    query = quote_from_bytes(_octets(request.query), safe=_SAFE_IN_QUERY)
    return f"{request.origin}{slash}{path}{'?' if query else ''}{query}"


def _octets(text: str) -> bytes:
    """Return the bytes that *text* was sent as: those of Latin-1, of which HTTP is made, where they suffice."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode(errors="surrogatepass")


def _target(url: str) -> _Target | None:
    """Return what *url* says, or ``None`` if it is not one of HTTP. A user's name and password are left out."""
    match = _URL.fullmatch(url)
    if match is None:
        return None
    path = unquote(match["path"], errors="replace")
    return _Target(match["scheme"] + match["host"], path or "/", match["query"] or "")


@dataclass(frozen=True, slots=True)
class _Node:
    """A JSON value and the place in the document where it stands. Null is as good as missing."""

    value: object
    place: str

    @property
    def missing(self) -> bool:
        """Whether there is nothing."""
        return self.value is None

    def error(self, expected: str) -> HarError:
        """Return the error that something else is here than *expected*."""
        return HarError(f"{self.place or 'The document'}: expected {expected}, found {_kind(self.value)}.")

    def member(self, name: str) -> _Node:
        """Return the member *name*; of nothing, nothing."""
        place = f"{self.place}.{name}" if self.place else name
        if self.missing:
            return _Node(None, place)
        if not isinstance(self.value, dict):
            raise self.error("an object")
        return _Node(self.value.get(name), place)

    def items(self) -> list[_Node]:
        """Return the items of a list; of nothing, none."""
        if self.missing:
            return []
        if not isinstance(self.value, list):
            raise self.error("a list")
        return [_Node(item, f"{self.place}[{index}]") for index, item in enumerate(self.value)]

    def text(self, default: str | None = None) -> str:
        """Return the text, or *default* if there is nothing."""
        if self.missing and default is not None:
            return default
        if not isinstance(self.value, str):
            raise self.error("a text")
        return self.value

    def whole(self, highest: int) -> int:
        """Return the whole number, which must be from 0 to *highest*."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not 0 <= self.value <= highest:
            raise self.error(f"a whole number from 0 to {highest}")
        return self.value

    def number(self, lowest: int, highest: int) -> float:
        """Return the number, which must be from *lowest* to *highest*."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.error("a number")
        if not lowest <= self.value <= highest:
            raise self.error(f"a number from {lowest} to {highest}")
        return float(self.value)


def _kind(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "another number" if abs(value) > _LONGEST else f"the number {value}"
        case str():
            return f"the text {value!r}" if len(value) <= 80 else f"the text {value[:80]!r}..."  # noqa: PLR2004  a line
        case list():
            return "a list"
        case _:
            return "an object"


def _is_http(entry: _Node) -> bool:
    own = not entry.member(_OWN).missing
    return own or not entry.member("request").member("url").text().lower().startswith(_NOT_HTTP)


def _read_exchange(entry: _Node, index: int) -> Exchange:
    own = entry.member(_OWN)
    response = _read_response(entry.member("response"))
    ended = _read_ended(entry)
    return Exchange(
        number=index if own.member("number").missing else own.member("number").whole(_HIGHEST_NUMBER),
        connection=_read_connection(entry),
        request=_read_request(entry),
        response=response,
        received=_received(entry),
        ended=ended,
        ending=_read_ending(entry, answered=response is not None, over=ended is not None),
    )


def _received(entry: _Node) -> float:
    exact = entry.member(_OWN).member("received")
    if not exact.missing:
        return exact.number(_EARLIEST, _LATEST)
    started = entry.member("startedDateTime")
    try:
        moment = datetime.fromisoformat(started.text())
    except ValueError as error:
        raise started.error("a date and time as in 2026-01-31T12:00:00.000Z") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - _EPOCH).total_seconds()
    if not _EARLIEST <= seconds <= _LATEST:
        raise started.error("a date within the years 1 to 9999")
    return seconds


def _read_ended(entry: _Node) -> float | None:
    own, time = entry.member(_OWN), entry.member("time")
    if not own.missing:
        exact = own.member("ended")
        return None if exact.missing else exact.number(_EARLIEST, _LATEST)
    if time.missing:
        return None
    ended = _received(entry) + max(0.0, time.number(-_LONGEST, _LONGEST)) / _MILLISECONDS
    if ended > _LATEST:
        raise time.error("an end before the year 10000")
    return ended


def _read_ending(entry: _Node, *, answered: bool, over: bool) -> Ending | None:
    own = entry.member(_OWN)
    if not own.missing:
        return _read_own_ending(own.member("ending"))
    if not over:
        return None
    reason = entry.member("response").member("_error").text("")
    return _ENDINGS.get(reason, Ending.DONE if answered else Ending.GONE)


def _read_own_ending(node: _Node) -> Ending | None:
    if node.missing:
        return None
    try:
        return Ending(node.text())
    except ValueError as error:
        raise node.error(f"one of {', '.join(Ending)}") from error


def _read_connection(entry: _Node) -> int:
    """Return the number of the connection; 0 for a name that is no number.

    Chrome's own number is better than the standard's member, in which today's browsers write the server's port.
    """
    text = entry.member("_connectionId").text("") or entry.member("connection").text("")
    return int(text) if _INTEGER.fullmatch(text) else 0


def _read_request(entry: _Node) -> Request:
    node = entry.member("request")
    headers = _read_headers(node.member("headers"))
    target = _read_target(entry)
    return Request(
        method=node.member("method").text(),
        path=target.path,
        query=target.query,
        headers=headers,
        body=_read_post_data(node.member("postData"), headers),
        origin=target.origin,
    )


def _read_target(entry: _Node) -> _Target:
    exact = entry.member(_OWN).member("target")
    if not exact.missing:
        return _Target(*(exact.member(name).text() for name in _Target._fields))
    node = entry.member("request").member("url")
    target = _target(node.text())
    if target is None:
        raise node.error("an absolute URL of HTTP")
    return target


def _read_headers(node: _Node) -> Headers:
    pairs = [(item.member("name").text(), item.member("value").text()) for item in node.items()]
    return Headers.of(pair for pair in pairs if not pair[0].startswith(":"))


def _read_response(node: _Node) -> Response | None:
    status = node.member("status")
    if status.missing or status.whole(_HIGHEST_STATUS) == 0:
        return None
    content = node.member("content")
    body = _read_text(content, content.member("encoding"))
    return Response(status.whole(_HIGHEST_STATUS), _read_headers(node.member("headers")), body)


def _read_text(holder: _Node, encoding: _Node) -> bytes:
    """Return the bytes that the member ``text`` of *holder* stands for."""
    text = holder.member("text").text("")
    name = encoding.text("")
    if name == "":
        return text.encode(errors="surrogatepass")
    if name != _BASE64:
        raise encoding.error(_BASE64)
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise holder.member("text").error("a text in base64") from error


def _read_post_data(node: _Node, headers: Headers) -> bytes:
    params = [_read_param(item) for item in node.member("params").items()]
    if params and not node.member("text").text(""):
        return _form(params, node.member("mimeType").text(""), headers)
    encoding = node.member("_encoding")
    return _read_text(node, node.member("encoding") if encoding.missing else encoding)


class _Param(NamedTuple):
    """A field of a form, as HAR has it."""

    name: str
    value: str
    filename: str
    content_type: str


def _read_param(node: _Node) -> _Param:
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
