"""Results that can be fetched by a token for a while. A picture is stored once, on disk, however often it is made.

A token carries the number of its picture and the moment of its end, signed; so any number of results can be handed
out without remembering a single token.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
import tempfile
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.behaviour import Rendering
    from contracts.clock import Clock
    from mockserver.state.renderings import Made

MAX_BYTES = 512 * 1024 * 1024
_CONTENT = struct.Struct(">IdI")
"""The picture's number, the moment of the end in seconds since 1970, and a number that makes the token unique."""
_SIGNATURE_BYTES = 14  # with the content a multiple of three, so that every letter of the base64 text counts


@dataclass(slots=True)
class _Picture:
    number: int
    path: Path
    size: int
    facts: Rendering
    """The rendering without its data."""
    end: float = 0.0
    """The moment when the last of its tokens ends."""


class Results:
    """Stored renderings, bounded in bytes; beyond that the picture longest unused is forgotten before its end."""

    def __init__(self, clock: Clock, *, max_bytes: int = MAX_BYTES) -> None:
        """Store at most *max_bytes* bytes, in a temporary folder that is made at the first use."""
        self._clock = clock
        self._max_bytes = max_bytes
        self._lock = Lock()
        self._secret = secrets.token_bytes(32)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._issued = 0
        self._written = 0
        self._bytes = 0
        self._digests: dict[int, bytes] = {}
        self._pictures: OrderedDict[bytes, _Picture] = OrderedDict()

    @property
    def size(self) -> int:
        """The bytes stored now."""
        return self._bytes

    def keep(self, made: Made, seconds: float) -> str:
        """Store the picture *made* for *seconds* of virtual time and return its token."""
        with self._lock:
            picture = self._pictures.get(made.digest) or self._write(made)
            self._pictures.move_to_end(made.digest)
            self._issued += 1
            end = self._clock.now() + seconds
            picture.end = max(picture.end, end)
            content = _CONTENT.pack(picture.number, end, self._issued & 0xFFFF_FFFF)
        return base64.urlsafe_b64encode(content + self._signature(content)).decode()

    def get(self, token: str) -> Rendering | None:
        """Return what was stored under *token*, or ``None`` if it never was, has ended or was forgotten."""
        content = self._verified(token)
        if content is None:
            return None
        number, end, _ = _CONTENT.unpack(content)
        if self._clock.now() >= end:
            return None
        with self._lock:
            picture = self._pictures.get(self._digests.get(number, b""))
        try:
            return replace(picture.facts, data=picture.path.read_bytes()) if picture else None
        except FileNotFoundError:  # forgotten meanwhile, or removed by the system
            return None

    def close(self) -> None:
        """Delete everything."""
        with self._lock:
            self._pictures.clear()
            self._digests.clear()
            self._bytes = 0
            if self._folder is not None:
                self._folder.cleanup()
                self._folder = None

    def _write(self, made: Made) -> _Picture:
        rendering = made.rendering
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="matteproof-", ignore_cleanup_errors=True)
        self._written += 1
        number = self._written
        path = Path(self._folder.name, str(number))
        path.write_bytes(rendering.data)
        picture = _Picture(number, path, len(rendering.data), replace(rendering, data=b""))
        self._pictures[made.digest], self._digests[number] = picture, made.digest
        self._bytes += picture.size
        self._forget_ended()
        while self._bytes > self._max_bytes and len(self._pictures) > 1:
            self._forget_oldest()
        return picture

    def _forget_ended(self) -> None:
        """Forget, of the pictures longest unused, those to which no token leads any more; never the newest."""
        now = self._clock.now()
        while len(self._pictures) > 1 and next(iter(self._pictures.values())).end <= now:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        _, dropped = self._pictures.popitem(last=False)
        del self._digests[dropped.number]
        dropped.path.unlink(missing_ok=True)
        self._bytes -= dropped.size

    def _verified(self, token: str) -> bytes | None:
        """Return the content of *token* if this object made it."""
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        content, signature = raw[: _CONTENT.size], raw[_CONTENT.size :]
        genuine = len(content) == _CONTENT.size and hmac.compare_digest(signature, self._signature(content))
        return content if genuine else None

    def _signature(self, content: bytes) -> bytes:
        return hashlib.blake2b(content, key=self._secret, digest_size=_SIGNATURE_BYTES).digest()
