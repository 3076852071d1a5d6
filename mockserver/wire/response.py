"""The application's side of an answer: ``start_response``, and the head made of what it was told."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from mockserver.wire.dates import http_date
from mockserver.wire.errors import ApplicationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from wsgiref.types import WSGIEnvironment

    ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
    OnError = Callable[[WSGIEnvironment, BaseException], "ErrorPage"]

Fields = list[tuple[str, str]]

ErrorPage = tuple[str, Fields, bytes]
"""Status such as ``500 Internal Server Error``, fields, body."""

_SERVER_LINE = "Server: matteproof"
"""A version would be of use to attackers only."""

_OURS = {"date", "server"}
"""Fields that the server adds unless the application does."""

_KNOWN_NAMES = 256
"""Field names remembered; an application can make up any number of them."""

_lower_names: dict[str, str] = {}

NO_BODY = {204, 304}
"""Statuses whose answers have no body (RFC 9110, sections 15.3.5 and 15.4.5)."""

_STATUS = re.compile(r"([2-9][0-9]{2})(?: [\t\x20-\x7e\x80-\xff]*)?")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class StartResponse:
    """The callable that an application tells status and fields of its answer.

    ``sent`` is set once the head cannot be changed any more. ``written`` holds what was passed to ``write()``, which is
    sent when the application has returned.
    """

    __slots__ = ("_head", "fields", "sent", "status", "written")

    def __init__(self) -> None:
        """Begin with nothing said."""
        self.status: str | None = None
        self.fields: Fields = []
        self.sent = False
        self.written: list[bytes] = []
        self._head: ResponseHead | None = None

    def __call__(self, status: str, headers: Fields, exc_info: ExcInfo | None = None, /) -> Callable[[bytes], object]:
        """Take status and fields; again only with *exc_info*, and only until they have been sent (PEP 3333).

        Raises:
            ApplicationError: it was called before.
        """
        if exc_info is not None and exc_info[1] is not None:
            if self.sent:
                raise exc_info[1].with_traceback(exc_info[2])
        elif self.status is not None:
            raise ApplicationError("start_response was called twice without exc_info")
        self.status, self.fields, self._head = status, headers, None
        return self.write

    def write(self, data: bytes) -> None:
        """Take a piece of the body.

        Raises:
            ApplicationError: it is not bytes.
        """
        self.written.append(checked(data))

    def head(self) -> ResponseHead:
        """Return the head made of what was said last.

        Raises:
            ApplicationError: nothing was said, or what HTTP does not allow.
        """
        if self._head is None:
            if self.status is None:
                raise ApplicationError("the application gave its answer without calling start_response")
            self._head = _response_head(self.status, tuple(self.fields))
        return self._head


class ResponseHead:
    """The head of an answer, complete but for its framing and the date. It does not change.

    ``code`` is the status, ``length`` the announced Content-Length in bytes or ``None``. With ``closes`` the
    application wants the connection closed.
    """

    __slots__ = ("_dated", "_text", "closes", "code", "length")

    def __init__(self, status: str, fields: Iterable[tuple[str, str]]) -> None:
        """Take what the application said.

        Connection (but for the wish to close) and Content-Length are left out: the server adds what fits.

        Raises:
            ApplicationError: HTTP does not allow it.
        """
        self.code = _status_code(status)
        self.length: int | None = None
        self.closes = False
        self._dated = served = False
        lines = [f"HTTP/1.1 {status}" if " " in status else f"HTTP/1.1 {status} "]
        for name, value in fields:
            lower = _lower_names.get(name) or _lower(name)
            if lower == "content-length":
                self.length = _length(value)
            elif lower == "connection":
                self.closes = self.closes or "close" in value.lower()
            else:
                lines.append(f"{name}: {value}")
                if lower in _OURS:
                    self._dated = self._dated or lower == "date"
                    served = served or lower == "server"
        if not served:
            lines.append(_SERVER_LINE)
        self._text = _joined(lines)

    def render(self, framing: str, moment: float) -> bytes:
        """Return the head as it goes over the wire, with the empty line, dated *moment* (seconds since 1970, UTC).

        *framing* is the fields, with their line ends, that say how the body and the connection end.
        """
        date = "" if self._dated else f"Date: {http_date(int(moment))}\r\n"
        return f"{self._text}{framing}{date}\r\n".encode("latin-1")


_response_head = lru_cache(maxsize=64)(ResponseHead)
"""Applications mostly give the same status and fields again."""


def checked(piece: bytes) -> bytes:
    """Return *piece* of a body.

    Raises:
        ApplicationError: it is not bytes.
    """
    if not isinstance(piece, bytes):
        raise ApplicationError(f"a body is made of bytes, not of {type(piece).__name__}")
    return piece


def _joined(lines: list[str]) -> str:
    """Return *lines* with their ends, if none holds an end of its own: that would forge a field."""
    text = "\r\n".join(lines) + "\r\n"
    if not text.count("\r") == text.count("\n") == len(lines) or "\0" in text:
        raise ApplicationError("a header field of the answer holds a line end or a NUL")
    if not text.isascii() and max(text) > "\xff":
        raise ApplicationError("a header field of the answer holds a character beyond Latin-1")
    return text


@lru_cache(maxsize=64)
def _status_code(status: str) -> int:
    match = _STATUS.fullmatch(status)
    if match is None:
        raise ApplicationError(f"{status!r} is no status such as '200 OK'")
    return int(match[1])


def _lower(name: str) -> str:
    lower = name.lower()
    if lower == "transfer-encoding":
        raise ApplicationError("an application must not frame its body: Transfer-Encoding is the server's")
    if not _TOKEN.fullmatch(name):
        raise ApplicationError(f"{name!r} is no name of a header field")
    if len(_lower_names) < _KNOWN_NAMES:
        _lower_names[name] = lower
    return lower


def _length(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise ApplicationError(f"{value!r} is no Content-Length")
    return int(value)
