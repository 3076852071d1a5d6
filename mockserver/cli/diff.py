"""``matteproof diff``: what has changed between two recordings of the same server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mockserver.cli.check.capture import read
from mockserver.cli.choices import installed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from contracts.drift import Difference
    from contracts.model import Request

_MOST = 5
"""Differences of one kind that are told one by one."""
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("diff")
@click.argument("old", type=_FILE, metavar="OLD.har")
@click.argument("new", type=_FILE, metavar="NEW.har")
@click.pass_context
def command(ctx: click.Context, old: Path, new: Path) -> None:
    """Compare two recordings of the same server: new statuses, headers, fields, error codes, changed values.

    Values are compared between identical requests, so record both with the same seed. What differs from
    answer to answer, such as dates and ids, does not count. Exit status: 0 nothing has changed, 1 something has.

    \b
    matteproof check server pixian --url https://api.pixian.ai --record monday.har
    matteproof diff monday.har friday.har
    """  # noqa: D301  click reads \b as "leave these lines as they are"
    from contracts.drift import compare, portray  # noqa: PLC0415  numpy takes a while to load

    name = _namer()
    differences = compare(portray(read(old), name), portray(read(new), name))
    for line in told(differences):
        click.echo(line)
    click.echo(f"{len(differences)} differences" if differences else "no differences")
    ctx.exit(1 if differences else 0)


def told(differences: Iterable[Difference]) -> Iterator[str]:
    """Yield lines on *differences*, those of one kind together, the first of them in full."""
    kinds: dict[tuple[str, str], list[Difference]] = {}
    for difference in differences:
        kinds.setdefault((difference.operation, difference.what), []).append(difference)
    for (operation, what), some in kinds.items():
        if len(some) == 1:
            yield str(some[0])
            continue
        yield f"{operation}: {what}, {len(some)} differences"
        yield from (f"  {str(one).removeprefix(f'{operation}: ')}" for one in some[:_MOST])
        if len(some) > _MOST:
            yield f"  ... and {len(some) - _MOST} more"


def _namer() -> Callable[[Request], str]:
    """Return what names the operation of a request: method and path, placeholders unfilled."""
    from contracts.openapi import OpenApi  # noqa: PLC0415  not needed for a wrong file

    patterns = [
        (operation.method, re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(operation.path))), operation.path)
        for provider in installed()
        for operation in OpenApi(provider.folder, provider.name).operations
    ]

    def name(request: Request) -> str:
        for method, pattern, path in patterns:
            if request.method == method and pattern.fullmatch(request.path):
                return f"{method} {path}"
        return f"{request.method} {request.path}"

    return name
