"""Permission to spend credits."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from contracts.conformance.access import AccessError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def as_usage() -> Iterator[None]:
    """Make a way to ask that is not allowed a wrong usage of the command."""
    try:
        yield
    except AccessError as error:
        raise click.UsageError(str(error)) from error


def confirm(text: str, *, yes: bool) -> None:
    """Ask whether to go on, unless *yes* has said so.

    Raises:
        click.UsageError: nobody is there to answer.
        click.Abort: the answer is no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(f"{text} Nobody can answer here; add --yes if that is meant.")
    click.confirm(f"{text} Go on?", abort=True, err=True)
