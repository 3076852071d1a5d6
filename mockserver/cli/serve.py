"""``matteproof serve``: the mock server."""

from __future__ import annotations

import gc
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contracts.clock import Clock
from mockserver.certificates import CertificateError, trust_instructions
from mockserver.cli.choices import ProviderName, installed
from mockserver.cli.memory import return_large_blocks
from mockserver.scenarios.library import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.model import Provider
    from mockserver.engine import Latency
    from mockserver.fetch import Policy
    from mockserver.mock import Mock

PAGE = "/_mock/"
"""Where the pages for people are."""
_GARBAGE = (20_000, 20, 20)
"""Objects more than before, and searches among the young and the middle-aged, after which Python looks for garbage."""
_FASTEST = 1_000_000
"""Seconds of the clock a real second, at most."""


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


class Origin(click.ParamType["str"]):
    """The origin of a page."""

    name = "URL"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return *value* as browsers write it."""
        from mockserver.control.access import origin  # noqa: PLC0415  only needed for this option

        try:
            return origin(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Speed(click.ParamType["float"]):
    """A number above 0."""

    name = "N"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return *value* as a number."""
        try:
            speed = float(value)
        except ValueError:
            speed = 0.0
        if not 0 < speed <= _FASTEST:
            self.fail(f"{value!r} is not a number above 0, up to {_FASTEST:,}.", param, ctx)
        return speed


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
@click.option("--scenario", default="", metavar="NAME|FILE", help="Put every caller into this scenario.")
@click.option("--speed", default=1.0, type=Speed(), show_default=True, help="Seconds of the clock a real second.")
@click.option("--tls", is_flag=True, help="Speak HTTPS, with certificates of a local authority.")
@click.option("--keys", type=click.Path(path_type=Path), help="Know only the credentials in this file.")
@click.option("--token", default="", help="Demanded by the control API; made up for hosts beyond loopback.")
@click.option("--allow-origin", "origins", type=Origin(), multiple=True, help="Pages that may use the control API.")
@click.option("--quiet", is_flag=True, help="Print the address, and then only warnings and errors.")
def command(  # noqa: PLR0913, PLR0917  one parameter an option, passed by name
    host: str,
    port: int,
    providers: tuple[Provider, ...],
    fetch: Policy,
    latency: Latency,
    seed: int,
    scenario: str,
    speed: float,
    tls: bool,  # noqa: FBT001  click passes it by name
    keys: Path | None,
    token: str,
    origins: tuple[str, ...],
    quiet: bool,  # noqa: FBT001  likewise
) -> None:
    """Start the mock server for all providers, or for those named by --provider.

    \b
    matteproof serve
    matteproof serve --port 9000 --provider pixian
    matteproof serve --fetch public --latency documented
    matteproof serve --scenario busy --speed 60
    matteproof serve --tls
    """  # noqa: D301  click reads \b as "leave these lines as they are"
    from mockserver.mock import Mock  # noqa: PLC0415  Flask and the server are needed from here on

    try:
        mock = Mock(
            providers or installed(),
            host=host,
            port=port,
            fetch=fetch,
            latency=latency,
            seed=seed,
            clock=Clock(speed=speed),
            scenario=scenario,
            keys=_keys(keys),
            token=token,
            allow_origins=origins,
            tls=tls,
        )
    except (ScenarioError, CertificateError) as error:
        raise click.UsageError(str(error)) from error
    _bind(mock)
    return_large_blocks()
    _log_to_terminal(logging.WARNING if quiet else logging.INFO)
    _greet(mock, made_up_token=not token)
    if not quiet:
        _print_operations(mock)
    _seldom_look_for_garbage()
    mock.serve()


def _seldom_look_for_garbage() -> None:
    """Have answers not wait while Python looks through all that is loaded, or through a full journal (0.1 s).

    What requests leave behind that only such a search would find is small, and never their bodies: a test holds that
    for refused ones.
    """
    gc.freeze()
    gc.set_threshold(*_GARBAGE)


def _bind(mock: Mock) -> None:
    """Take the port, or end with the reason why it cannot be had."""
    try:
        mock.server.bind()
    except OSError as error:
        raise click.ClickException(error.strerror or str(error)) from error


def _greet(mock: Mock, *, made_up_token: bool) -> None:
    """Say where *mock* listens, and what a client has to know: a token that was made up, how to trust certificates."""
    click.echo(f"matteproof is listening on {mock.url}  (stop with Ctrl+C)")
    click.echo(f"See every call, and choose what happens next: {mock.url}{PAGE}")
    if mock.token and made_up_token:
        click.echo(f"The page and the control API want this token, the page as a password: {mock.token}")
    if mock.authority is not None:
        click.echo(trust_instructions(mock.authority.path, mock.url))


def _keys(file: Path | None) -> Mapping[str, frozenset[str]] | None:
    """Return the credentials listed in *file*, if there is one."""
    if file is None:
        return None
    from mockserver.cli.keys import read_keys  # noqa: PLC0415  only needed with a file

    return read_keys(file)


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
