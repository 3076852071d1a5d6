"""``--matteproof-list``: the rules that would be items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console
from rich.table import Table

from contracts.conformance.target import without_user
from contracts.providers import discover
from contracts.suggestion import did_you_mean
from mockserver.pytest_plugin.items import RuleItem, Server, register_marks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contracts.model import Provider

_PIPED_WIDTH = 200
"""Columns where the output goes to a file or another program, so that no id is cut."""


def print_rules(config: pytest.Config) -> None:
    """Print the rules of the providers that ``--matteproof-url`` names in *config*, or of all, that -k and -m leave."""
    known = discover()
    asked = {text.partition("=")[0] for text in config.getoption("matteproof_url")}
    if unknown := sorted(asked - known.keys()):
        hint = did_you_mean(unknown[0], known)
        raise pytest.UsageError(
            f"There is no provider {without_user(unknown[0])!r}.{hint} There are {', '.join(known)}."
        )
    chosen = [provider for name, provider in known.items() if name in asked or not asked]
    table = Table("item", "level", "assurance", "text", row_styles=["", "dim"])
    for rule in (item.rule for item in _items(config, chosen) if isinstance(item, RuleItem)):
        table.add_row(f"matteproof::{rule.id}", rule.level, rule.assurance, rule.text)
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PIPED_WIDTH)
    console.print(table)
    example = f"pytest --matteproof-url {chosen[0].name}=http://localhost:9000 -m must -k auth"
    console.print(f"{table.row_count} rules. -k and -m choose among them: {example}", highlight=False)


def _items(config: pytest.Config, providers: Iterable[Provider]) -> list[pytest.Item]:
    """Return the items that would be collected, without those that pytest itself deselects."""
    register_marks(config)
    session = pytest.Session.from_config(config)
    items = [item for provider in providers for item in Server.of(session, provider).collect()]
    mark: Any = config.pluginmanager.get_plugin("mark")  # its hook alone: others may want a session that has begun
    if mark is not None:
        mark.pytest_collection_modifyitems(items=items, config=config)
    return items
