"""One thing that is not as it was."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different: ``operation`` and ``what`` say where, ``before`` and ``after`` how; empty for nothing."""

    operation: str
    what: str
    before: str
    after: str

    def __str__(self) -> str:
        """Say it in one line."""
        if not self.before:
            return f"{self.operation}: new {self.what} {self.after}".rstrip()
        if not self.after:
            return f"{self.operation}: no {self.what} {self.before} any more"
        return f"{self.operation}: {self.what} was {self.before}, is {self.after}"
