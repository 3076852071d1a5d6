"""Groups of commands that are imported when they are used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from contracts.suggestion import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyGroup(click.Group):
    """A group whose subcommands are the attribute ``command`` of modules of the same name."""

    def __init__(self, name: str, *, lazy: Mapping[str, str], package: str, **options: Any) -> None:  # noqa: ANN401
        """Know the subcommands *lazy*, each with a line about it, in the *package* that has their modules.

        Further *options* are those of :class:`click.Group`.
        """
        super().__init__(name, context_settings={"help_option_names": ["-h", "--help"]}, **options)
        self._lazy = lazy
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the subcommands."""
        del ctx
        return sorted(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the subcommand *cmd_name*."""
        del ctx
        if cmd_name not in self._lazy:
            return None
        command: click.Command = import_module(f"{self._package}.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(sorted(self._lazy.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand in *args*; an unknown one names the likely intended one."""
        name = args[0]
        if name not in self._lazy and not name.startswith("-"):
            hint = did_you_mean(name, self._lazy)
            raise click.UsageError(
                f"There is no command {name!r}.{hint} Commands: {', '.join(sorted(self._lazy))}.", ctx
            )
        return super().resolve_command(ctx, args)
