"""A cache of finished pictures, bounded in bytes. Image work is deterministic, so an entry is never wrong."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

    from contracts.behaviour import Rendering

CAPACITY = 32 * 1024 * 1024
_OVERHEAD = 1024
"""Bytes counted for an entry besides its picture."""


@dataclass(frozen=True, slots=True)
class Made:
    """A finished picture, and the SHA-256 of its data, which tells it from all others."""

    rendering: Rendering
    digest: bytes

    @classmethod
    def of(cls, rendering: Rendering) -> Made:
        """Return *rendering* with its digest."""
        return cls(rendering, hashlib.sha256(rendering.data).digest())

    @property
    def weight(self) -> int:
        """The bytes that keeping this takes."""
        return len(self.rendering.data) + _OVERHEAD


class Renderings:
    """Finished pictures by any key that tells input and recipe apart; those longest unused make room for new ones."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        """Hold at most *capacity* bytes."""
        self._lock = Lock()
        self._capacity = capacity
        self._size = 0
        self._entries: OrderedDict[Hashable, Made] = OrderedDict()

    @property
    def size(self) -> int:
        """The bytes held now."""
        return self._size

    def get(self, key: Hashable) -> Made | None:
        """Return the picture kept under *key*, if it is still there."""
        with self._lock:
            found = self._entries.get(key)
            if found is not None:
                self._entries.move_to_end(key)
            return found

    def keep(self, key: Hashable, made: Made) -> None:
        """Keep *made* under *key*, unless it alone would fill a quarter of the cache."""
        if made.weight > self._capacity // 4:
            return
        with self._lock:
            if key in self._entries:
                return
            self._entries[key] = made
            self._size += made.weight
            while self._size > self._capacity:
                _, dropped = self._entries.popitem(last=False)
                self._size -= dropped.weight
