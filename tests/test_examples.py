"""The example projects are run as their users would: each in a copy of its own, by its own tests."""

from __future__ import annotations

import shutil
import sys
import tomllib
from pathlib import Path

import pytest

from inner_pytest import pytest_at

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
PROJECTS = sorted(path.parent for path in EXAMPLES.glob("*/pyproject.toml"))


SHORT = "sync"
"""The one whose tests are run in any case."""


@pytest.fixture(
    params=[pytest.param(one, id=one.name, marks=[] if one.name == SHORT else pytest.mark.thorough) for one in PROJECTS]
)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of an example project."""
    original: Path = request.param
    copy = tmp_path / original.name
    shutil.copytree(original, copy, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return copy


def wanted(project: Path) -> list[str]:
    """Return what *project* and its tests depend on."""
    table = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*table["dependencies"], *table["optional-dependencies"]["test"]]


def test_there_are_three() -> None:
    """One blocks, one has an event loop, and one uses an SDK."""
    assert [path.name for path in PROJECTS] == ["asynchronous", "openai", "sync"]


def test_all_tests_of_a_project_pass(project: Path) -> None:
    """None fails, and none is skipped."""
    outcomes = pytest_at(project, asyncio=any(one.startswith("pytest-asyncio") for one in wanted(project)))
    assert set(outcomes.counts) == {"passed"}, outcomes.text
    assert 3 <= outcomes.counts["passed"] <= 8


def test_a_project_imports_what_it_lists(project: Path) -> None:
    """Whatever its modules import is its own, the standard library's, or among its dependencies."""
    own = {path.stem for path in project.rglob("*.py")}
    listed = {one.partition("[")[0].partition(">")[0] for one in wanted(project)} | {"pytest", "PIL"}
    for path in project.rglob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        words = [line.split() for line in lines if line.startswith(("import ", "from ", "    from "))]
        imported = {line[1].partition(".")[0] for line in words}
        assert imported <= own | listed | sys.stdlib_module_names, path.name
