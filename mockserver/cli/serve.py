"""``matteproof serve``: the mock server."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import click

from mockserver.cli.choices import ProviderName, installed
from mockserver.cli.memory import return_large_blocks

if TYPE_CHECKING:
    from contracts.model import Provider
    from mockserver.engine import Latency
    from mockserver.fetch import Policy
    from mockserver.mock import Mock


class LatencyValue(click.ParamType["Latency"]):
    """``none``, ``documented``, or a number of seconds."""

    name = "none|documented|SECONDS"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Latency:
        """Return the processing time that *value* asks for."""
        if value == "documented":
            return "documented"
        try:
            seconds = 0.0 if value == "none" else float(value)
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds < float("inf"):
            self.fail(f"{value!r} is not 'none', 'documented' or a number of seconds from 0 on.", param, ctx)
        return seconds


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--provider", "providers", type=ProviderName(), multiple=True, help="Serve only this one; repeatable.")
@click.option(
    "--fetch",
    type=click.Choice(["fixtures", "loopback", "public", "all"]),
    default="fixtures",
    show_default=True,
    help="Where pictures given by URL may come from, besides the samples of the documents.",
)
@click.option("--latency", type=LatencyValue(), default="none", show_default=True, help="Time that image work takes.")
@click.option("--seed", default=0, show_default=True, help="Decides everything that is drawn at random.")
@click.option("--quiet", is_flag=True, help="Print the address, and then only warnings and errors.")
def command(  # noqa: PLR0913, PLR0917  one parameter an option, passed by name
    host: str,
    port: int,
    providers: tuple[Provider, ...],
    fetch: Policy,
    latency: Latency,
    seed: int,
    quiet: bool,  # noqa: FBT001  click passes it by name
) -> None:
    """Start the mock server for all providers, or for those named by --provider.

    \b
    matteproof serve
    matteproof serve --port 9000 --provider pixian
    matteproof serve --fetch public --latency documented
    """  # noqa: D301  click reads \b as "leave these lines as they are"
    from mockserver.mock import Mock  # noqa: PLC0415  Flask and the server are needed from here on

    mock = Mock(providers or installed(), host=host, port=port, fetch=fetch, latency=latency, seed=seed)
    try:
        mock.server.bind()
    except OSError as error:
        raise click.ClickException(error.strerror or str(error)) from error
    return_large_blocks()
    _log_to_terminal(logging.WARNING if quiet else logging.INFO)
    click.echo(f"matteproof is listening on {mock.url}  (stop with Ctrl+C)")
    if not quiet:
        _print_operations(mock)
    mock.serve()


def _log_to_terminal(level: int) -> None:
    """Write what the server reports, from *level* on, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    logger = logging.getLogger("matteproof")
    logger.addHandler(handler)
    logger.setLevel(level)


def _print_operations(mock: Mock) -> None:
    for service in mock.engine.services.values():
        click.echo(f"\n{service.provider.title}")
        for operation in service.openapi.operations:
            click.echo(f"  {operation.method:<4} {mock.url}{operation.path}")
        click.echo(f"  try: {service.provider.example.replace('{origin}', mock.url)}")
    click.echo()
