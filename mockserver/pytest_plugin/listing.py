"""``--matteproof-list``: the rules that would be items."""

from __future__ import annotations

import pytest
from rich.console import Console
from rich.table import Table

from contracts.providers import discover
from contracts.suggestion import did_you_mean
from mockserver.pytest_plugin.rules import rules_of

_PIPED_WIDTH = 200
"""Columns where the output goes to a file or another program, so that no id is cut."""


def print_rules(config: pytest.Config) -> None:
    """Print the rules of the providers that ``--matteproof-url`` names in *config*, or of all."""
    asked = {text.partition("=")[0] for text in config.getoption("matteproof_url")}
    if unknown := sorted(asked - discover().keys()):
        hint = did_you_mean(unknown[0], discover())
        raise pytest.UsageError(f"There is no provider {unknown[0]!r}.{hint} There are {', '.join(discover())}.")
    chosen = [provider for name, provider in discover().items() if name in asked or not asked]
    table = Table("item", "level", "assurance", "text", row_styles=["", "dim"])
    for rule in (rule for provider in chosen for rule in rules_of(provider)):
        table.add_row(f"matteproof::{rule.id}", rule.level, rule.assurance, rule.text)
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PIPED_WIDTH)
    console.print(table)
    example = f"pytest --matteproof-url {chosen[0].name}=http://localhost:9000 -m must -k auth"
    console.print(f"{table.row_count} rules. -k and -m choose among them: {example}", highlight=False)
