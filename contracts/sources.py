"""The documents that a provider's rules and errors rest on, as ``SOURCES.md`` in its folder lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FILE = "SOURCES.md"
_TABLE = re.compile(r"^## Documents\n+((?:\|.*(?:\n|\Z))+)", re.MULTILINE)
_COLUMNS = ("key", "document", "date", "what it gives")
_URL = re.compile(r",?\s*<?(https?://[^\s<>]+)>?")


@dataclass(frozen=True, slots=True)
class Document:
    """One document: ``key`` is what rules call it, ``title`` what people do.

    ``url`` and ``date`` tell where it is and of when, and ``gives`` what is known from it; each may be empty.
    """

    key: str
    title: str
    url: str
    date: str
    gives: str


@cache
def load_documents(folder: Path) -> tuple[Document, ...]:
    """Return the documents of the provider in *folder*, in the order of the file; none where there is no such file."""
    path = folder / FILE
    table = _TABLE.search(path.read_text(encoding="utf-8")) if path.exists() else None
    return tuple(_documents(table[1].splitlines())) if table else ()


def _documents(lines: Sequence[str]) -> Iterator[Document]:
    """Yield the documents in the *lines* of a table; a cell that is not there is empty."""
    names, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    for row in rows[1:]:
        cells = dict.fromkeys(_COLUMNS, "") | dict(zip(names, row, strict=False))
        url = _URL.search(cells["document"])
        yield Document(
            key=cells["key"].strip("`"),
            title=_URL.sub("", cells["document"]).strip(),
            url=url[1] if url else "",
            date=cells["date"],
            gives=cells["what it gives"],
        )
