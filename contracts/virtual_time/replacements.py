"""What stands in for functions that tell the time or wait, wherever modules have them."""

from __future__ import annotations

import selectors
import sys
import threading
import time
from types import BuiltinFunctionType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.clock import Clock
    from contracts.virtual_time.members import Members
    from contracts.virtual_time.turns import Turns

_NANO = 1_000_000_000
_OWN = "contracts.virtual_time."
_LONGEST = 1e9
"""Waits of more seconds are left to the true functions, which refuse what is too long."""
_SELECTORS = ("SelectSelector", "PollSelector", "EpollSelector", "DevpollSelector", "KqueueSelector")


class _Function:
    """Stands in for the function ``true``, for callers that belong; the others get that."""

    def __init__(self, true: Callable[..., Any], virtual: Callable[..., Any], members: Members) -> None:
        self.__name__ = true.__name__
        self.__doc__ = true.__doc__
        self.__wrapped__ = true
        self._virtual = virtual
        self._members: Members | None = members

    def __call__(self, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401  those of any function
        members = self._members
        belongs = members is not None and members.ask()
        return (self._virtual if belongs else self.__wrapped__)(*arguments, **named)

    def __reduce__(self) -> tuple[Callable[[str], Any], tuple[str]]:
        """Go to another process as the function that has this name there."""
        return _named, (self.__name__,)

    def end(self) -> None:
        """Stand in no longer, where this is still called."""
        self._members = None


class _Lock:
    """What a condition waits for, with a limit that goes by the clock."""

    def __init__(self, lock: Any, members: Members, turns: Turns) -> None:  # noqa: ANN401  its class has no name
        self._lock = lock
        self._members = members
        self._turns = turns
        self.release = lock.release
        self.locked = lock.locked

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # noqa: FBT001, FBT002  as in threading
        if blocking and 0 < timeout < _LONGEST and self._members.ask():
            return self._turns.wait(timeout, lambda: self._lock.acquire(False))  # noqa: FBT003
        return bool(self._lock.acquire(blocking, timeout))

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


def replaced_by() -> str:
    """Return which module's functions stand in for Python's own already, or nothing."""
    found = (time.time, time.monotonic, time.sleep)
    return next((one.__module__ or "?" for one in found if not isinstance(one, BuiltinFunctionType)), "")


def _named(name: str) -> Callable[..., Any]:
    """Return the function of that *name* that tells the time or waits in this process."""
    function: Callable[..., Any] = getattr(time, name)
    return function


class Replacements:
    """Puts functions into all modules that had the true ones, and takes them out again."""

    def __init__(self, clock: Clock, members: Members, turns: Turns) -> None:
        """Have *members* go by *clock*, and wait in *turns*."""
        self._clock = clock
        self._members = members
        self._turns = turns
        self._true_sleep = time.sleep
        offsets = {name: getattr(time, name)() - clock.now() for name in ("monotonic", "perf_counter")}
        functions: dict[str, Callable[..., Any]] = {
            "time": self._now,
            "time_ns": lambda: round(self._now() * _NANO),
            "sleep": self._sleep,
        }
        for name, offset in offsets.items():
            functions[name] = lambda offset=offset: self._now() + offset
            functions[f"{name}_ns"] = lambda offset=offset: round((self._now() + offset) * _NANO)
        self._functions = [_Function(getattr(time, name), virtual, members) for name, virtual in functions.items()]
        self._undo: list[tuple[object, str, object]] = []

    def install(self) -> None:
        """Put all in."""
        _exchange({id(one.__wrapped__): one for one in self._functions})
        self._set(threading, "_allocate_lock", self._lock_factory(threading._allocate_lock))  # type: ignore[attr-defined]  # noqa: SLF001
        self._set(threading.Thread, "start", self._start(threading.Thread.start))
        self._set(threading.Thread, "join", self._join(threading.Thread.join))
        for name in _SELECTORS:
            if (kind := getattr(selectors, name, None)) is not None:
                self._set(kind, "select", self._select(kind.select))

    def remove(self) -> None:
        """Take all out, also from modules that were imported meanwhile."""
        for one in self._functions:
            one.end()
        _exchange({id(one): one.__wrapped__ for one in self._functions})
        while self._undo:
            owner, name, value = self._undo.pop()
            setattr(owner, name, value)

    def _set(self, owner: object, name: str, value: object) -> None:
        self._undo.append((owner, name, getattr(owner, name)))
        setattr(owner, name, value)

    def _now(self) -> float:
        self._turns.reads += 1
        return self._clock.now()

    def _sleep(self, seconds: float) -> None:
        if 0 < seconds < _LONGEST:
            self._turns.wait(seconds, lambda: False)
        else:
            self._true_sleep(seconds)  # says what is wrong with it

    def _lock_factory(self, true: Callable[[], Any]) -> Callable[[], Any]:
        members, turns = self._members, self._turns
        return lambda: _Lock(true(), members, turns) if members.ask() else true()

    def _start(self, true: Callable[[threading.Thread], None]) -> Callable[[threading.Thread], None]:
        members = self._members

        def start(thread: threading.Thread) -> None:
            if members.ask():
                members.start(thread, true)
            else:
                true(thread)

        return start

    def _join(self, true: Callable[..., None]) -> Callable[..., None]:
        members, turns = self._members, self._turns

        def join(thread: threading.Thread, timeout: float | None = None) -> None:
            limited = timeout is not None and 0 < timeout < _LONGEST
            virtual = limited and thread is not threading.current_thread() and members.ask()
            if not virtual:
                true(thread, timeout)
            elif turns.wait(timeout or 0, lambda: not thread.is_alive()):
                true(thread)

        return join

    def _select(self, true: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
        members, turns = self._members, self._turns

        def select(selector: object, timeout: float | None = None) -> list[Any]:
            if timeout is None or not 0 < timeout < _LONGEST or not members.ask():
                return true(selector, timeout)
            ready: list[Any] = []

            def come() -> bool:
                ready[:] = true(selector, 0)
                return bool(ready)

            turns.wait(timeout, come, lambda seconds: true(selector, seconds))
            return ready

        return select


def _exchange(instead: dict[int, Any]) -> None:
    """Put others into all modules for what has the identities *instead* names."""
    for module_name, module in tuple(sys.modules.items()):
        if not isinstance(module, ModuleType) or module_name.startswith(_OWN):
            continue
        names = vars(module)
        for name in [one for one, value in names.copy().items() if id(value) in instead]:
            names[name] = instead[id(names[name])]
