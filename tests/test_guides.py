"""The guides are run: their examples do what they say they do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from command import run

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCS = Path(__file__).parent.parent / "docs"
STEADY = """
from hypothesis import Phase, settings
settings.register_profile("steady", derandomize=True, database=None, phases=(Phase.generate, Phase.shrink))
settings.load_profile("steady")
"""
"""What goes before property tests, so that they always make the same examples, and take no time to explain them."""


def blocks(guide: str, language: str) -> list[str]:
    """Return the blocks of code in that *language* in the *guide*."""
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / guide).read_text(encoding="utf-8"), re.DOTALL)


def printed(example: str, folder: Path | None = None) -> str:
    """Return what the *example* prints, run in a *folder*."""
    command = [sys.executable, "-c", example]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100, check=True).stdout


def verdicts(client: str, folder: Path) -> Mapping[str, Any]:
    """Return what is said of the *client* of the guide, by the rules about success, without generated trials."""
    report = folder / "report.json"
    command = (sys.executable, str(DOCS / "clients" / client))
    done = run(
        *("check", "client", "pixian", "--only", "success", "--max-examples", "0"),
        *("--report", f"json={report}", "--", *command),
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    told: Mapping[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return {"verdict": told["verdict"]} | {rule["id"]: rule["verdict"] for rule in told["rules"]}


def test_the_sample_of_the_documentation_is_caught(tmp_path: Path) -> None:
    """It ends as if all were well when the provider has refused."""
    found = verdicts("sample.py", tmp_path)
    assert found["verdict"] == "violates"
    assert found["pixian.client.success.status"] == "fail"
    assert found["pixian.client.success.truncated"] == "pass"


def test_the_careful_client_of_the_guide_conforms(tmp_path: Path) -> None:
    """It is the same client once it keeps the rules."""
    found = verdicts("careful.py", tmp_path)
    assert found["verdict"] == "conforms"
    assert "fail" not in found.values()


def test_the_python_example_of_the_guide_runs() -> None:
    """It tests a function that sends no credentials, and says so."""
    (example,) = blocks("checking-clients.md", "python")
    assert printed(example).startswith(
        "violates\npixian.client.auth.basic fail Authorization: expected the scheme Basic"
    )


@pytest.mark.parametrize("number", range(4))
def test_the_examples_about_strategies_run(number: int, tmp_path: Path) -> None:
    """All hold but the last: there the client is blamed, in the words of the guide, for what it does wrong."""
    examples = blocks("strategies.md", "python")
    (expected,) = blocks("strategies.md", "text")
    assert len(examples) == 4
    told = printed(STEADY + examples[number], tmp_path)
    assert all(line in told for line in expected.splitlines()) if number == 3 else told == ""


@pytest.mark.parametrize("guide", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_links_lead_somewhere(guide: Path) -> None:
    """Every link to a file does."""
    for link in re.findall(r"\]\(([^)#:]+)\)", guide.read_text(encoding="utf-8")):
        assert (guide.parent / link).exists(), link
