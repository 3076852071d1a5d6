"""Exactly these bytes to a server, and whatever comes back."""

from __future__ import annotations

import base64
import json
import socket
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contracts.model import Headers, Response
from pictures import disc, encoded

if TYPE_CHECKING:
    from collections.abc import Iterable

PATIENCE = 20.0
"""Seconds after which a test gives up; no answer comes near."""

PIXIAN, XTY = "/api/v2/remove-background", "/v1/chat/completions"
MULTIPART, JSON = "multipart/form-data; boundary=frontier", "application/json"
AUTHORIZATION = {PIXIAN: "Basic " + base64.b64encode(b"hostile:secret").decode(), XTY: "Bearer sk-hostile"}

PICTURE = encoded(disc((24, 18), (6, 4, 18, 14)))
DATA_URL = "data:image/png;base64," + base64.b64encode(PICTURE).decode()


def exchange(origin: str, data: bytes | Iterable[bytes], *, head: bool = False) -> list[Response]:
    """Send *data*, say that it is all, and return the answers until the server closes; *head*: they have no bodies."""
    place = urlsplit(origin)
    with socket.create_connection((place.hostname, place.port), PATIENCE) as connection:
        with suppress(ConnectionError):  # a server need not listen to the end
            for piece in [data] if isinstance(data, bytes) else data:
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
        received = b""
        with suppress(ConnectionError):
            while piece := connection.recv(1 << 16):
                received += piece
    return _answers(received, head=head)


def request(method: str, target: str, body: bytes = b"", *fields: tuple[str, str], host: str = "mock.test") -> bytes:
    """Return a request that closes the connection, with a correct ``Content-Length``; *fields* may be any Latin-1."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Connection: close", f"Content-Length: {len(body)}"]
    head = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in fields), "", ""])
    return head.encode("latin-1") + body


def post(path: str, body: bytes, media_type: str, *fields: tuple[str, str]) -> bytes:
    """Return a request with credentials for the operation at *path*."""
    return request("POST", path, body, ("Authorization", AUTHORIZATION[path]), ("Content-Type", media_type), *fields)


def form(*parts: bytes) -> bytes:
    """Return a multipart body; each part has its own head."""
    return b"".join(b"--frontier\r\n" + part + b"\r\n" for part in parts) + b"--frontier--\r\n"


def part(disposition: str, data: bytes, *fields: str) -> bytes:
    """Return a part of a form."""
    return "\r\n".join([f"Content-Disposition: form-data; {disposition}", *fields, "", ""]).encode() + data


def upload(picture: bytes, **parameters: str) -> bytes:
    """Return a good request that sends a file; double underscores stand for dots in the names of parameters."""
    others = [part(f'name="{name.replace("__", ".")}"', value.encode()) for name, value in parameters.items()]
    return post(PIXIAN, form(part('name="image"; filename="x"', picture), *others), MULTIPART)


def conversation(url: object = DATA_URL, **others: object) -> dict[str, object]:
    """Return the body of a good chat request, with *others* besides or instead."""
    content = [{"type": "text", "text": "a person"}, {"type": "image_url", "image_url": {"url": url}}]
    return {"model": "remove-bg", "messages": [{"role": "user", "content": content}], **others}


def chat(body: object) -> bytes:
    """Return a chat request with *body*, which is sent as it is when it is bytes."""
    return post(XTY, body if isinstance(body, bytes) else json.dumps(body).encode(), JSON)


def with_picture(picture: bytes) -> dict[str, bytes]:
    """Return, by provider, a good request with *picture*, which need be none."""
    url = "data:image/png;base64," + base64.b64encode(picture).decode()
    return {"pixian": upload(picture), "xty": chat(conversation(url))}


def _answers(received: bytes, *, head: bool) -> list[Response]:
    """Take *received* apart; what is no complete answer is an assertion that fails."""
    answers = []
    while received:
        start, end, received = received.partition(b"\r\n\r\n")
        assert end, f"half a head: {start!r}"
        line, *fields = start.decode("latin-1").split("\r\n")
        pairs = (field.partition(":") for field in fields)
        headers = Headers.of((name, value.strip()) for name, _, value in pairs)
        length = 0 if head else int(headers.get("Content-Length") or 0)
        assert len(received) >= length, "half a body"
        answers.append(Response(int(line.split(" ")[1]), headers, received[:length]))
        received = received[length:]
    return answers
