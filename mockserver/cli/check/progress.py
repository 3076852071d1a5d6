"""How a run against a client goes on, in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.cli.check.terminal import Watcher

if TYPE_CHECKING:
    from contracts.trials import Trial


class ClientWatcher(Watcher):
    """Shows on standard error which trials are played: a bar in a terminal, a line for each part elsewhere."""

    _played = 0

    def phase(self, name: str, total: int | None) -> None:
        """Tell that a part of the run begins, of *total* trials if that is known."""
        self._played = 0
        self._progress.update(self._task, description=name, completed=0, total=total)
        if not self._console.is_terminal:
            self._console.print(f"{name}{f': {total}' if total else ''}", highlight=False, soft_wrap=True)

    def trial(self, trial: Trial, broken: int) -> None:
        """Tell that *trial* is over, and how many rules are broken so far."""
        self._played += 1
        state = trial.name + (f", {broken} rules broken" if broken else "")
        self._progress.update(self._task, completed=self._played, state=state)
