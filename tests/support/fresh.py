"""Scripts in an interpreter of their own, for what must not happen in one that has many threads, such as forking."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

_PATIENCE = 60
"""Seconds after which a script is thought to hang."""


def run_fresh(script: str) -> None:
    """Run *script*, and fail with what it says if it fails or hangs."""
    done = subprocess.run(
        [sys.executable, "-c", dedent(script)], capture_output=True, text=True, timeout=_PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
