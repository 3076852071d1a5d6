"""``matteproof rules``: what the providers' documents demand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from contracts.model import Subject
from contracts.providers import checks_of, discover
from contracts.rules import load_mutants, load_rules, told
from mockserver.cli.choices import ProviderName, installed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from contracts.model import Provider, Rule


@click.command("rules")
@click.argument("provider", type=ProviderName(), required=False)
@click.option("--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table", show_default=True)
def command(provider: Provider | None, form: str) -> None:
    """Print every rule of PROVIDER, or of all providers, with its source and how surely it is known.

    \b
    matteproof rules pixian
    matteproof rules --format json | jq '.[] | select(.assurance == "seed") | .id'
    """  # noqa: D301  click reads \b as "leave these lines as they are"
    providers = [provider] if provider else installed()
    found = [rule for one in providers for rule in load_rules(one.folder, one.name)]
    writers: dict[str, Callable[[Sequence[Rule]], None]] = {
        "table": _print_table,
        "json": _print_json,
        "markdown": _print_markdown,
    }
    writers[form](found)


_PIPED_WIDTH = 240
"""Columns where the output goes to a file or another program, so that no id is cut."""


def _print_table(rules: Sequence[Rule]) -> None:
    from rich.console import Console  # noqa: PLC0415  only this form needs it
    from rich.table import Table  # noqa: PLC0415  likewise

    table = Table("id", "subject", "level", "assurance", "text", "source", row_styles=["", "dim"])
    for rule in rules:
        table.add_row(rule.id, rule.subject, rule.level, rule.assurance, _text(rule), str(rule.source))
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PIPED_WIDTH)
    console.print(table)
    console.print(f"{len(rules)} rules")


def _text(rule: Rule) -> str:
    """Return the rule's text, and why nobody can see from outside whether it is kept, if so."""
    return rule.text if rule.observable else f"{rule.text} (Not observable: {rule.unobservable})"


def _print_json(rules: Sequence[Rule]) -> None:
    proofs = {name: _Proofs(provider) for name, provider in discover().items()}
    entries = [_entry(rule, proofs[rule.provider]) for rule in rules]
    click.echo(json.dumps(entries, indent=2, ensure_ascii=False))


class _Proofs:
    """What proves the rules of one provider."""

    def __init__(self, provider: Provider) -> None:
        self._checks = {subject: checks_of(provider, subject) for subject in Subject}
        self._mutants = load_mutants(provider.folder)

    def checks(self, rule: Rule) -> list[str]:
        checks = self._checks[rule.subject]
        return list(checks.names(rule.id)) if checks else []

    def mutants(self, rule: Rule) -> list[str]:
        return list(self._mutants.get(rule.id, ()))


def _entry(rule: Rule, proofs: _Proofs) -> dict[str, object]:
    return {
        **told(rule),
        "checks": proofs.checks(rule),
        "mutants": proofs.mutants(rule),
    }


def _print_markdown(rules: Sequence[Rule]) -> None:
    click.echo("| id | subject | level | assurance | text | source |")
    click.echo("| --- | --- | --- | --- | --- | --- |")
    for rule in rules:
        cells = (rule.id, rule.subject, rule.level, rule.assurance, _text(rule), str(rule.source))
        click.echo("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
