"""Threads for calls that block."""

from __future__ import annotations

from contextlib import suppress
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future
    from collections.abc import Callable


T = TypeVar("T")


class Workers:
    """A pool of threads, each started when there is work and nobody idle.

    They are daemons: a call that never returns keeps no process from ending. (The pool of the standard library waits
    for its threads.) Jobs are submitted from one thread only.
    """

    def __init__(self, size: int, name: str) -> None:
        """Allow *size* threads at a time, called *name*."""
        self._size = size
        self._name = name
        self._jobs: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._idle = Semaphore(0)
        self._started = 0

    def submit(self, job: Callable[[], object]) -> None:
        """Have *job* run, in the order of submission. It must not raise."""
        self._jobs.put(job)
        if not self._idle.acquire(blocking=False) and self._started < self._size:
            self._started += 1
            Thread(target=self._work, name=f"{self._name}-{self._started}", daemon=True).start()

    def call(self, call: Callable[[], T], unwanted: Callable[[T], object], loop: AbstractEventLoop) -> Future[T]:
        """Return a future of *loop* for what *call* returns; it must not raise.

        If the future is cancelled, the call is left out, or its result is given to *unwanted*.
        """
        future: Future[T] = loop.create_future()

        def settle(result: T) -> None:
            if future.cancelled():
                unwanted(result)
            else:
                future.set_result(result)

        def job() -> None:
            if not future.cancelled():
                result = call()
                with suppress(RuntimeError):  # the loop is closed: the server has stopped without waiting
                    loop.call_soon_threadsafe(settle, result)

        self.submit(job)
        return future

    def close(self) -> None:
        """Let the threads end when they have done what was submitted."""
        for _ in range(self._started):
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            del job  # it holds the request's body, which must not stay until the next job comes
            self._idle.release()
