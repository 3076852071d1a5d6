"""``matteproof check client``: does a client keep the contract?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from contracts.model import Subject
from contracts.trials import SPEED
from mockserver.cli.check import reports
from mockserver.cli.check.files import need_writable
from mockserver.cli.check.interruption import in_order
from mockserver.cli.check.judging import chosen_rules, kit_for, need_extra
from mockserver.cli.check.tables import kept_apart
from mockserver.cli.choices import ProviderName
from mockserver.cli.memory import return_large_blocks

if TYPE_CHECKING:
    from pathlib import Path

    from contracts.cases import Kit
    from contracts.conformance.client.check import ClientCheck
    from contracts.conformance.client.options import Options
    from contracts.conformance.client.stage import Stage
    from contracts.conformance.run import Run
    from contracts.model import Provider

_AUTO = "auto"


class Speed(click.ParamType["float | None"]):
    """Virtual seconds a real second, or ``auto``."""

    name = "N|auto"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float | None:
        """Return the number, or ``None`` for ``auto``."""
        if value == _AUTO:
            return None
        try:
            speed = float(value)
        except ValueError:
            speed = 0.0
        if not 1 <= speed <= SPEED:
            self.fail(f"{value!r} is no speed: a number from 1 to {SPEED:g}, or auto.", param, ctx)
        return speed


@click.command("client", context_settings={"ignore_unknown_options": False})
@click.argument("provider", type=ProviderName())
@click.argument("words", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND [ARG...]")
@click.option("--threads", is_flag=True, help="Also give it jobs of several pictures, to be done in threads.")
@click.option(
    "--speed",
    type=Speed(),
    default=_AUTO,
    show_default=True,
    help="How much faster than real time the client's clock may run.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(1, 3600),
    show_default="60 for the first, 240 for others",
    metavar="S",
    help="Real seconds that a job may take where the client's clock is real.",
)
@click.option(
    "--max-examples", "examples", type=click.IntRange(0, 10_000), metavar="N", help="Generated trials a campaign."
)
@click.option("--seed", default=0, show_default=True, help="Decides what is generated; repeats a run.")
@click.option("--only", multiple=True, metavar="RULE", help="Check this rule, or all below it; repeatable.")
@reports.option
@click.pass_context
def command(ctx: click.Context, /, provider: Provider, **options: Any) -> None:  # noqa: ANN401  as click has them
    """Check whether a client of PROVIDER keeps the rules, whatever language it is written in.

    \b
    matteproof check client pixian -- python my_client.py
    matteproof check client pixian --threads --report html=report.html -- node client.js
    matteproof check client xty --only retry -- ./client.sh {input} {output}

    COMMAND is run once for each job, against a mock server. It finds the job in the environment:
    MATTEPROOF_BASE_URL, MATTEPROOF_API_ID and MATTEPROOF_API_SECRET, or MATTEPROOF_API_KEY,
    MATTEPROOF_INPUT, MATTEPROOF_OUTPUT, MATTEPROOF_PARAMETERS (JSON); or in its arguments, as
    {base_url}, {input} and so on. It ends with status 0 when the output is written, with 77 if it
    cannot do such a job, and with any other status, and the reason on standard error, if it failed.
    With the system's libfaketime (Debian: apt install faketime) its clock runs up to 60 times faster.
    """  # noqa: D301  click reads \b as "leave these lines as they are"
    need_extra()
    with in_order():
        _check(ctx, Asked(provider=provider, kit=kit_for(provider), **options))


def _check(ctx: click.Context, asked: Asked) -> None:
    """Check the client that was asked for, and end."""
    need_writable([file for _, file in asked.wanted])
    run = _watched(asked.check())
    reports.finish(ctx, run, asked.kit.anonymous("client"), asked.kit, asked.wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asks for; the fields are named after the options."""

    provider: Provider
    kit: Kit
    words: tuple[str, ...]
    threads: bool
    speed: float | None
    timeout: float | None
    examples: int | None
    seed: int
    only: tuple[str, ...]
    wanted: tuple[tuple[str, Path], ...]

    def options(self) -> Options:
        """Return the options of the run."""
        from contracts.conformance.client.options import EXAMPLES, Options  # noqa: PLC0415  of an extra

        return Options(
            seed=self.seed,
            examples=EXAMPLES if self.examples is None else self.examples,
            only=chosen_rules(self.provider, self.only, Subject.CLIENT),
            speed=self.speed,
            timeout=self.timeout,
            threads=self.threads,
        )

    def check(self) -> ClientCheck:
        """Return the run, ready to go."""
        from contracts.conformance.client.check import ClientCheck  # noqa: PLC0415  of an extra
        from contracts.conformance.client.program import Program  # noqa: PLC0415  likewise

        build = partial(_stage, self.provider)
        return ClientCheck(self.provider, self.kit, Program(self.words), build, self.options())


def _stage(provider: Provider, tls: bool) -> Stage:  # noqa: FBT001  the driver's own call
    from contracts.conformance.client.stage import StageError  # noqa: PLC0415  of an extra
    from mockserver.certificates import CertificateError  # noqa: PLC0415  likewise
    from mockserver.stage import MockStage  # noqa: PLC0415  the mock takes a while to load

    try:
        return MockStage(provider, tls=tls)
    except CertificateError as error:
        raise StageError(str(error)) from error


def _watched(check: ClientCheck) -> Run:
    """Run *check* and show how it goes on."""
    from mockserver.cli.check.progress import ClientWatcher  # noqa: PLC0415  rich takes a while to load

    return_large_blocks()
    with kept_apart(), ClientWatcher() as watcher:
        check.watcher = watcher
        return check.run()
