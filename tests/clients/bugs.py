"""The buggy clients, as ``bugs.yaml`` lists them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Bug:
    """A client with one bug, which breaks the rules ``breaks`` where a job has what it ``needs``; see ``bugs.yaml``."""

    provider: str
    name: str
    breaks: tuple[str, ...]
    story: str
    needs: tuple[str, ...] = ()
    program: tuple[str, ...] = ()

    @property
    def command(self) -> tuple[str, ...]:
        """The command that starts it."""
        if self.program:
            *runtime, file = self.program
            return *runtime, str(_FOLDER / file)
        return sys.executable, str(_FOLDER / "python" / f"{self.provider}_buggy.py"), "--bug", self.name


def bugs() -> tuple[Bug, ...]:
    """Return all that are listed."""
    listed = yaml.safe_load((_FOLDER / "bugs.yaml").read_text(encoding="utf-8"))
    return tuple(
        Bug(
            provider,
            name,
            tuple(bug["breaks"]),
            bug["story"],
            tuple(bug.get("needs", ())),
            tuple(bug.get("command", ())),
        )
        for provider, entries in listed.items()
        for name, bug in entries.items()
    )
