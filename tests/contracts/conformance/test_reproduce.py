"""Requests as commands that send the very same bytes."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from command import needs
from contracts.conformance.reproduce import curl
from contracts.model import Headers, Request
from scripted import OK, Scripted, read_request

if TYPE_CHECKING:
    import socket

KEY = '-H "Authorization: Bearer $THE_KEY"'


@needs("curl")
@pytest.mark.parametrize(
    ("path", "query", "body"),
    [
        ("/v1/models", "", b""),
        ("/a", "x='y'&z=[1]", b'{"a": "it\'s $HOME"}'),
        ("/a", "", bytes(range(256)) * 4),
        ("/a", "", b"--b\r\nContent-Disposition: form-data\r\n\r\n\xff\r\n--b--\r\n"),
    ],
)
def test_the_command_repeats_the_request(path: str, query: str, body: bytes) -> None:
    """Method, target, header fields and body are the same, quotes and all; the key comes from the environment."""
    heard: list[bytes] = []

    def play(connection: socket.socket) -> None:
        heard.append(read_request(connection))
        connection.sendall(OK)

    with Scripted(play) as server:
        request = Request(
            "POST" if body else "GET", path, query, Headers((("Content-Type", "a/b; c='d'"),)), body, server.origin
        )
        shell = subprocess.run(
            ["bash", "-c", curl(request, KEY)],
            env={"THE_KEY": "sk-1", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            check=True,
        )
    head, _, sent = heard[0].partition(b"\r\n\r\n")
    assert shell.stdout.endswith(b"ok")
    assert sent == body
    target = f"{path}{'?' if query else ''}{query}"
    assert head.startswith(f"{request.method} {target} HTTP/1.1\r\n".encode())
    assert b"Authorization: Bearer sk-1" in head
    assert b"Content-Type: a/b; c='d'" in head


def test_a_long_body_is_left_to_the_recording() -> None:
    """A command with megabytes in it helps nobody; it says where the bytes are."""
    command = curl(Request("POST", "/", body=bytes(100_000), origin="http://localhost"), "")
    assert len(command) < 500
    assert "--record" in command
