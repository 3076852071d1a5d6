# ruff: noqa: INP001  Python loads this file by its own name, from no package
"""Waits of a Python program under libfaketime that libfaketime leaves out.

Python imports this module when it starts, because its folder stands in front on ``PYTHONPATH``. It does nothing unless
``MATTEPROOF_PACE`` says how many virtual seconds pass in a real one, and libfaketime is in the process. Under
libfaketime clocks, ``time.sleep`` and all that polls sockets are right, but every lock that is waited for with a limit
is waited for without an end, and so is what is built on locks: events, conditions, queues, timers and futures. Here
such a wait becomes short sleeps with a look at the lock in between. No wait is shorter than asked; none ends more than
a few real milliseconds late.

Runs on Python 3.8 and later, with nothing but the standard library. A ``sitecustomize`` of the user's own runs
afterwards.
"""

from __future__ import annotations

import _thread
import os
import sys
from time import monotonic, sleep

TYPE_CHECKING = False  # type checkers know better, and ``typing`` takes long to load
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Last = Callable[[Callable[[], bool], float], bool]

_FIRST_NAP = 0.0002
_LONGEST_NAP = 0.005
"""How long it is between two looks at a lock, in real seconds: at first and at most."""

_DERIVED_SEMAPHORES = (3, 10)
"""Since when the semaphores of ``multiprocessing`` can be derived from; before, that crashes."""

_here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120  pathlib takes long to load


def _speed() -> float:
    """Return how many virtual seconds pass in a real one; 0 if this process has no fast clock."""
    try:
        speed = float(os.environ.get("MATTEPROOF_PACE", ""))
        with open("/proc/self/maps", "rb") as maps:  # noqa: PTH123
            return speed if b"/libfaketime" in maps.read() else 0.0
    except (OSError, ValueError):
        return 0.0


def _lasting(speed: float) -> Last:
    """Return what tries something again and again until it succeeds, or for so many virtual seconds."""
    first, longest = _FIRST_NAP * speed, _LONGEST_NAP * speed

    def last(attempt: Callable[[], bool], seconds: float) -> bool:
        deadline = monotonic() + seconds
        nap = first
        while not attempt():
            left = deadline - monotonic()
            if left <= 0:
                return attempt()
            sleep(min(nap, left))
            nap = min(nap * 1.5, longest)
        return True

    return last


def _locks(last: Last) -> None:
    """Have locks wait in short sleeps, and with them conditions, events, semaphores, barriers, timers and futures."""
    import threading  # noqa: PLC0415  not needed where nothing is to be done

    lock, rlock = _lock(last), _rlock(last)
    # The names by which the module itself knows them are the ones that conditions and threads use.
    for name, value in (("Lock", lock), ("_allocate_lock", lock), ("_CRLock", rlock)):
        setattr(threading, name, value)


def _lock(last: Last) -> type:
    """Return a class of locks that wait in short sleeps."""
    allocate = _thread.allocate_lock

    class Lock:
        """A lock like that of ``threading``, whose limits are right."""

        __slots__ = ("__weakref__", "_lock", "locked", "release")

        def __init__(self) -> None:
            self._lock = lock = allocate()
            self.release = lock.release
            self.locked = lock.locked

        def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # noqa: FBT001, FBT002  as in threading
            lock = self._lock
            if not blocking or not 0 < timeout <= _thread.TIMEOUT_MAX:
                return lock.acquire(blocking, timeout)
            return last(lambda: lock.acquire(False), timeout)  # noqa: FBT003

        def __enter__(self) -> bool:
            return self._lock.acquire()

        def __exit__(self, *_: object) -> None:
            self._lock.release()

        def __repr__(self) -> str:
            return repr(self._lock)

        def __reduce__(self) -> str:
            raise TypeError("cannot pickle '_thread.lock' object")

        def _at_fork_reinit(self) -> None:
            self._lock._at_fork_reinit()  # type: ignore[attr-defined]  # noqa: SLF001  Python 3.9 and later have it

        acquire_lock = acquire
        release_lock = property(lambda self: self.release)
        locked_lock = property(lambda self: self.locked)

    return Lock


def _rlock(last: Last) -> type:
    """Return a class of reentrant locks that wait in short sleeps."""

    class RLock(_thread.RLock):  # type: ignore[misc]  # it is not final in fact
        """A reentrant lock like that of ``threading``, whose limits are right."""

        def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # noqa: FBT001, FBT002
            attempt = super().acquire
            if not blocking or not 0 < timeout <= _thread.TIMEOUT_MAX:
                return attempt(blocking, timeout)
            return last(lambda: attempt(False), timeout)  # noqa: FBT003

    return RLock


def _threads(last: Last) -> None:
    """Have whoever waits for the end of a thread do so in short sleeps."""
    import threading  # noqa: PLC0415

    join = threading.Thread.join

    def join_thread(self: threading.Thread, timeout: float | None = None) -> None:
        # The system's own wait is no way to look at a thread: in Python 3.13 a wait for 0 seconds never ends.
        if timeout is None or self is threading.current_thread() or last(lambda: not self.is_alive(), timeout):
            join(self)

    setattr(threading.Thread, "join", join_thread)  # noqa: B010  mypy takes no other way


def _queues(last: Last) -> None:
    """Have the queue that is written in C wait in short sleeps; the others are built on conditions."""
    import _queue  # noqa: PLC0415

    class SimpleQueue(_queue.SimpleQueue):  # type: ignore[type-arg]
        """A queue like that of ``queue``, whose limits are right."""

        def get(self, block: bool = True, timeout: float | None = None) -> Any:  # noqa: ANN401, FBT001, FBT002
            get = super().get
            if not block or timeout is None or timeout <= 0:
                return get(block, timeout)
            got: list[Any] = []

            def has_come() -> bool:
                try:
                    got.append(get(False))
                except _queue.Empty:
                    return False
                return True

            if not last(has_come, timeout):
                raise _queue.Empty
            return got[0]

    _replace("SimpleQueue", SimpleQueue, "_queue", "queue")


def _processes(last: Last) -> None:
    """Have semaphores between processes wait in short sleeps."""
    if sys.version_info < _DERIVED_SEMAPHORES:
        return
    import _multiprocessing  # type: ignore[import-not-found]  # noqa: PLC0415

    class SemLock(_multiprocessing.SemLock):  # type: ignore[misc]
        """A semaphore like that of ``multiprocessing``, whose limits are right."""

        def acquire(self, block: bool = True, timeout: float | None = None) -> bool:  # noqa: FBT001, FBT002
            attempt = super().acquire
            if not block or timeout is None or timeout <= 0:
                return bool(attempt(block, timeout))
            return last(lambda: attempt(False), timeout)  # noqa: FBT003

    _replace("SemLock", SemLock, "_multiprocessing")


def _signals(speed: float) -> None:
    """Have alarms and the wait for a signal go by the fast clock: the system keeps real time for these."""
    import _signal  # type: ignore[import-not-found]  # noqa: PLC0415

    set_timer, get_timer, wait = _signal.setitimer, _signal.getitimer, _signal.sigtimedwait
    real = _signal.ITIMER_REAL

    def setitimer(which: int, seconds: float, interval: float = 0.0) -> tuple[float, ...]:
        if which != real:
            return tuple(set_timer(which, seconds, interval))
        return tuple(left * speed for left in set_timer(which, seconds / speed, interval / speed))

    def getitimer(which: int) -> tuple[float, ...]:
        return tuple(left * (speed if which == real else 1) for left in get_timer(which))

    def alarm(seconds: int) -> int:
        left = setitimer(real, seconds)[0]
        return int(left) + (left > int(left))

    def sigtimedwait(signals: Any, timeout: float) -> Any:  # noqa: ANN401
        return wait(signals, timeout / speed)

    for function in (setitimer, getitimer, alarm, sigtimedwait):
        _replace(function.__name__, function, "_signal", "signal")


def _replace(name: str, value: object, *modules: str) -> None:
    """Set *name* to *value* in those of the *modules* that are loaded."""
    for module in modules:
        if module in sys.modules:
            setattr(sys.modules[module], name, value)


def _follow(speed: float) -> None:
    """Have all waits go by the fast clock; what this Python does not have is left out."""
    last = _lasting(speed)
    for change in (_locks, _threads, _queues, _processes):
        try:
            change(last)
        except (ImportError, AttributeError, TypeError):
            continue
    try:
        _signals(speed)
    except (ImportError, AttributeError):
        return


def _hand_on() -> None:
    """Run the user's own ``sitecustomize`` in place of this one, if there is one."""
    from importlib.machinery import PathFinder  # noqa: PLC0415
    from importlib.util import module_from_spec  # noqa: PLC0415

    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder) != _here]  # noqa: PTH100
    spec = PathFinder.find_spec("sitecustomize")
    if spec is not None and spec.loader is not None:
        module = module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


if __name__ == "sitecustomize":
    _pace = _speed()
    if _pace:
        _follow(_pace)
    _hand_on()
