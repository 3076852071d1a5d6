"""Whoever does the jobs of a client under test: a program, or a function."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contracts.clock import Clock
    from contracts.model import Job, Outcome


class PerformerError(Exception):
    """The client cannot be tested at all; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Under which circumstances a job is done.

    ``clock`` tells the moments of the outcome, and the client's own clock is to follow it. ``patience`` is how many
    real seconds the client may take. ``environment`` is what its programs find besides what they always do.
    ``watch`` is called every so often, with the number of the process if there is one; the job is stopped when it
    returns true.
    """

    clock: Clock
    patience: float
    environment: Mapping[str, str] = field(default_factory=dict)
    watch: Callable[[int | None], bool] = lambda _: False


class Performer(Protocol):
    """A client under test."""

    @property
    def name(self) -> str:
        """What a report calls it."""

    @property
    def remark(self) -> str:
        """What a reader should know of how it has done its jobs so far, or nothing."""

    @property
    def at_once(self) -> int:
        """How many jobs it can do at once."""

    @property
    def longest_silence(self) -> float:
        """For how many virtual seconds it can listen to nothing where its clock runs fast, and its sockets may not."""

    def obstacle(self) -> str:
        """Return why its clock cannot run faster than real time, and how to change that; empty if it can."""

    def jitter(self, speed: float) -> float:
        """Return by how many virtual seconds its waits may be late on this machine at *speed*."""

    def unreached(self, port: int, process: int) -> frozenset[str]:
        """Return the programs begun by *process* that are connected to *port*, and whose clocks are not reached.

        Nothing is claimed where that cannot be seen.
        """

    def perform(self, job: Job, setting: Setting) -> Outcome:
        """Do *job*, or report failure.

        Raises:
            PerformerError: it cannot even be started.
        """
