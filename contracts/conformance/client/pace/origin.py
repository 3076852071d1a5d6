"""The moment from which a group of processes counts its faster time."""

from __future__ import annotations

import contextlib
import secrets
import struct
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  where the system keeps it
_LAYOUT = struct.Struct("@2Q8l")
"""What processes share under libfaketime: two counters, then a start by four clocks, each in (s, ns)."""

_CLOCKS = ("CLOCK_REALTIME", "CLOCK_MONOTONIC", "CLOCK_MONOTONIC_RAW", "CLOCK_BOOTTIME")
_NANO = 1_000_000_000
_LONG = 8
_SEMAPHORE = 1
_PRIVATE = 0o600


class Readings(NamedTuple):
    """What the machine's clocks showed at one moment, in nanoseconds."""

    real: int
    """Since 1970 UTC."""
    monotonic: int
    raw: int
    boot: int

    @classmethod
    def now(cls) -> Readings:
        """Read all clocks."""
        return cls(*(time.clock_gettime_ns(getattr(time, name)) for name in _CLOCKS))

    @property
    def seconds(self) -> float:
        """The time of day in seconds since 1970 UTC."""
        return self.real / _NANO


class Origin:
    """A start that all processes of one run share: without it each would count from its own, and they would disagree.

    libfaketime makes one of itself, named by process id, and leaves it behind whenever a process is killed; this one
    has a name of its own, and goes when it is closed.
    """

    def __init__(self) -> None:
        """Note the moment, and share it where the system can."""
        self.readings = Readings.now()
        self._name = f"/matteproof-{secrets.token_hex(8)}"
        self._shared = False
        if struct.calcsize("l") == _LONG:
            with contextlib.suppress(OSError, ImportError):
                self._share()

    @property
    def environment(self) -> Mapping[str, str]:
        """The variable that tells libfaketime of this origin; nothing where it could not be shared."""
        return {"FAKETIME_SHARED": f"{self._name} {self._name}"} if self._shared else {}

    def _share(self) -> None:
        pairs = [part for reading in self.readings for part in divmod(reading, _NANO)]
        self._semaphores().SemLock(_SEMAPHORE, 1, 1, self._name, False)  # noqa: FBT003  takes no names
        self._shared = True
        memory = self._memory
        memory.touch(_PRIVATE, exist_ok=False)
        memory.write_bytes(_LAYOUT.pack(0, 0, *pairs))

    @property
    def _memory(self) -> Path:
        return _SHARED_MEMORY / self._name.removeprefix("/")

    @staticmethod
    def _semaphores() -> Any:  # noqa: ANN401  it has no type information
        """Return what opens the system's named semaphores; not every system has them."""
        import _multiprocessing  # type: ignore[import-not-found]  # noqa: PLC0415

        return _multiprocessing

    def close(self) -> None:
        """Take it away; processes that use it already go on."""
        if self._shared:
            self._shared = False
            with contextlib.suppress(OSError):
                self._semaphores().sem_unlink(self._name)
            self._memory.unlink(missing_ok=True)
