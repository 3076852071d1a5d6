"""How a run goes on, in a terminal: a bar there, a line for each part of it elsewhere, on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from types import TracebackType

    from contracts.cases import Campaign, Case
    from contracts.model import Exchange
    from contracts.trials import Trial


class _Shown:
    """The bar, and the lines in its place."""

    def __init__(self) -> None:
        """Look at where standard error goes."""
        self._console = Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[state]}"),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("beginning", total=None, state="")
        self._done = 0

    def __enter__(self) -> Self:
        """Begin to show."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was."""
        self._progress.stop()

    def _begin(self, name: str, line: str, completed: int = 0, total: int | None = None) -> None:
        """Show that the part *name* of the run begins, or write *line* where there is no bar."""
        self._progress.update(self._task, description=escape(name), completed=completed, total=total)
        if not self._console.is_terminal:
            self._console.print(line, highlight=False, soft_wrap=True, markup=False)

    def _go_on(self, state: str, broken: int, completed: int | None = None) -> None:
        """Show the *state*, and how many rules are broken so far."""
        told = escape(state) + (f", {broken} rules broken" if broken else "")
        self._progress.update(self._task, state=told, completed=completed)


class ServerWatcher(_Shown):
    """Shows which campaign a server goes through; a :class:`contracts.conformance.server.Watcher`."""

    def waiting(self, origin: str) -> None:
        """Tell that the server at *origin* is asked for the first time."""
        said = f"waiting for the first answer of {origin}"
        self._begin(said, said)

    def campaign(self, campaign: Campaign[Case], number: int, total: int) -> None:
        """Tell that *campaign* begins."""
        self._begin(campaign.name, f"{number}/{total} {campaign.name}: {campaign.purpose}", number - 1, total)

    def exchange(self, exchange: Exchange, broken: int) -> None:
        """Tell that one more *exchange* is over."""
        del exchange
        self._done += 1
        self._go_on(f"{self._done} requests", broken)


class ClientWatcher(_Shown):
    """Shows which trials a client goes through; a :class:`contracts.conformance.client.watcher.Watcher`."""

    def phase(self, name: str, total: int | None) -> None:
        """Tell that a part of the run begins, of *total* trials if that is known."""
        self._done = 0
        self._begin(name, f"{name}: {total}" if total else name, total=total)

    def trial(self, trial: Trial, broken: int) -> None:
        """Tell that *trial* is over, and how many rules are broken so far."""
        self._done += 1
        self._go_on(trial.name, broken, self._done)
