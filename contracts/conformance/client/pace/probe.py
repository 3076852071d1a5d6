"""How well waits go under a faster clock on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from contracts.clock import Clock, stopwatch
from contracts.conformance.client.pace.library import NoFastClockError
from contracts.conformance.client.pace.pace import Pace
from contracts.trials import SPEED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ROUNDS = 4
_REAL_WAIT = 0.02
"""How long one wait takes if clocks follow, in real seconds."""
_LEAST = 0.5
"""The shortest wait that is asked for, in virtual seconds: by this many, real time is told from faster time."""
_LIMIT = 10.0
"""After how many real seconds a probe is given up."""

_PYTHON = """
import threading, time
for wait in (time.sleep, threading.Event().wait) * {rounds}:
    print(time.time())
    wait({seconds})
    print(time.time())
"""
_SHELL = "for _ in $(seq {rounds}); do date +%s.%N; sleep {seconds}; date +%s.%N; done"


@dataclass(frozen=True, slots=True)
class Measurement:
    """What waits were like at one speed: by how many virtual seconds each was late, and whether clocks followed."""

    follows: bool
    late: tuple[float, ...] = ()

    @property
    def jitter(self) -> float:
        """By how many virtual seconds a wait seems longer than it was asked to be, at the most."""
        return max((0.0, *self.late))


def obstacle() -> str:
    """Return why the clocks of programs cannot be made faster here, and what to do; empty if they can."""
    try:
        follows = measured(SPEED).follows
    except NoFastClockError as error:
        return str(error)
    return "" if follows else "libfaketime is installed here, but the clocks of programs do not follow it"


@cache
def measured(speed: float) -> Measurement:
    """Return what waits of a Python program and of a shell are like at that *speed* on this machine; measured once.

    Starting a program takes real time, which a shell does for each wait; that is part of what is measured.

    Raises:
        NoFastClockError: There is no way to make clocks faster here.
    """
    seconds = max(_REAL_WAIT * speed, _LEAST)
    terms = {"rounds": _ROUNDS, "seconds": f"{seconds:g}"}
    late: list[float] = []
    for command in ([sys.executable, "-c", _PYTHON.format(**terms)], ["sh", "-c", _SHELL.format(**terms)]):
        with Pace(Clock(speed=speed)) as pace:
            moments, real = _moments(command, pace.environment(os.environ, command))
        waits = [after - before for before, after in list(pairwise(moments))[::2]]
        # A clock that keeps real time would have needed at least as long as was asked for.
        if not waits or min(waits) < seconds or (speed > 1 and real > sum(waits)):
            return Measurement(follows=False)
        late += [wait - seconds for wait in waits]
    return Measurement(follows=True, late=tuple(late))


def _moments(command: Sequence[str], environment: Mapping[str, str]) -> tuple[list[float], float]:
    """Return the times of day that *command* prints, none if it fails, and how many real seconds it took."""
    began = stopwatch()
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=_LIMIT, check=True)  # noqa: S603
        return [float(line) for line in done.stdout.split()], stopwatch() - began
    except (OSError, ValueError, subprocess.SubprocessError):
        return [], stopwatch() - began
