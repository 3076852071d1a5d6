"""``matteproof check server``: does a server keep the contract?"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import click

from contracts.conformance.access import ID, KEY, SECRET, AccessError, Limits, Wishes, credentials, credits_in
from contracts.conformance.budget import Budget
from contracts.conformance.target import Target
from mockserver.cli.check import reports
from mockserver.cli.check.access import as_usage, confirm
from mockserver.cli.check.files import need_writable
from mockserver.cli.check.interruption import in_order
from mockserver.cli.check.judging import chosen_rules, kit_for, need_extra
from mockserver.cli.check.tables import kept_apart
from mockserver.cli.choices import ProviderName
from mockserver.cli.memory import return_large_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from contracts.cases import Credentials, Kit
    from contracts.conformance.run import Run
    from contracts.conformance.server import Options, ServerCheck
    from contracts.model import Provider

_PATIENCE, _LIVE_PATIENCE = 30.0, 180.0
"""Seconds that an answer may take; a live server may be as slow as its documents say."""


class Origin(click.ParamType["Target"]):
    """The address of a server, without a path."""

    name = "URL"

    def convert(self, value: str | Target, param: click.Parameter | None, ctx: click.Context | None) -> Target:
        """Return the target."""
        if isinstance(value, Target):
            return value
        try:
            return Target.at(value)
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


class Amount(click.ParamType["Decimal"]):
    """A number of credits."""

    name = "X"

    def convert(self, value: str | Decimal, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Return the number."""
        if not isinstance(value, str):
            return value
        try:
            return credits_in(value)
        except AccessError as error:
            self.fail(str(error), param, ctx)


@click.command("server")
@click.argument("provider", type=ProviderName())
@click.option("--url", "target", type=Origin(), help="The server, without a path; without this option the mock.")
@click.option("--id", "api_id", envvar=ID, metavar="ID", help="API id, where the provider has them.")
@click.option("--secret", envvar=SECRET, metavar="S", help="Secret of the API id.")
@click.option("--key", envvar=KEY, metavar="K", help="Key, where the provider has them.")
@click.option("--live", is_flag=True, help="Treat the server as somebody else's; always so beyond this machine.")
@click.option("--max-requests", type=click.IntRange(1), metavar="N", help="Send no more than that.")
@click.option("--max-credits", type=Amount(), help="Spend no more than that.")
@click.option(
    "--max-examples", "examples", type=click.IntRange(0, 10_000), metavar="N", help="Generated cases a campaign."
)
@click.option("--seed", default=0, show_default=True, help="Decides what is generated; repeats a run.")
@click.option("--only", multiple=True, metavar="RULE", help="Check this rule, or all below it; repeatable.")
@click.option("--dry-run", is_flag=True, help="Print what would be sent and could cost, and send nothing.")
@click.option("--allow-charges", is_flag=True, help="Send also what a live server may charge for.")
@click.option("--yes", is_flag=True, help="Do not ask before charges.")
@click.option(
    "--record", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.har", help="Keep all exchanges."
)
@reports.option
@click.pass_context
def command(ctx: click.Context, /, provider: Provider, **options: Any) -> None:  # noqa: ANN401  as click has them
    """Check whether a server keeps the rules of PROVIDER, and say exactly how it does not.

    \b
    matteproof check server pixian                                     the mock itself
    matteproof check server pixian --url http://localhost:9000 --id me --secret hush
    matteproof check server pixian --url https://api.pixian.ai --dry-run
    matteproof check server xty --report html=report.html --record run.har

    Credentials also come from MATTEPROOF_API_ID, MATTEPROOF_API_SECRET and MATTEPROOF_API_KEY.
    A server beyond this machine is asked for free tests only, unless --allow-charges is given.
    """  # noqa: D301  click reads \b as "leave these lines as they are"
    need_extra()
    with in_order():
        asked = Asked(provider=provider, kit=kit_for(provider), **options)
        if asked.dry_run:
            _show_plan(asked)
        else:
            _check(ctx, asked)


def _check(ctx: click.Context, asked: Asked) -> None:
    """Check the server that was asked for, and end."""
    allowed = asked.limits()
    need_writable([*(file for _, file in asked.wanted), *([asked.record] if asked.record else [])])
    with _prepared(asked, allowed) as check:
        if asked.is_live and allowed.charges:
            question = f"This may spend credits at {check.origin}, in up to {allowed.max_requests} requests."
            confirm(question, yes=asked.yes)
        run = _watched(check)
    reports.finish(ctx, run, check.credentials, asked.kit, asked.wanted, asked.record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asks for; the fields are named after the options."""

    provider: Provider
    kit: Kit
    target: Target | None
    api_id: str | None
    secret: str | None
    key: str | None
    live: bool
    max_requests: int | None
    max_credits: Decimal | None
    examples: int | None
    seed: int
    only: tuple[str, ...]
    dry_run: bool
    allow_charges: bool
    yes: bool
    record: Path | None
    wanted: tuple[tuple[str, Path], ...]

    @property
    def is_live(self) -> bool:
        """Whether the server is somebody else's."""
        return self.live or (self.target is not None and not self.target.is_local)

    def limits(self) -> Limits:
        """Return what the run may do.

        Raises:
            click.UsageError: it would need a permission that was not given.
        """
        wishes = Wishes(self.allow_charges, self.max_requests, self.max_credits)
        with as_usage():
            return wishes.limits(live=self.is_live, free=self.kit.has_tests)

    def options(self, *, charges: bool) -> Options:
        """Return the options of the run."""
        from contracts.conformance.server import EXAMPLES, Options  # noqa: PLC0415  of an extra

        default = 0 if self.is_live else EXAMPLES
        return Options(
            seed=self.seed,
            examples=default if self.examples is None else self.examples,
            only=chosen_rules(self.provider, self.only),
            charges=charges,
            live=self.is_live,
            record=self.record is not None,
        )

    def credentials(self) -> Credentials:
        """Return the credentials that were given, or for a mock of our own some that are made up."""
        if self.target is None:
            return self.kit.anonymous(token_hex(8))
        with as_usage():
            return credentials(self.api_id, self.secret, self.key, by_key=self.kit.by_key)


@contextmanager
def _prepared(asked: Asked, allowed: Limits) -> Iterator[ServerCheck]:
    """Provide everything for a run against the server that was asked for, or against a mock of our own."""
    from contracts.conformance.pictures import PictureHost  # noqa: PLC0415  of an extra
    from contracts.conformance.server import ServerCheck  # noqa: PLC0415  likewise
    from contracts.conformance.transport import Transport  # noqa: PLC0415  likewise

    who = asked.credentials()
    with ExitStack() as stack:
        origin = asked.target.origin if asked.target else stack.enter_context(_own_mock(asked.provider))
        patience = _LIVE_PATIENCE if asked.is_live else _PATIENCE
        transport = stack.enter_context(Transport(patience=patience, home=Target.at(origin)))
        stack.enter_context(kept_apart())
        yield ServerCheck(
            asked.provider,
            asked.kit,
            origin,
            who,
            transport,
            budget=Budget(allowed.max_requests, allowed.max_credits),
            options=asked.options(charges=allowed.charges),
            host=None if asked.is_live else stack.enter_context(PictureHost()),
            knock=transport.knock,
        )


@contextmanager
def _own_mock(provider: Provider) -> Iterator[str]:
    """Run a mock of *provider*, and yield its origin."""
    from mockserver.mock import Mock  # noqa: PLC0415  only needed without --url

    with Mock([provider], fetch="loopback") as mock:
        yield mock.url


def _watched(check: ServerCheck) -> Run:
    """Run *check* and show how it goes on."""
    from mockserver.cli.check.progress import ServerWatcher  # noqa: PLC0415  rich takes a while to load

    return_large_blocks()
    with ServerWatcher() as watcher:
        check.watcher = watcher
        return check.run()


def _show_plan(asked: Asked) -> None:
    """Print what would be sent."""
    from contracts.conformance.server import ServerCheck  # noqa: PLC0415  of an extra
    from mockserver.cli.check.plan import Silent, show  # noqa: PLC0415  only this option needs it

    origin = asked.target.origin if asked.target else "http://127.0.0.1"
    options = asked.options(charges=asked.allow_charges or not asked.is_live)
    check = ServerCheck(asked.provider, asked.kit, origin, asked.kit.anonymous("nobody"), Silent(), options=options)
    show(check, _refusal(asked))


def _refusal(asked: Asked) -> str:
    """Return why the same command would send nothing without ``--dry-run``, or nothing."""
    try:
        asked.limits()
    except click.UsageError as error:
        return error.message
    return ""
