"""Whoever watches a client being tested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contracts.trials import Trial


class Watcher(Protocol):
    """Whoever wants to see how a run goes on."""

    def phase(self, name: str, total: int | None) -> None:
        """Be told that a part of the run begins, of *total* trials if that is known."""

    def trial(self, trial: Trial, broken: int) -> None:
        """Be told that *trial* is over, and how many rules are broken so far."""
