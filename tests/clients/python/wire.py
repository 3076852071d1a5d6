"""One request and its answer with Python's standard library, every byte of them in the program's hands."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from job import Failure


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: ``url`` is absolute."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


class Late(Failure):
    """Nothing came for as long as the client waits."""


def connection_to(url: str, idle: float, ca_file: str | None) -> HTTPConnection:
    """Return a connection for *url* on which silence of *idle* seconds is an error."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        context = ssl.create_default_context(cafile=ca_file)
        return HTTPSConnection(parts.hostname or "", parts.port, timeout=idle, context=context)
    return HTTPConnection(parts.hostname or "", parts.port, timeout=idle)


def start(connection: HTTPConnection, request: Request) -> None:
    """Send *request* on *connection*."""
    parts = urlsplit(request.url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection.request(request.method, target, request.body, request.headers)


def answer_on(connection: HTTPConnection) -> Answer:
    """Return the whole answer that comes on *connection*."""
    response = connection.getresponse()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, response.read())


def exchange(request: Request, idle: float, ca_file: str | None) -> Answer:
    """Send *request* and return its answer.

    Raises:
        Late: nothing came for *idle* seconds.
        Failure: no whole answer came.
    """
    connection = connection_to(request.url, idle, ca_file)
    try:
        start(connection, request)
        return answer_on(connection)
    except TimeoutError as error:
        raise Late(f"nothing came for {idle:g} seconds") from error
    except (OSError, HTTPException) as error:
        raise Failure(f"no whole answer: {error!r}") from error
    finally:
        connection.close()
