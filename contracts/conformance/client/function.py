"""A client that is a Python function: it takes a job and returns the results."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

from contracts.clock import stopwatch
from contracts.model import Claim, Outcome
from contracts.virtual_time import VirtualTime

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from contracts.conformance.client.performer import Setting
    from contracts.model import Job

_GLANCE = 0.02
"""Real seconds between two looks at the function."""
_LATE = 0.005
"""Real seconds by which a thread is thought to be woken up late, on a machine that is not idle."""
_NO_TIMEOUT = 5.0


class UnableError(Exception):
    """Raised by a function that cannot do jobs of the kind that it was given."""


class Function:
    """The function ``act``: from a job to the results, in the order of the inputs.

    To return is to claim success; to raise :class:`UnableError` is to say that jobs of this kind cannot be done, and to
    raise anything else is to report failure, for the reason that the exception says.
    """

    at_once = 1
    """Functions share the time of the process."""
    remark = ""

    def __init__(self, act: Callable[[Job], bytes | Sequence[bytes]], name: str = "") -> None:
        """Have *act* do the jobs; a report calls it *name*."""
        self._act = act
        self.name = name or getattr(act, "__qualname__", repr(act))

    @property
    def longest_silence(self) -> float:
        """The timeouts of sockets in this process are real; no client has shorter ones than this many seconds."""
        return _NO_TIMEOUT

    def obstacle(self) -> str:
        """Return nothing: its waits follow any clock."""
        return ""

    def jitter(self, speed: float) -> float:
        """Return by how many virtual seconds threads of this process may be late, by a guess."""
        return _LATE * speed

    def unreached(self, port: int, process: int) -> frozenset[str]:
        """Return nothing: there are no other programs."""
        del port, process
        return frozenset()

    def perform(self, job: Job, setting: Setting) -> Outcome:
        """Call the function for *job*; what does not return in time is left to itself."""
        found: list[Outcome] = []
        thread = threading.Thread(
            target=lambda: found.append(self._outcome(job, setting)), name="matteproof-client", daemon=True
        )
        began = stopwatch()
        thread.start()
        while thread.is_alive() and not setting.watch(None) and stopwatch() - began < setting.patience:
            thread.join(timeout=_GLANCE)
        return found[0] if found else Outcome(Claim.NONE, (None,) * len(job.inputs), "", setting.clock.now())

    def _outcome(self, job: Job, setting: Setting) -> Outcome:
        nothing = (None,) * len(job.inputs)
        try:
            with ExitStack() as stack:
                if setting.clock.speed != 1:
                    stack.enter_context(VirtualTime(setting.clock, spared=("mockserver",)))
                results = self._act(job)
        except UnableError as error:
            return Outcome(Claim.UNABLE, nothing, str(error), setting.clock.now())
        except BaseException as error:  # noqa: BLE001  whatever a client raises is how it reports failure
            return Outcome(Claim.FAILURE, nothing, f"{type(error).__name__}: {error}", setting.clock.now())
        outputs = (results,) if isinstance(results, bytes) else tuple(results)
        return Outcome(Claim.SUCCESS, (outputs + nothing)[: len(nothing)], "", setting.clock.now())
