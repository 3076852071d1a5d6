"""What raw bytes of answers say."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.mockserver.wire.conftest import Peer, Reply

PROVIDERS = ["pixian", "xty"]
NO_PICTURE = b"This was to be a picture.\n"
MOMENT = 0.1
"""Real seconds of silence that are taken for silence."""


def length(head: bytes) -> int:
    """Return the Content-Length in *head*."""
    (line,) = [line for line in head.split(b"\r\n") if line.startswith(b"Content-Length: ")]
    return int(line.removeprefix(b"Content-Length: "))


def document(reply: Reply) -> dict[str, Any]:
    """Return the JSON object in the body of *reply*."""
    found: dict[str, Any] = json.loads(reply.body)
    return found


def gone(peer: Peer) -> None:
    """Wait until the connection has ended, however that happens."""
    with suppress(ConnectionResetError):
        peer.rest()
