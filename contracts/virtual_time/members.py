"""Which threads are the code under test; everybody else keeps the true time."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

_OWN = "contracts.virtual_time"
_PLUMBING = ("threading", "queue", "concurrent", "asyncio", "selectors", "sched")
"""Modules that wait on behalf of others: what counts is who called them."""

_SPARED = ("contracts", "_pytest", "pluggy", "subprocess", "multiprocessing")
"""Our own, the test runner, and modules that wait for other processes, whose time is real."""


class Members:
    """The threads that belong: the one that made this, and those that members start."""

    def __init__(self, spared: Iterable[str]) -> None:
        """Begin with this thread; calls from *spared* packages, and our own, do not belong, whatever their thread."""
        self._spared = (*_SPARED, *spared)
        self._threads = {threading.get_ident(): threading.get_native_id()}
        self._starting: set[threading.Thread] = set()

    def ask(self) -> bool:
        """Tell whether the calling code belongs."""
        return threading.get_ident() in self._threads and not self._is_spared(sys._getframe(1))  # noqa: SLF001

    def _is_spared(self, frame: FrameType | None) -> bool:
        """Tell whether the first code that is not plumbing, from *frame* outwards, is of a spared package."""
        while frame is not None:
            name = frame.f_globals.get("__name__", "")
            if not _within(name, (_OWN,)):
                if _within(name, self._spared):
                    return True
                if not _within(name, _PLUMBING):
                    return False
            frame = frame.f_back
        return False

    def dismiss(self) -> None:
        """Have nobody belong any more."""
        self._threads.clear()
        self._starting.clear()

    @property
    def starting(self) -> bool:
        """Whether a member has been started that does not run yet."""
        return bool(self._starting)

    @property
    def native(self) -> dict[int, int]:
        """The numbers that the system knows the members by, by their own."""
        return dict(self._threads)

    def start(self, thread: threading.Thread, start: Callable[[threading.Thread], None]) -> None:
        """Have *thread* belong for as long as it runs, and *start* it."""
        run = thread.run

        def run_as_member() -> None:
            ident = threading.get_ident()
            self._threads[ident] = threading.get_native_id()
            self._starting.discard(thread)
            try:
                run()
            finally:
                self._threads.pop(ident, None)
                del thread.run  # so that nothing refers to itself

        thread.run = run_as_member  # type: ignore[method-assign]
        self._starting.add(thread)
        try:
            start(thread)
        except BaseException:
            self._starting.discard(thread)
            del thread.run
            raise

    @contextmanager
    def without(self) -> Iterator[None]:
        """Have the calling thread not belong meanwhile."""
        ident = threading.get_ident()
        native = self._threads.pop(ident, None)
        try:
            yield
        finally:
            if native is not None:
                self._threads[ident] = native


def _within(name: str, packages: Iterable[str]) -> bool:
    """Tell whether the module *name* is one of *packages*, or in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)
