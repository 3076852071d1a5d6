"""The documents that rules and errors rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.sources import Document, load_documents
from tests.contracts.folders import each_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.contracts.folders import Folder

LIST = """# Sources

| key | document |
|---|---|
| `no` | what stands before the documents |

## Documents

| key | document | date | what it gives |
|---|---|---|---|
| `page` | The page "Cut", in French, <https://example.com/cut> | 2025 | everything |
| `rfc1` | RFC 1, Hosts, https://example.com/rfc1 | | names |
| `own` | our choices | undated | the rest |

## Choices

| key | document |
|---|---|
| `no` | what stands behind them |
"""


def test_documents_are_read(tmp_path: Path) -> None:
    """Each with its address, which is no part of its title."""
    (tmp_path / "SOURCES.md").write_text(LIST, encoding="utf-8")
    assert load_documents(tmp_path) == (
        Document("page", 'The page "Cut", in French', "https://example.com/cut", "2025", "everything"),
        Document("rfc1", "RFC 1, Hosts", "https://example.com/rfc1", "", "names"),
        Document("own", "our choices", "", "undated", "the rest"),
    )


def test_a_provider_may_have_no_list(tmp_path: Path) -> None:
    """Then nothing is known of its documents."""
    assert load_documents(tmp_path) == ()


def test_other_columns_do_no_harm(tmp_path: Path) -> None:
    """Whoever writes a provider of their own may leave columns out, and cells."""
    text = "## Documents\n\n| key | document | by whom |\n|---|---|---|\n| `page` | A page |\n"
    (tmp_path / "SOURCES.md").write_text(text, encoding="utf-8")
    assert load_documents(tmp_path) == (Document("page", "A page", "", "", ""),)


@pytest.mark.parametrize(
    ("table", "titles"),
    [
        ("| key | document |\n|---|---|\n| `page` | A page |", ["A page"]),
        ("| key | title |\n|---|---|\n| `page` | A page |\n", [""]),
        ("| key | document |\n", []),
    ],
    ids=["no line end", "no such column", "a head alone"],
)
def test_tables_may_be_odd(tmp_path: Path, table: str, titles: list[str]) -> None:
    """Nothing is lost, and nothing fails."""
    (tmp_path / "SOURCES.md").write_text(f"## Documents\n\n{table}", encoding="utf-8")
    assert [one.title for one in load_documents(tmp_path)] == titles


@each_folder
def test_every_rule_leads_to_a_document(folder: Folder) -> None:
    """All documents of the shipped providers have titles, and standards and pages have addresses."""
    documents = {one.key: one for one in load_documents(folder.path)}
    assert {one["source"]["document"] for one in (*folder.rules, *folder.errors)} <= set(documents)
    assert all(one.title and one.gives for one in documents.values())
    assert all(one.url.startswith("https://") for one in documents.values() if one.title.startswith("RFC "))
