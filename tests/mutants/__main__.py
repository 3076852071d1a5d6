"""Print which mutants are killed, and for what else they are blamed: ``python -m tests.mutants [--stock|--list] [X]``.

With ``--stock`` they are shown to stock Schemathesis as well, all its checks switched on, at some seconds a mutant.
What that finds on the mock itself, which conforms, does not count as a kill. X, a text, selects mutants by their names.
``--list`` tries none, and writes the list of them that travels with the package.
"""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING

import yaml
from rich.console import Console
from rich.progress import track
from rich.table import Table

from contracts.judge import Verdict
from contracts.providers import discover
from mockserver.mock import Mock
from tests.mutants import pixian, xty
from tests.mutants.listing import SERVERS, listing
from tests.mutants.server import serving
from tests.mutants.trial import sentence
from tests.schemathesis.engine import examine
from tests.schemathesis.terms import CREDENTIALS

if TYPE_CHECKING:
    from tests.mutants.mutant import Mutant
    from tests.mutants.trial import Sentence

_CAPTION = "observed: noticed, and the rule's assurance is too weak to fail. Other rules: those that fail beside it."
_EXAMPLES = 5
"""Requests an operation that Schemathesis generates, besides those of its other phases."""


def main() -> None:
    """Try all mutants, or those that were asked for, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stock", action="store_true", help="try stock Schemathesis on every mutant as well")
    parser.add_argument("--list", action="store_true", help="write the list of mutants into the providers' folders")
    parser.add_argument("text", nargs="?", default="", help="only mutants whose names contain this")
    asked = parser.parse_args()
    if asked.list:
        _write_lists()
        return
    console = Console()
    mutants = [mutant for mutant in (*pixian.MUTANTS, *xty.MUTANTS) if asked.text in str(mutant)]
    with Mock(fetch="loopback") as mock:
        own = {str(mutant): sentence(mutant, mock.url) for mutant in track(mutants, "our checks")}
        stock = _stock(mutants, mock.url) if asked.stock else {}
    table = Table("mutant", "our checks", "other rules blamed", "stock Schemathesis", caption=_CAPTION)
    for name, one in own.items():
        others = "\n".join(rule.split(".", 2)[2] for rule in one.others)
        table.add_row(name, _verdict(one), others, _word(killed=stock[name]) if name in stock else "")
    console.print(table)
    alone = sum(not one.others for one in own.values())
    console.print(f"{alone} of {len(own)} mutants are blamed for nothing but the rule that they break")
    killed = {name: one.is_killed for name, one in own.items()}
    for title, results in (("our checks", killed), ("stock Schemathesis", stock)):
        if results:
            counts = Counter(results.values())
            console.print(f"{title}: {counts[True]} of {len(results)} killed, {counts[False]} survived")


def _write_lists() -> None:
    """Write the names of all mutants, by rule, where ``matteproof rules`` finds them."""
    for name in SERVERS:
        text = "# Servers and clients that break rules; the tests prove that the checks notice them.\n"
        text += yaml.safe_dump(listing(name), allow_unicode=True, width=120)
        (discover()[name].folder / "mutants.yaml").write_text(text, encoding="utf-8")


def _stock(mutants: list[Mutant], mock: str) -> dict[str, bool]:
    """Return which of *mutants* stock Schemathesis finds something at that it does not find at the mock."""
    known: dict[str, set[tuple[str, str, str]]] = {}
    killed = {}
    for mutant in track(mutants, "stock Schemathesis"):
        provider = mutant.rule.split(".", maxsplit=1)[0]
        if provider not in known:
            known[provider] = _findings(None, provider, mock)
        killed[str(mutant)] = bool(_findings(mutant, provider, mock) - known[provider])
    return killed


def _findings(mutant: Mutant | None, provider: str, mock: str) -> set[tuple[str, str, str]]:
    """Return what stock Schemathesis objects to: check, kind of failure, operation."""
    with serving(mutant, mock) as origin:
        found = examine(discover()[provider], origin, credentials=CREDENTIALS[provider], examples=_EXAMPLES)
    return {(finding.check, finding.title, finding.operation) for finding in found.findings}


def _verdict(one: Sentence) -> str:
    """Return what became of a mutant, in a word."""
    return "observed" if one.verdict is Verdict.OBSERVED else _word(killed=one.is_killed)


def _word(*, killed: bool) -> str:
    return "killed" if killed else "[red]survived[/]"


if __name__ == "__main__":
    main()
