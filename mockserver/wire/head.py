"""Request heads: from bytes to what the server must understand of them, and what it passes on.

The grammar is that of RFC 9112, strictly: what is only tolerated there (folded lines, bare line feeds, space before the
colon) is refused, because servers that differ over it can be played off against each other.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mockserver.wire.errors import BadRequestError

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_VALUE = r"[\t\x20-\x7e\x80-\xff]*"
_REQUEST_LINE = re.compile(rf"({_NAME}) ([\x21-\x7e]+) HTTP/([0-9]\.[0-9])\r\n")
_REQUEST_LINE_BEGUN = re.compile(rf"{_NAME}(?: |$)")
_FIELDS = re.compile(rf"(?:{_NAME}:{_VALUE}\r\n)*")
_FIELD = re.compile(rf"^({_NAME}):[ \t]*({_VALUE})\r\n", re.MULTILINE)

_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_HOST = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+;=%-]*|\[[0-9A-Fa-fvV.:]+\])(?::[0-9]*)?")
_ABSOLUTE = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
_LENGTH = re.compile(r"[0-9]{1,18}")

_VERSIONS = {"1.1", "1.0"}

_KNOWN_NAMES = 1024
"""Field names remembered; clients can make up any number of them."""

_variables: dict[str, str] = {}


class Head:
    """Method, target and fields of one request.

    ``path`` is percent-decoded, ``query`` is as sent and without the question mark; both, like ``target``, hold bytes
    as Latin-1 (PEP 3333). ``variables`` are the fields under their CGI names, ``headers`` the fields as they were sent.
    ``length`` is that of the body in bytes, ``None`` when only its end will tell. ``keep_alive`` tells whether the
    client means to send another request.
    """

    __slots__ = (
        "expects_continue",
        "headers",
        "keep_alive",
        "length",
        "method",
        "path",
        "query",
        "target",
        "variables",
        "version",
    )

    def __init__(self, text: str, most_fields: int) -> None:
        """Read *text*, a head with its last line end but without the empty line.

        Raises:
            BadRequestError: it breaks HTTP, has more than *most_fields* fields, or asks for what is not done here.
        """
        line = _REQUEST_LINE.match(text)
        if line is None:
            raise BadRequestError(400, "the request line is malformed")
        self.method, self.target, self.version = line.groups()
        if self.version not in _VERSIONS or self.method == "CONNECT":
            self._refuse_protocol()
        self.headers = _split_fields(text, line.end())
        if len(self.headers) > most_fields:
            raise BadRequestError(431, f"there are more than {most_fields} header fields")
        self.variables = variables = _as_variables(self.headers)
        if self.target[0] == "/":
            self.path, self.query = _split_path(self.target)
        else:
            self._read_other_target()
        host = variables.get("HTTP_HOST")
        if host is None or not _is_host(host):
            self._refuse_host(host)
        self.length = self._body_length()
        self.keep_alive = self._wants_more()
        self.expects_continue = "HTTP_EXPECT" in variables and self._expectation()

    def _refuse_protocol(self) -> None:
        if self.method == "CONNECT":
            raise BadRequestError(501, "this server is no proxy")
        if self.method == "PRI":
            raise BadRequestError(400, "this port speaks HTTP/1.1, not HTTP/2")
        raise BadRequestError(505, "this server speaks HTTP/1.1 and HTTP/1.0")

    def _read_other_target(self) -> None:
        """Understand a target that is no path (RFC 9112, section 3.2); the host of a URL replaces the Host field."""
        if self.target == "*" and self.method == "OPTIONS":
            self.path, self.query = "*", ""
            return
        url = _ABSOLUTE.match(self.target)
        if url is None:
            raise BadRequestError(400, "the request target is neither a path nor an http URL")
        self.path, self.query = _split_path(self.target[url.end() :])
        if "HTTP_HOST" in self.variables:
            self.variables["HTTP_HOST"] = url[1]

    def _refuse_host(self, host: str | None) -> None:
        if host is not None:
            raise BadRequestError(400, "the Host field does not hold one host")
        if self.version == "1.1":
            raise BadRequestError(400, "the request has no Host field")

    def _body_length(self) -> int | None:
        variables = self.variables
        length = variables.get("CONTENT_LENGTH")
        if "HTTP_TRANSFER_ENCODING" in variables:
            self._check_transfer_encoding(variables.pop("HTTP_TRANSFER_ENCODING"))
            return None
        if length is None:
            return 0
        if not _LENGTH.fullmatch(length):
            raise BadRequestError(400, "the Content-Length is not one number of bytes")
        return int(length)

    def _check_transfer_encoding(self, encoding: str) -> None:
        if self.version == "1.0":
            raise BadRequestError(400, "HTTP/1.0 has no Transfer-Encoding")
        if "CONTENT_LENGTH" in self.variables:
            raise BadRequestError(400, "the request has both Content-Length and Transfer-Encoding")
        if encoding.lower() != "chunked":
            raise BadRequestError(501, "this server knows no Transfer-Encoding but chunked")

    def _wants_more(self) -> bool:
        connection = self.variables.get("HTTP_CONNECTION")
        if connection is None:
            return self.version == "1.1"
        options = {option.strip() for option in connection.lower().split(",")}
        return "close" not in options and (self.version == "1.1" or "keep-alive" in options)

    def _expectation(self) -> bool:
        if self.version == "1.0":
            return False
        if self.variables["HTTP_EXPECT"].lower() != "100-continue":
            raise BadRequestError(417, "this server knows no expectation but 100-continue")
        return self.length != 0


def begins_well(text: str) -> bool:
    """Tell whether *text*, the beginning of a head, can still become one as far as its request line goes."""
    line, end, _ = text.partition("\n")
    if end:
        return _REQUEST_LINE.fullmatch(line + end) is not None
    return _REQUEST_LINE_BEGUN.match(text) is not None


def are_fields(text: str) -> bool:
    """Tell whether *text* is made of complete header fields."""
    return _FIELDS.fullmatch(text) is not None


def _split_fields(text: str, start: int) -> tuple[tuple[str, str], ...]:
    """Return the fields in *text* from *start*, the beginning of a line."""
    fields: list[tuple[str, str]] = _FIELD.findall(text, start)
    if len(fields) != text.count("\n", start):
        raise BadRequestError(400, "a header field is malformed")
    if " \r" in text or "\t\r" in text:
        fields = [(name, value.rstrip(" \t")) for name, value in fields]
    return tuple(fields)


def _as_variables(headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return the fields under their CGI names.

    Of a repeated field the values are joined, by a comma or, in cookies, a semicolon (RFC 9110, section 5.3; RFC 9113,
    section 8.2.3). A name with an underscore has no CGI name, because a hyphen would give the same one.
    """
    variables: dict[str, str] = {}
    for name, value in headers:
        variable = _variables.get(name)
        if variable is None:
            variable = _variable(name)
        if variable in variables:
            variables[variable] += ("; " if variable == "HTTP_COOKIE" else ",") + value
        elif variable:
            variables[variable] = value
    return variables


def _variable(name: str) -> str:
    variable = "" if "_" in name else name.upper().replace("-", "_")
    if variable and variable not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
        variable = "HTTP_" + variable
    if len(_variables) < _KNOWN_NAMES:
        _variables[name] = variable
    return variable


def _split_path(target: str) -> tuple[str, str]:
    """Return path, percent-decoded, and query of *target*, without any fragment."""
    if "#" in target:
        target = target.partition("#")[0]
    path, _, query = target.partition("?")
    if "%" in path:
        path = _ESCAPE.sub(_unescape, path.encode("latin-1")).decode("latin-1")
    return path or "/", query


def _unescape(escape: re.Match[bytes]) -> bytes:
    return bytes((int(escape[1], 16),))


@lru_cache(maxsize=64)
def _is_host(text: str) -> bool:
    return _HOST.fullmatch(text) is not None
