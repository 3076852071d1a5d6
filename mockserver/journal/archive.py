"""Small pictures of what the journal lets go of, made in a thread of their own."""

from __future__ import annotations

import queue
import threading
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.journal.entry import Entry

_WAITING = 16
"""Entries that may wait for their thumbnails; what is more goes without."""
_SAME = 4
"""Pictures of which the thumbnails are remembered, since clients in a loop send the same one again and again."""


class Archive:
    """Makes thumbnails, and lets go of bodies once that is done."""

    def __init__(self, done: Callable[[Entry], None]) -> None:
        """Have *done* called when an entry has let go of its bodies; start no thread before there is work for one."""
        self._done = done
        self._queue: queue.Queue[Entry | None] = queue.Queue(_WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def take(self, entry: Entry) -> bool:
        """Let *entry* go of its bodies, now or soon; tell whether it has."""
        picture, entry.picture = entry.picture, None
        response = entry.response
        shown = response is not None and response.media_type.startswith("image/") and entry.response_body is not None
        if picture is None and not shown:
            entry.let_go()
            return True
        entry.picture = picture
        try:
            self._queue.put_nowait(entry)
        except queue.Full:
            entry.let_go()
            return True
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="matteproof-archive", daemon=True)
                self._thread.start()
        return False

    def close(self) -> None:
        """Stop the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        from mockserver.imaging import thumbnail  # noqa: PLC0415  libvips is loaded for the first thumbnail

        small = lru_cache(_SAME)(thumbnail)
        while (entry := self._queue.get()) is not None:
            if entry.picture is not None:
                entry.request_body.thumbnail = small(entry.picture)
            body, response = entry.response_body, entry.response
            if body is not None and body.data and response is not None and response.media_type.startswith("image/"):
                body.thumbnail = small(body.data)
            entry.let_go()
            self._done(entry)
