"""Measures the mock and prints a table: ``python tests/benchmarks [ROW ...]`` with the extra ``bench`` installed.

Everything is compared with something measured side by side in the same run; absolute figures are those of one machine.
"""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

from rows import ROWS


def main(chosen: list[str]) -> None:
    """Measure the rows whose names begin with one of *chosen*, or all, and print them as they come."""
    console = Console(width=150)
    if unknown := [name for name in chosen if not any(row.startswith(name) for row in ROWS)]:
        console.print(f"No row begins with {unknown[0]!r}; there are {', '.join(ROWS)}.")
        sys.exit(2)
    table = Table("measure", "value", "beside", "ratio", "goal", "met")
    for name, measure in ROWS.items():
        if chosen and not name.startswith(tuple(chosen)):
            continue
        console.print(f"measuring {name} …", style="dim")
        for row in measure():
            met = "yes" if row.met else "NO"
            table.add_row(row.name, row.value, row.beside, row.ratio, row.goal, met)
    console.print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
