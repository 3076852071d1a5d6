"""``--report FORM=FILE``: writing what came of a run."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contracts import har
from contracts.conformance.secrets import without_secrets
from contracts.providers import behaviour_of
from contracts.suggestion import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from contracts.cases import Credentials, Kit
    from contracts.conformance.run import Run

FORMS = ("json", "junit", "html", "markdown")
EXIT = {"conforms": 0, "violates": 1, "inconclusive": 3}
"""Exit statuses by conclusion."""


class Report(click.ParamType["tuple[str, Path]"]):
    """A form of report, and the file that it goes to."""

    name = "FORM=FILE"

    def convert(
        self, value: str | tuple[str, Path], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Path]:
        """Return form and file."""
        if isinstance(value, tuple):
            return value
        form, equals, name = value.partition("=")
        if form not in FORMS:
            hint = did_you_mean(form, FORMS)
            self.fail(f"There is no form of report {form!r}.{hint} Forms: {', '.join(FORMS)}.", param, ctx)
        if not equals or not name:
            self.fail(f"Name the file as well, as in {form}=report.{form}.", param, ctx)
        file = Path(name)
        if not file.absolute().parent.is_dir():
            self.fail(f"There is no folder {file.parent} to write {name!r} into.", param, ctx)
        return form, file


def option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option ``--report`` to the command *function*."""
    text = f"Write a report; FORM is one of {', '.join(FORMS)}; repeatable."
    return click.option("--report", "wanted", type=Report(), multiple=True, help=text)(function)


def finish(  # noqa: PLR0913, PLR0917  the end of a run, and all it needs
    ctx: click.Context,
    run: Run,
    credentials: Credentials,
    kit: Kit,
    reports: Sequence[tuple[str, Path]],
    record: Path | None = None,
) -> None:
    """Print what came of *run*, write *reports* and the recording, and end with the exit status that says it."""
    from mockserver.cli.check.terminal import summarise  # noqa: PLC0415  rich takes a while to load

    clean = without_secrets(run, credentials, behaviour_of(run.provider).without_secrets)
    write(clean, kit, reports)
    if record is not None:
        _record(clean, record)
    summarise(clean)
    ctx.exit(EXIT[clean.conclusion])


def _record(run: Run, file: Path) -> None:
    """Write all exchanges of *run* into *file*."""
    exchanges = [exchange for _, exchange in sorted(run.exchanges.items())]
    try:
        file.write_text(json.dumps(har.dump(exchanges, version=version("matteproof"))), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"The recording {file} cannot be written: {error.strerror}.") from error


def write(run: Run, kit: Kit, reports: Sequence[tuple[str, Path]]) -> None:
    """Write *run* in the forms and to the files of *reports*.

    Raises:
        click.ClickException: a file cannot be written.
    """
    from contracts.report import as_json, html, junit, markdown  # noqa: PLC0415  only needed at the end

    own = version("matteproof")
    writers: dict[str, Callable[[], str]] = {
        "json": lambda: as_json(run, own),
        "junit": lambda: junit(run),
        "html": lambda: html(run, {number: kit.pictures(one) for number, one in run.exchanges.items()}, own),
        "markdown": lambda: markdown(run),
    }
    for form, file in reports:
        try:
            file.write_text(writers[form](), encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"The report {file} cannot be written: {error.strerror}.") from error
