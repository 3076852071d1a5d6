"""``matteproof rules``: three forms of the same table."""

from __future__ import annotations

import json

from command import run

FIELDS = {
    "id",
    "provider",
    "subject",
    "level",
    "assurance",
    "text",
    "source",
    "observable",
    "checks",
    "mutants",
}


def test_json_has_the_fixed_fields() -> None:
    """Every rule has every field, and nothing else."""
    rules = json.loads(run("rules", "--format", "json").stdout)
    assert all(rule.keys() == FIELDS for rule in rules)
    assert {rule["provider"] for rule in rules} == {"pixian", "xty"}


def test_a_provider_can_be_chosen() -> None:
    """Only the rules of the named provider are printed."""
    rules = json.loads(run("rules", "xty", "--format", "json").stdout)
    assert {rule["provider"] for rule in rules} == {"xty"}


def test_markdown_is_one_row_a_rule() -> None:
    """The table has a head, a ruler and as many rows as there are rules, each with six cells."""
    rules = json.loads(run("rules", "--format", "json").stdout)
    lines = run("rules", "--format", "markdown").stdout.splitlines()
    assert len(lines) == len(rules) + 2
    assert all(line.replace("\\|", "").count("|") == 7 for line in lines)


def test_the_table_names_every_rule() -> None:
    """The form for people has every id, in full, and the number of rules."""
    rules = json.loads(run("rules", "pixian", "--format", "json").stdout)
    printed = run("rules", "pixian", env={"COLUMNS": "200"}).stdout
    assert all(rule["id"] in printed for rule in rules)
    assert f"{len(rules)} rules" in printed


def test_an_unknown_provider_is_refused_with_those_there_are() -> None:
    """The error lists the installed providers."""
    done = run("rules", "pixi")
    assert done.returncode == 2
    assert "Did you mean 'pixian'?" in done.stderr
    assert "pixian, xty" in done.stderr
