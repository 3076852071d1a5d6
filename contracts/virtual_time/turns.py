"""Whose turn it is: those who wait go on in the order of their deadlines."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from math import inf
from time import sleep
from typing import TYPE_CHECKING

from contracts.clock import stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contracts.clock import Clock
    from contracts.virtual_time.stillness import Stillness

_GLANCE = 0.0005
"""Real seconds between two looks at what is waited for."""
_IDLE = 0.002
"""Real seconds between two looks at whether anybody waits at all."""
_LEAST = 2e-6
"""The shortest wait, in virtual seconds: moments are no more exact, and less would not move the clock."""
_STUCK, _FLOW = 10.0, 60.0
"""Real seconds without any wait after which time passes all the same, and how fast, for who only looks at the clock."""
_OFTEN = 3
"""Looks at the clock between two of ours by which a loop is told from one that computes."""
_SLICE = 0.25
"""Real seconds between two looks at whether somebody looks at the clock."""
_NOTED = 0.001
"""The shortest wait that is noted: less is what is left of one after rounding."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait of the code under test: how many virtual ``seconds`` the ``thread`` was ready to wait, from ``moment`` on.

    ``passed`` is how many virtual seconds it took: fewer where what it waited for came. Both are to the millisecond.
    """

    thread: str
    seconds: float
    moment: float
    passed: float


@dataclass(slots=True)
class _Place:
    """A thread in the queue, and how often it has looked in vain at what it waits for."""

    ident: int
    deadline: float
    looks: int = 0


class Turns:
    """Lets threads wait by ``clock``, and moves that to the next deadline once everybody waits, if it is frozen.

    ``reads`` counts how often the code under test has looked at the clock.
    """

    def __init__(self, clock: Clock, stillness: Stillness, due: Callable[[], float | None]) -> None:
        """Have *stillness* say that everybody waits; *due* is when something else is to happen, if anything is."""
        self.waits: list[Wait] = []
        self._clock = clock
        self._stillness = stillness
        self._due = due
        self._queue: dict[int, _Place] = {}
        self._numbers = count()
        self._changes = 0
        self._asked: dict[int, int] = {}
        self._closed = False
        self._joined = threading.Event()
        self._ended = 0.0
        self.reads = self._seen = 0
        self._moved = self._looked = stopwatch()
        self._thread = threading.Thread(target=self._watch, name="virtual-time", daemon=True)

    def open(self) -> None:
        """Begin to move the clock."""
        self._thread.start()

    def close(self) -> None:
        """Leave the clock alone; who still waits goes on to do so in real time."""
        self._ended = self._clock.now()
        self._closed = True
        self._thread.join()

    def wait(self, seconds: float, come: Callable[[], bool], pause: Callable[[float], object] = sleep) -> bool:
        """Wait for *seconds* of virtual time, or until *come* returns true; return whether it did.

        *pause* waits for so many real seconds, or less where what is waited for comes.
        """
        if come():
            return True
        moment = self._clock.now()
        with self._queued(moment + max(seconds, _LEAST)) as place:
            came = self._last(place, come, pause)
        if seconds >= _NOTED:
            passed = self._clock.now() - moment
            self.waits.append(Wait(threading.current_thread().name, round(seconds, 3), moment, round(passed, 3)))
        return came

    @contextmanager
    def _queued(self, deadline: float) -> Iterator[_Place]:
        """Have the calling thread be in the queue meanwhile."""
        number = next(self._numbers)
        place = self._queue[number] = _Place(threading.get_ident(), deadline)
        self._joined.set()
        try:
            yield place
        finally:
            del self._queue[number]
            self._changes += 1

    def _last(self, place: _Place, come: Callable[[], bool], pause: Callable[[float], object]) -> bool:
        while not self._closed:
            left = self._clock.real_seconds_until(place.deadline)
            if left == 0:
                return come()
            pause(_GLANCE if left is None else min(left, _GLANCE))
            if come():
                return True
            place.looks += 1
        until = stopwatch() + place.deadline - self._ended  # the clock may have been set to something else
        while stopwatch() < until:
            pause(_IDLE)
            if come():
                return True
        return come()

    def _watch(self) -> None:
        """Move the clock whenever nothing else can happen."""
        while not self._closed:
            self._flow()
            deadline = self._next()
            if deadline is None or self._clock.mode != "frozen":
                self._stillness.stir()
                self._joined.clear()
                self._joined.wait(_IDLE if not self._queue else _GLANCE)
                continue
            sleep(_GLANCE)
            waiting = {place.ident for place in tuple(self._queue.values())}
            is_still = self._stillness.look(waiting, (self._changes, deadline))
            if not self._stillness.lasts:
                self._asked = {}
            elif self._all_wait_in_vain() and is_still and self._next() == deadline:
                self._move(deadline)

    def _flow(self) -> None:
        """Let time pass where nobody waits, and somebody looks at the clock again and again."""
        now = stopwatch()
        if now - self._looked < _SLICE:
            return
        often, self._seen = self.reads - self._seen > _OFTEN, self.reads
        if self._clock.mode != "frozen" or self._stillness.is_busy or not often:
            self._moved = now
        elif now - self._moved > _STUCK:
            self._clock.advance((now - self._looked) * _FLOW)
        self._looked = now

    def _all_wait_in_vain(self) -> bool:
        """Tell whether everybody in the queue has looked again since nothing goes on.

        What came before may not have been seen yet: on a busy machine it takes a while until a thread's turn comes.
        """
        queue = dict(self._queue)
        # The look under way may have begun before.
        self._asked = self._asked or {number: place.looks + 2 for number, place in queue.items()}
        return all(place.looks >= self._asked.get(number, inf) for number, place in queue.items())

    def _next(self) -> float | None:
        """Return the moment at which somebody goes on, if anybody waits."""
        due = self._due()
        moments = [place.deadline for place in tuple(self._queue.values())]
        return min([*moments, *([] if due is None else [due])], default=None)

    def _move(self, deadline: float) -> None:
        self._changes += 1
        self._asked = {}
        self._stillness.stir()
        self._moved = stopwatch()
        self._clock.advance(max(0.0, deadline - self._clock.now()))
