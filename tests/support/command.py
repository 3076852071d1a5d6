"""Running the command ``matteproof`` in a process of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_COMMAND = (sys.executable, "-m", "mockserver")


def needs(tool: str) -> pytest.MarkDecorator:
    """Return a mark that skips a test, by the tool's name, on a machine that lacks the program *tool*."""
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"needs the program {tool}")


def run(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command to its end and return what it printed; *env* is added to the environment."""
    return subprocess.run(
        [*_COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **(env or {})},
    )


@contextmanager
def serving(*arguments: str, env: Mapping[str, str] | None = None, errors: IO[str] | None = None) -> Iterator[str]:
    """Run ``matteproof serve`` on a free port, yield its origin, and stop it as Ctrl+C does."""
    with process_serving(*arguments, env=env, errors=errors) as (origin, _):
        yield origin


@contextmanager
def process_serving(
    *arguments: str, env: Mapping[str, str] | None = None, errors: IO[str] | None = None
) -> Iterator[tuple[str, int]]:
    """Do as :func:`serving`, and yield the number of the server's process besides its origin."""
    process = subprocess.Popen(
        [*_COMMAND, "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        env={**os.environ, **(env or {})},
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        match = re.search(r"https?://\S+", line)
        assert match, f"the first line names no URL: {line!r}"
        yield match[0], process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert process.returncode == 0, f"the server ended with status {process.returncode}"
