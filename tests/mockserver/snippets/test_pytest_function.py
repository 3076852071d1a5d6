"""The test that is copied passes in a project that has the files beside it."""

from __future__ import annotations

import ast

import pytest

from contracts.model import Headers, Request
from mockserver.snippets import pytest_function, sketch_of
from mockserver.snippets.model import files_of
from tests.mockserver.snippets.requests_sent import REQUESTS

INI = """
[pytest]
addopts = -p no:randomly -p no:cacheprovider --strict-markers
asyncio_default_fixture_loop_scope = function
"""
GOOD = {
    "upload": ("pixian", "image/png"),
    "data URL": ("xty", "application/json"),
    "chat": ("xty", ""),
    "account": ("pixian", "application/json"),
}
"""Requests that are answered well and keep the rules, with whom they are for and what type the answer has, if known."""


def as_shown(sent: Request) -> Request:
    """Return *sent* as the journal keeps it."""
    scheme = (sent.headers.get("Authorization") or "").partition(" ")[0]
    shown = {"Basic": "Basic me:[redacted]", "Bearer": "Bearer sk-me-12345678 [redacted]"}[scheme]
    fields = [(name, shown if name == "Authorization" else value) for name, value in sent.headers]
    return Request(sent.method, sent.path, sent.query, Headers.of(fields), sent.body)


def test_tests_pass(pytester: pytest.Pytester) -> None:
    """Each asks the mock of its provider, with credentials of its own, and its client keeps the rules."""
    pytester.makeini(INI)
    for number, (name, (provider, answer)) in enumerate(GOOD.items()):
        folder = pytester.mkdir(f"case{number}")
        sketch = sketch_of(as_shown(REQUESTS[name]), provider=provider, answer=answer)
        for file in files_of(sketch.body):
            (folder / file.name).write_bytes(file.data)
        (folder / f"test_{number}.py").write_text(pytest_function.write(sketch), encoding="utf-8")
    pytester.runpytest("-q").assert_outcomes(passed=len(GOOD))


@pytest.mark.parametrize("name", REQUESTS)
def test_every_request_makes_a_function(name: str) -> None:
    """The code is one test, by the name of what was asked for, with the fixture as its only argument."""
    code = pytest_function.write(sketch_of(REQUESTS[name], provider="pixian"))
    *imports, test = ast.parse(code).body
    assert all(isinstance(one, ast.Import | ast.ImportFrom) for one in imports)
    assert isinstance(test, ast.FunctionDef)
    assert test.name.startswith("test_")
    assert [one.arg for one in test.args.args] == ["pixian_mock"]


def test_an_answer_that_is_no_success_fails_the_test(pytester: pytest.Pytester) -> None:
    """The status and the body are shown."""
    pytester.makeini(INI)
    pytester.makepyfile(pytest_function.write(sketch_of(as_shown(REQUESTS["malformed JSON"]), provider="xty")))
    result = pytester.runpytest("-q")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E * 400: *error*"])
