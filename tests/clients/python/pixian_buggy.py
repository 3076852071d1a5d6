"""Cuts pictures out with Pixian: carefully, or with ``--bug NAME`` with one bug.

``--list`` prints the names of the bugs.
"""

from __future__ import annotations

import argparse
import re

import any_bugs
import pixian_bugs
from careful import Careful
from job import Job, run
from pixian_careful import Pixian


def bugs() -> dict[str, type[Careful]]:
    """Return the bugs by their names; those of this provider's clients before those of any."""
    known = {**vars(any_bugs), **vars(pixian_bugs)}
    return {
        re.sub(r"(?<=.)(?=[A-Z])", "-", name).lower(): one
        for name, one in known.items()
        if isinstance(one, type) and issubclass(one, Careful) and one not in (Careful, Pixian) and name[0] != "_"
    }


def client(bug: str | None) -> type[Careful]:
    """Return the careful client, one step of it replaced by the *bug*."""
    if bug is None:
        return Pixian
    chosen = bugs()[bug]
    return chosen if issubclass(chosen, Pixian) else type(chosen.__name__, (chosen, Pixian), {})


def main() -> None:
    """Do the job of the environment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bug", choices=bugs(), metavar="NAME", help="the bug to have")
    parser.add_argument("--list", action="store_true", help="print the names of the bugs")
    asked = parser.parse_args()
    if asked.list:
        print("\n".join(bugs()))
        return

    def work(job: Job) -> None:
        client(asked.bug)(job).work()

    run(work)


if __name__ == "__main__":
    main()
