"""The property tests in docs/examples, a small project of somebody else's, are run there as they are."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples" / "property_tests"


@pytest.mark.thorough
def test_they_all_pass(tmp_path: Path) -> None:
    """In a folder of their own, with no other settings than theirs, and always with the same examples."""
    project = shutil.copytree(EXAMPLES, tmp_path / "project", ignore=shutil.ignore_patterns("__pycache__", ".*"))
    # Other plugins that happen to be installed may warn of what the project does not set.
    command = [sys.executable, "-m", "pytest", "-p", "no:randomly", "-p", "no:asyncio", "--hypothesis-seed=1"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 4 passed" in done.stdout
