"""``matteproof check capture``: does what was recorded keep the contract?"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contracts import har
from contracts.cases import Credentials
from contracts.clock import stopwatch
from contracts.model import Exchange, Subject, Timeline
from contracts.openapi import OpenApi
from contracts.rules import load_rules
from mockserver.cli.check import reports
from mockserver.cli.check.files import need_writable
from mockserver.cli.check.judging import kit_for
from mockserver.cli.choices import ProviderName, installed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.conformance.run import Run
    from contracts.model import Provider


@click.command("capture")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.har")
@click.option("--provider", type=ProviderName(), help="Whose exchanges to judge; without it, those of most of them.")
@reports.option
@click.pass_context
def command(ctx: click.Context, file: Path, provider: Provider | None, wanted: tuple[tuple[str, Path], ...]) -> None:
    """Judge the exchanges in FILE.har by the rules about servers.

    The file may come from --record, from the mock's journal, or from a browser's developer tools. Where a
    browser has not saved the bytes of an upload, the rules that need them are not exercised.

    \b
    matteproof check capture run.har
    matteproof check capture browser.har --report html=report.html
    """  # noqa: D301  click reads \b as "leave these lines as they are"
    need_writable([path for _, path in wanted])
    exchanges = read(file)
    run = judged(provider or _most_likely(exchanges), exchanges, str(file))
    reports.finish(ctx, run, Credentials("", ""), kit_for(run.provider), wanted)


def read(file: Path) -> tuple[Exchange, ...]:
    """Return the exchanges in *file*.

    Raises:
        click.UsageError: it is no archive that can be read.
    """
    try:
        return har.load(json.loads(file.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"{file} is no HTTP archive: {error}") from error


def judged(provider: Provider, exchanges: Sequence[Exchange], name: str) -> Run:
    """Return what the checks of *provider* find in *exchanges*, which come from *name*."""
    from contracts.conformance.run import Run, is_success  # noqa: PLC0415  not needed for a wrong file
    from contracts.judge import Bench  # noqa: PLC0415  likewise

    began = stopwatch()
    rules = tuple(rule for rule in load_rules(provider.folder, provider.name) if rule.subject is Subject.SERVER)
    bench = Bench(rules)
    kit = kit_for(provider)
    bench.hear(kit.checks.judge(Timeline(tuple(exchanges))))
    shown = {exchange.number: exchange for exchange in exchanges if exchange.number in bench.shown()}
    return Run(
        subject="capture",
        provider=provider,
        target=name,
        seed=0,
        judgements=bench.judgements(),
        exchanges=shown,
        requests=len(exchanges),
        credits=Decimal(0),
        seconds=stopwatch() - began,
        descriptions={number: kit.described(one.request) for number, one in shown.items()},
        succeeded=any(is_success(exchange) for exchange in exchanges if _is_of(provider, exchange)),
    )


def _most_likely(exchanges: Sequence[Exchange]) -> Provider:
    """Return the provider that most of *exchanges* are with.

    Raises:
        click.UsageError: there is none.
    """
    counts = {provider.name: sum(_is_of(provider, one) for one in exchanges) for provider in installed()}
    best = max(installed(), key=lambda provider: counts[provider.name])
    if not counts[best.name]:
        known = ", ".join(counts)
        raise click.UsageError(
            f"None of the {len(exchanges)} exchanges is with a known provider ({known}); name one by --provider."
        )
    return best


def _is_of(provider: Provider, exchange: Exchange) -> bool:
    """Tell whether the path of *exchange* is one of the operations of *provider*."""
    paths = {operation.path for operation in OpenApi(provider.folder, provider.name).operations}
    return exchange.request.path in paths
