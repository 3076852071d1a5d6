"""Mutants that stream in a wrong way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.mutants.changes import with_body
from tests.mutants.mutant import Mutant
from tests.mutants.xty.answers import completion, error, holds, instead, when

if TYPE_CHECKING:
    from contracts.model import Response
    from tests.mutants.xty.answers import Answer

_STREAM = holds('"stream": true')


def _replaced(before: bytes, after: bytes, count: int = 0) -> Answer:
    """Return the mock's streams with the pattern *before* replaced."""

    def changed(response: Response) -> Response:
        return with_body(response, re.sub(before, after, response.body, count=count))

    return when(_STREAM, changed)


MUTANTS = (
    Mutant("xty.server.stream.events", "in one piece", instead(_STREAM, completion())),
    Mutant("xty.server.stream.events", "refused", instead(_STREAM, error(400))),
    Mutant("xty.server.stream.events", "without an end", _replaced(rb"data: \[DONE\]\n\n", b"")),
    Mutant("xty.server.stream.events", "completions", _replaced(rb"chat\.completion\.chunk", b"chat.completion")),
    Mutant("xty.server.stream.events", "no JSON", _replaced(rb"data: \{", b"data: ")),
    Mutant("xty.server.stream.content", "ids of their own", _replaced(rb'"id":"xty-', b'"id":"xty-1', count=1)),
    Mutant("xty.server.stream.content", "Markdown", _replaced(rb'"content":"', b'"content":"image: ')),
    Mutant("xty.server.stream.usage", "not told", _replaced(rb'data: [^\n]*"choices":\[\][^\n]*\n\n', b"")),
    Mutant("xty.server.stream.usage", "not mentioned before", _replaced(rb'"usage":null,', b"")),
)
