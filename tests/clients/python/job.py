"""The job of one run, as the environment tells it, and how a run ends."""

from __future__ import annotations

import json
import os
import ssl
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_UNABLE = 77
_MOST_THREADS = 5
"""With more a batch should not start."""


class Failure(Exception):  # noqa: N818  it is the end of a job
    """The job failed; the text says why."""


class Unable(Exception):  # noqa: N818  likewise
    """This program does not do jobs of this kind; the text says of which."""


@dataclass(frozen=True, slots=True)
class Job:
    """Pictures to cut out: ``inputs`` are paths or URLs, ``outputs`` the paths of their results."""

    base_url: str
    credentials: tuple[str, str]
    key: str
    inputs: tuple[str, ...]
    outputs: tuple[Path, ...]
    parameters: dict[str, object]
    threads: int
    ca_file: str | None

    @property
    def pairs(self) -> list[tuple[str, Path]]:
        """Every input with its output."""
        return list(zip(self.inputs, self.outputs, strict=True))

    @property
    def only_pair(self) -> tuple[str, Path]:
        """The input and its output, for programs that do one at a time.

        Raises:
            Unable: there are several.
        """
        if len(self.inputs) != 1:
            raise Unable("several pictures")
        return self.pairs[0]

    @property
    def tls(self) -> ssl.SSLContext:
        """What certificates are checked with."""
        return ssl.create_default_context(cafile=self.ca_file)


def is_url(source: str) -> bool:
    """Return whether the input *source* is a URL and no path."""
    return source.startswith(("http://", "https://"))


def run(work: Callable[[Job], None]) -> None:
    """Do *work* on the job of the environment; end with status 0, 77 (no such jobs), or 1 and the reason."""
    try:
        work(_job())
    except Unable as error:
        print(f"cannot do: {error}", file=sys.stderr)
        sys.exit(_UNABLE)
    except Failure as error:
        sys.exit(str(error))


def _job() -> Job:
    given = os.environ
    return Job(
        base_url=given["MATTEPROOF_BASE_URL"],
        credentials=(given.get("MATTEPROOF_API_ID", ""), given.get("MATTEPROOF_API_SECRET", "")),
        key=given.get("MATTEPROOF_API_KEY", ""),
        inputs=tuple(given["MATTEPROOF_INPUT"].split("\n")),
        outputs=tuple(Path(path) for path in given["MATTEPROOF_OUTPUT"].split("\n")),
        parameters=json.loads(given.get("MATTEPROOF_PARAMETERS") or "{}"),
        threads=min(int(given.get("MATTEPROOF_THREADS") or 1), _MOST_THREADS),
        ca_file=given.get("MATTEPROOF_CA_FILE") or None,
    )
