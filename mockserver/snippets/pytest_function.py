"""A test for pytest, with the fixture of the request's provider."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mockserver.snippets.model import Basic, Bearer, all_fields, remarks
from mockserver.snippets.python import imports, literal, request_call

if TYPE_CHECKING:
    from mockserver.snippets.model import Sketch

_ODD = re.compile(r"[^a-z0-9]+")


def write(sketch: Sketch) -> str:
    """Return the test that sends *sketch*, to a mock of its own."""
    mock = f"{sketch.provider}_mock"
    user, fields = None, [(name, literal(value)) for name, value in all_fields(sketch, sketch.body)]
    if isinstance(sketch.auth, Basic):
        user = f"{mock}.credentials"
    if isinstance(sketch.auth, Bearer):
        fields = [("Authorization", f'f"Bearer {{{mock}.credentials}}"'), *fields]
    url = f"{mock}.url + {literal(sketch.target)}"
    call = request_call(sketch, url, user, fields, lambda file: f"Path(__file__).with_name({literal(file.name)})")
    lines = [
        f"response = {call}",
        'assert 200 <= response.status_code < 300, f"{response.status_code}: {response.text}"',
        *_expected(sketch.answer),
        f"{mock}.assert_conforms()",
    ]
    body = "".join(f"    {line}\n" for line in "\n".join(lines).split("\n"))
    head = "".join(f"# {remark}\n" for remark in remarks(sketch.body))
    return f"{imports(body)}\n{head}def {_name(sketch)}({mock}):\n{body}"


def _expected(answer: str) -> list[str]:
    """Return what more can be said of an answer with the media type *answer*."""
    if answer.startswith("image/"):
        return ['assert response.headers["Content-Type"].startswith("image/")', "assert response.content"]
    return ["assert response.json()"] if answer == "application/json" else []


def _name(sketch: Sketch) -> str:
    path = sketch.target.partition("?")[0].rstrip("/")
    return f"test_{_ODD.sub('_', path.rpartition('/')[2].lower()[:60]).strip('_') or 'request'}"
