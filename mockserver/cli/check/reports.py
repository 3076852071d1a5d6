"""``--report FORM=FILE``: writing what came of a run."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contracts import har
from contracts.conformance.secrets import without_secrets
from contracts.providers import behaviour_of
from contracts.suggestion import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from contracts.cases import Credentials, Kit
    from contracts.conformance.run import Run

FORMS = ("json", "junit", "html", "markdown")
EXIT = {"conforms": 0, "violates": 1, "inconclusive": 3}
"""Exit statuses by conclusion."""
_UNKNOWN = EXIT["inconclusive"]


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
    """Print what came of *run*, write *reports* and the recording, and end with the exit status that says it.

    Where a file cannot be written after all, or the run was interrupted, nothing is known for sure.
    """
    from mockserver.cli.check.terminal import summarise  # noqa: PLC0415  rich takes a while to load

    clean = without_secrets(run, credentials, behaviour_of(run.provider).without_secrets)
    summarise(clean)
    written = write(clean, kit, reports)
    if record is not None:
        written = _is_written("recording", record, _recorded(clean)) and written
    status = EXIT[clean.conclusion]
    ctx.exit(_UNKNOWN if run.is_interrupted or (not written and not status) else status)


def _pictures(run: Run, kit: Kit) -> dict[int, tuple[bytes | None, bytes | None]]:
    """Return the pictures of the exchanges that show violations best."""
    shown = {judgement.violations[0].exchange for judgement in run.judgements if judgement.violations}
    return {number: kit.pictures(run.exchanges[number]) for number in shown if number in run.exchanges}


def _recorded(run: Run) -> Iterator[str]:
    """Yield a recording of all exchanges of *run*, piece by piece."""
    return har.written((run.exchanges[number] for number in sorted(run.exchanges)), version=version("matteproof"))


def _is_written(what: str, file: Path, pieces: Iterable[str]) -> bool:
    """Write *pieces* into *file*, and tell whether that worked; if not, the user is told why."""
    try:
        with file.open("w", encoding="utf-8") as stream:
            stream.writelines(pieces)
    except OSError as error:
        click.echo(f"Error: The {what} {file} cannot be written: {error.strerror}.", err=True)
        return False
    return True


def write(run: Run, kit: Kit, reports: Sequence[tuple[str, Path]]) -> bool:
    """Write *run* in the forms and to the files of *reports*, and tell whether all of them could be written."""
    from contracts.report import as_json, html, junit, markdown  # noqa: PLC0415  only needed at the end

    own = version("matteproof")
    writers: dict[str, Callable[[], str]] = {
        "json": lambda: as_json(run, own),
        "junit": lambda: junit(run),
        "html": lambda: html(run, _pictures(run, kit), own),
        "markdown": lambda: markdown(run),
    }
    done = [_is_written("report", file, [writers[form]()]) for form, file in reports]
    return all(done)
