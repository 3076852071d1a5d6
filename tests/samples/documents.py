"""The code samples of the providers' documents, cut out of the documents as they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "documents"

_PIXIAN = {
    "curl": "$ curl ",
    "java": "// Requires: org.apache.httpcomponents",
    "dotnet": "using (var client",
    "node-request": '// Requires "request"',
    "php": "$ch = curl_init(",
    "python-requests": '# Requires "requests"',
    "ruby": "# Requires: gem install httpclient",
}
"""How the sample of each language begins. Each begins twice: the samples that send a file come first."""

_XTY = {
    "curl": "curl https://",
    "python-requests": "import requests",
    "python-openai": "from openai import",
    "node-fetch": "fetch('https://",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One program of a document. ``form`` is how it sends the picture: ``file`` or ``url``."""

    language: str
    form: str
    program: str

    def __str__(self) -> str:
        """Return language and form, for the test's name."""
        return f"{self.language}-{self.form}"


def pixian_samples() -> list[Sample]:
    """Return the samples of Pixian's document: seven languages, first with a file, then with a URL."""
    programs = _cut("pixian-v2.it.txt", r"\$ curl ", r"\n\nStai effettuando", _PIXIAN)
    half = len(programs) // 2
    return [
        Sample(language, "file" if place < half else "url", program)
        for place, (language, program) in enumerate(programs)
    ]


def xty_samples() -> list[Sample]:
    """Return the samples of XTY's document, which stand without so much as a new line between them."""
    programs = _cut("xty-remove-bg.zh.txt", r"curl https://", r"📤", _XTY)
    return [Sample(language, "url", program) for language, program in programs]


def _cut(document: str, first: str, after: str, beginnings: dict[str, str]) -> list[tuple[str, str]]:
    """Return language and text of every sample in *document*, from *first* to just before *after*."""
    found = re.search(f"{first}.*?(?={after})", (_FOLDER / document).read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"{document} has no samples"
    seams = "|".join(re.escape(beginning) for beginning in beginnings.values())
    return [(_language(text, beginnings), text) for text in re.split(f"(?={seams})", found[0]) if text]


def _language(text: str, beginnings: dict[str, str]) -> str:
    return next(language for language, beginning in beginnings.items() if text.startswith(beginning))
