"""Running pytest in a process of its own, on tests that users would write."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import contracts

if TYPE_CHECKING:
    from collections.abc import Mapping

_LINE = re.compile(r"^=*\s*(\d+ .*) in \d")
_COUNT = re.compile(r"(\d+) ([a-z]+)")


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What pytest printed as ``text``, and ``counts`` of what came of the tests, such as ``{"passed": 3}``."""

    text: str
    counts: Mapping[str, int]


def pytest_at(folder: Path, *arguments: str, asyncio: bool = False, env: Mapping[str, str] | None = None) -> Outcomes:
    """Run the tests in *folder*, away from this suite and its settings; with pytest-*asyncio* if they need it."""
    plugins = ("cacheprovider", "randomly", *(() if asyncio else ("asyncio",)))
    switches = [word for plugin in plugins for word in ("-p", f"no:{plugin}")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *switches, *arguments],
        cwd=folder,
        env={**_environment(), **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    text = done.stdout + done.stderr
    last = next(filter(None, map(_LINE.match, reversed(text.splitlines()))), None)
    assert last is not None, text
    return Outcomes(text, {name: int(number) for number, name in _COUNT.findall(last[1])})


def _environment() -> dict[str, str]:
    """Return that of this process, but for what its own pytest has put there; the packages under test come first."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    return own | {"PYTHONPATH": str(Path(contracts.__file__).parent.parent)}
