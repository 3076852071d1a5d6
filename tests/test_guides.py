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
    (example,) = re.findall(
        r"```python\n(.*?)```", (DOCS / "checking-clients.md").read_text(encoding="utf-8"), re.DOTALL
    )
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, timeout=100, check=True)
    assert done.stdout.startswith("violates\npixian.client.auth.basic fail Authorization: expected the scheme Basic")


@pytest.mark.parametrize("guide", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_links_lead_somewhere(guide: Path) -> None:
    """Every link to a file does."""
    for link in re.findall(r"\]\(([^)#:]+)\)", guide.read_text(encoding="utf-8")):
        assert (guide.parent / link).exists(), link
