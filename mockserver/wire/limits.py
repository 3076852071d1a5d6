"""How much a client may ask of the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Stage = Literal["idle", "head", "body"]
"""What is read next on a connection; idle is where no request has begun."""

_KIB = 1024
_MIB = 1024 * _KIB
_GIB = 1024 * _MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes and times in real seconds; protocol time-outs do not follow the clock of the mock."""

    head: int = 32 * _KIB
    """Request line and header fields together."""
    fields: int = 100
    """Header fields of one request."""
    inline_body: int = 64 * _KIB
    """Requests with larger bodies are answered in a thread from the start."""
    bodies: int = 512 * _MIB
    """All request bodies in memory; further large uploads wait unread. A single body is let in whatever its size."""
    discard: int = _GIB
    """Of what is thrown away on one connection."""
    connections: int = 2_000
    """Open at a time; further ones are told 503."""
    streams: int = 256
    """Answers of unknown length under way at a time, each of which takes a thread; further ones wait."""

    head_seconds: float = 30.0
    """From the first byte of a request head to its last."""
    idle_seconds: float = 75.0
    """Between two requests on one connection, and before the first."""
    body_seconds: float = 60.0
    """Between two pieces of a request body."""
    write_seconds: float = 60.0
    """While the client takes nothing of an answer."""
    discard_seconds: float = 30.0
    """Between two pieces of a refused upload."""
    linger_seconds: float = 2.0
    """For the client to close the connection after the last answer."""
    stop_seconds: float = 5.0
    """For answers under way when the server is told to stop."""

    def seconds_in(self, stage: Stage) -> float:
        """Return how long the client may let the server wait in *stage* of a request."""
        if stage == "idle":
            return self.idle_seconds
        return self.head_seconds if stage == "head" else self.body_seconds

    @property
    def sweep_seconds(self) -> float:
        """How often time-outs are looked for: often enough for the shortest, at least once a second."""
        requests = min(self.idle_seconds, self.head_seconds, self.body_seconds)
        answers = min(self.write_seconds, self.discard_seconds, self.linger_seconds)
        return max(0.01, min(1.0, requests / 8, answers / 8))
