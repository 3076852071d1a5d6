"""Work that several hands share."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_Hand = TypeVar("_Hand")
_Item = TypeVar("_Item")


def share_out(
    items: Iterable[_Item], hands: Sequence[_Hand], work: Callable[[_Hand, _Item], None], over: threading.Event
) -> None:
    """Have *work* done on every one of *items*, by all *hands* at once, each in a thread of its own.

    The first error ends it, and is raised. Where the user interrupts, *over* is set, which whoever works is to heed.
    """
    waiting: queue.SimpleQueue[_Item] = queue.SimpleQueue()
    for item in items:
        waiting.put(item)
    errors: list[BaseException] = []
    threads = [
        threading.Thread(target=_take, args=(waiting, hand, work, over, errors), name="matteproof-trials", daemon=True)
        for hand in hands
    ]
    for thread in threads:
        thread.start()
    try:
        _join(threads)
    except KeyboardInterrupt:
        over.set()
        _join(threads)
        raise
    if errors:
        raise errors[0]


def _join(threads: Iterable[threading.Thread]) -> None:
    for thread in threads:
        thread.join()


def _take(
    waiting: queue.SimpleQueue[_Item],
    hand: _Hand,
    work: Callable[[_Hand, _Item], None],
    over: threading.Event,
    errors: list[BaseException],
) -> None:
    """Take one after the other, until there are none left, or it is over."""
    while not errors and not over.is_set():
        try:
            item = waiting.get_nowait()
        except queue.Empty:
            return
        try:
            work(hand, item)
        except BaseException as error:  # noqa: BLE001  it is raised in the thread that waits
            errors.append(error)
