"""A client that is a program: one process for one job, as the protocol of the command line has it."""

from __future__ import annotations

import json
import math
import os
import shlex
import signal
import subprocess
import tempfile
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.clock import Clock, stopwatch
from contracts.conformance.client.output import output_at
from contracts.conformance.client.pace import Pace, measured, obstacle, session, survivors, unreached
from contracts.conformance.client.performer import PerformerError
from contracts.model import Claim, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import IO

    from contracts.conformance.client.performer import Setting
    from contracts.model import Job

_SUCCESS, _UNABLE = 0, 77
_GLANCE = 0.02
"""Real seconds between two looks at the process."""
_GRACE = 1.0
"""Real seconds that a program which is told to end may take for it."""
_MOST_SAID = 20_000
"""Bytes of what a program says that are kept, from the end."""


class Program:
    """The ``command`` that does a job; tokens such as ``{input}`` in its arguments are replaced."""

    def __init__(self, command: Sequence[str]) -> None:
        """Run *command*, in the current folder."""
        self.command = tuple(command)
        self.remark = ""
        self._is_fresh = True
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The command, as a shell has it."""
        return shlex.join(self.command)

    @property
    def at_once(self) -> int:
        """One for each processor, since each is a process of its own."""
        return os.cpu_count() or 1

    @property
    def longest_silence(self) -> float:
        """There is no limit: sockets of its own process go by the same clock."""
        return math.inf

    def obstacle(self) -> str:
        """Return why the clocks of children cannot run faster here; empty if they can."""
        return obstacle()

    def jitter(self, speed: float) -> float:
        """Return by how many virtual seconds the waits of children are late at *speed*."""
        return measured(speed).jitter

    def unreached(self, port: int, process: int) -> frozenset[str]:
        """Return the programs in the session of *process* that are connected to *port* with a clock of their own."""
        return unreached(port, session(process))

    def perform(self, job: Job, setting: Setting) -> Outcome:
        """Run the command for *job*, and end all its processes.

        Raises:
            PerformerError: there is no such command, or it cannot be run.
        """
        # What the client has made of the folder may be in the way of taking it away; that is no fault of the test.
        with (
            tempfile.TemporaryDirectory(prefix="matteproof-job-", ignore_cleanup_errors=True) as name,
            tempfile.TemporaryFile() as words,
            ExitStack() as stack,
        ):
            terms = _Terms(job, Path(name))
            environment = {**os.environ, **terms.environment, **setting.environment}
            if setting.clock.speed != 1:
                pace = stack.enter_context(Pace(setting.clock))
                environment = pace.environment(environment, self.command)
            process = self._start(terms, environment, words.fileno())
            try:
                status = _awaited(process, setting)
                ended = setting.clock.now()
            finally:
                _end_group(process)
            self._look_for_survivors(Path(name))
            outputs = tuple(map(output_at, terms.outputs))
            first = next((one.obstacle for one in outputs if one.content is None), "")
            said = _tail(words) or _silent_end(status)
            return Outcome(_claim(status), tuple(one.content for one in outputs), said, ended, first)

    def _look_for_survivors(self, folder: Path) -> None:
        """Note which programs go on that the first job, which has its files in *folder*, has begun."""
        with self._lock:
            first, self._is_fresh = self._is_fresh, False
        if not first or not survivors(str(folder)):
            return
        Clock().sleep(_GRACE)  # who is told to end may take a while
        if names := ", ".join(sorted(survivors(str(folder)))):
            self.remark = f"Processes of the client go on after it has ended; nobody ends them: {names}."

    def _start(self, terms: _Terms, environment: Mapping[str, str], said: int) -> subprocess.Popen[bytes]:
        arguments = [terms.filled(word) for word in self.command]
        try:
            return subprocess.Popen(  # noqa: S603  to run the user's own command is what this is for
                arguments,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise PerformerError(
                f"The command {self.command[0]!r} cannot be started: {reason}."
                " Put the client's command after two dashes, as in: -- python my_client.py"
            ) from error


class _Terms:
    """A job as the protocol puts it: files, environment and tokens."""

    def __init__(self, job: Job, folder: Path) -> None:
        """Write the inputs of *job* into *folder*, where the outputs are to be, too."""
        numbered = tuple(enumerate(job.inputs))
        for number, one in numbered:
            if not one.url:
                (folder / f"{number}-{one.name}").write_bytes(one.data)
        self.outputs = tuple(folder / f"output-{number}" for number, _ in numbered)
        self._words = {
            "base_url": job.origin,
            "input": "\n".join(one.url or str(folder / f"{number}-{one.name}") for number, one in numbered),
            "output": "\n".join(map(str, self.outputs)),
            "parameters": json.dumps(job.parameters, ensure_ascii=False),
            **({"api_id": job.id, "api_secret": job.secret} if job.id else {"api_key": job.secret}),
            **({"threads": str(job.threads)} if len(numbered) > 1 else {}),
        }

    @property
    def environment(self) -> dict[str, str]:
        """The variables of the protocol, and those that lead past proxies."""
        own = {f"MATTEPROOF_{name.upper()}": value for name, value in self._words.items()}
        return own | _past_proxies(os.environ)

    def filled(self, word: str) -> str:
        """Return what *word*, an argument of the command, is a token for, or itself."""
        known = {f"{{{name}}}": value for name, value in self._words.items()}
        return known.get(word, word)


def _past_proxies(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that make programs connect to this machine directly, whatever proxies there are."""
    known = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    hosts = ",".join(filter(None, (known, "localhost", "127.0.0.1", ".localhost")))
    return {"no_proxy": hosts, "NO_PROXY": hosts}


def _awaited(process: subprocess.Popen[bytes], setting: Setting) -> int | None:
    """Return the status with which *process* ends, ``None`` if its time is over before it does."""
    began = stopwatch()
    while not setting.watch(process.pid) and stopwatch() - began < setting.patience:
        with suppress(subprocess.TimeoutExpired):
            return process.wait(timeout=_GLANCE)
    return None


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End *process* and all that it has started and not let go of."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_GRACE)


def _tail(words: IO[bytes]) -> str:
    """Return the end of *words*, empty if there are but blanks; there may be more of them than memory holds."""
    words.seek(max(0, words.seek(0, os.SEEK_END) - _MOST_SAID))
    text = words.read(_MOST_SAID).decode(errors="replace")
    return text if text.strip() else ""


def _claim(status: int | None) -> Claim:
    if status is None:
        return Claim.NONE
    return {_SUCCESS: Claim.SUCCESS, _UNABLE: Claim.UNABLE}.get(status, Claim.FAILURE)


def _silent_end(status: int | None) -> str:
    """Return what there is to say of a program that has said nothing of its end."""
    if status is None or status in {_SUCCESS, _UNABLE}:
        return ""
    return f"nothing, and ended by {signal.Signals(-status).name}" if status < 0 else f"nothing, with status {status}"
