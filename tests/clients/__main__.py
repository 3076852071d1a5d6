"""Put all clients to the test: ``python -m tests.clients [--good | --bugs] [TEXT]``.

Good clients, in every language, are to conform; buggy ones are to be caught in every rule that they break. TEXT selects
clients by their names. The status is 1 if one is not as it should be.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track
from rich.table import Table

from contracts.clock import stopwatch
from contracts.judge import Verdict
from tests.clients.bugs import bugs
from tests.clients.programs import PROGRAMS
from tests.clients.trial import catch, played

if TYPE_CHECKING:
    from contracts.conformance.run import Run
    from tests.clients.bugs import Bug
    from tests.clients.programs import Program

_EXAMPLES = 12


def main() -> None:
    """Test the clients that were asked for, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--good", action="store_true", help="only the good ones")
    parser.add_argument("--bugs", action="store_true", help="only the buggy ones")
    parser.add_argument("text", nargs="?", default="", help="only clients whose names contain this")
    asked = parser.parse_args()
    console = Console(width=160)
    wrong = 0
    if not asked.bugs:
        wrong += _good(console, [one for one in PROGRAMS if asked.text in str(one)])
    if not asked.good:
        wrong += _buggy(console, [one for one in bugs() if asked.text in f"{one.provider}-{one.name}"])
    sys.exit(bool(wrong))


def _good(console: Console, programs: list[Program]) -> int:
    """Print how *programs* do; return how many do not conform."""
    table = Table("client", "verdict", "pass", "fail", "observed", "not exercised", "requests", "seconds", "speed")
    wrong = 0
    for program in track(programs, "good clients", console=console):
        run = played(program.provider, program.command, examples=_EXAMPLES, threads=program.several)
        wrong += run.conclusion != "conforms"
        counts = (str(run.count(verdict)) for verdict in Verdict)
        table.add_row(str(program), _said(run), *counts, str(run.requests), f"{run.seconds:.0f}", f"{run.speed:.0f}")
    console.print(table)
    console.print(f"{len(programs) - wrong} of {len(programs)} good clients conform")
    return wrong


def _said(run: Run) -> str:
    broken = [one.rule.id for one in run.judgements if one.is_breach]
    return " ".join([run.conclusion, run.doubt, *broken]).strip()


def _buggy(console: Console, found: list[Bug]) -> int:
    """Print which of the bugs *found* are caught; return how many are not."""
    table = Table("bug", "caught", "survived", "seconds")
    survived = 0
    for bug in track(found, "buggy clients", console=console):
        began = stopwatch()
        outcome = catch(bug)
        survived += bool(outcome.missed)
        seconds = f"{stopwatch() - began:.1f}"
        table.add_row(f"{bug.provider} {bug.name}", "\n".join(outcome.caught), "\n".join(outcome.missed), seconds)
        # All of them take half an hour: whoever breaks off has seen what came until then.
        console.print(f"{bug.provider} {bug.name}: {'missed' if outcome.missed else 'caught'}, {seconds} s")
    console.print(table)
    console.print(f"{len(found) - survived} of {len(found)} bugs are caught in all their rules")
    return survived


if __name__ == "__main__":
    main()
