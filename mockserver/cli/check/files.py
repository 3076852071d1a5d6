"""Files that are written at the end of a run, looked at before its beginning."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def need_writable(files: Sequence[Path]) -> None:
    """Make sure that every one of *files* can be written, and none is named twice.

    Raises:
        click.UsageError: one cannot, or is; nothing has changed.
    """
    seen: set[Path] = set()
    for file in files:
        place = file.resolve()
        if place in seen and (file.is_file() or not file.exists()):
            raise click.UsageError(f"The file {file} is named twice; give each report and recording one of its own.")
        seen.add(place)
        try:
            _try(file)
        except OSError as error:
            raise click.UsageError(f"The file {file} cannot be written: {error.strerror}.") from error


def _try(file: Path) -> None:
    """Open *file* for writing, and leave it as it was."""
    if file.exists() and not file.is_file() and not file.is_dir():  # to open a pipe is to wait for who reads it
        if not os.access(file, os.W_OK):
            raise PermissionError(None, "Permission denied")
        return
    existed = file.exists()
    with file.open("ab"):
        pass
    if not existed:
        file.unlink()
