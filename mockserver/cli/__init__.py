"""The command ``matteproof``. Each subcommand is imported when it is used."""

from __future__ import annotations

from importlib import import_module

import click

from contracts.suggestion import did_you_mean

_COMMANDS = {"rules": "print the rules of the providers", "serve": "start the mock server"}


class LazyGroup(click.Group):
    """A group whose subcommands are the attribute ``command`` of modules of the same name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the subcommands."""
        del ctx
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the subcommand *cmd_name*."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand in *args*; an unknown one names the likely intended one."""
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-"):
            hint = did_you_mean(name, _COMMANDS)
            raise click.UsageError(
                f"There is no command {name!r}.{hint} Commands: {', '.join(sorted(_COMMANDS))}.", ctx
            )
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="matteproof", message="%(prog)s %(version)s")
def main() -> None:
    """Mock servers and contract tests for image background-removal APIs.

    \b
    matteproof serve                          start the mock on http://127.0.0.1:8080
    matteproof rules --format markdown        print what the documents demand
    """  # noqa: D301  click reads \b as "leave these lines as they are"
