"""Programs that are careful, or have one bug, as their options say."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

import any_bugs
from careful import Careful
from job import Job, run

if TYPE_CHECKING:
    from types import ModuleType


def main(description: str, careful: type[Careful], own: ModuleType) -> None:
    """Do the job of the environment as *careful* does, but for the bug, its *own* or anyone's, that is asked for."""
    bugs = _bugs(careful, own)
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--bug", choices=bugs, metavar="NAME", help="the bug to have")
    parser.add_argument("--list", action="store_true", help="print the names of the bugs")
    asked = parser.parse_args()
    if asked.list:
        print("\n".join(bugs))
        return
    client = _with(bugs[asked.bug], careful) if asked.bug else careful

    def work(job: Job) -> None:
        client(job).work()

    run(work)


def _bugs(careful: type[Careful], own: ModuleType) -> dict[str, type[Careful]]:
    """Return the bugs by their names; those of this provider's clients before those of any."""
    known = {**vars(any_bugs), **vars(own)}
    return {
        re.sub(r"(?<=.)(?=[A-Z])", "-", name).lower(): one
        for name, one in known.items()
        if isinstance(one, type) and issubclass(one, Careful) and one not in (Careful, careful) and name[0] != "_"
    }


def _with(bug: type[Careful], careful: type[Careful]) -> type[Careful]:
    """Return the *careful* client, one step of it replaced by the *bug*."""
    return bug if issubclass(bug, careful) else type(bug.__name__, (bug, careful), {})
