"""What the client of one test did, kept for whoever asks when the test is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.cases import Kit
    from contracts.model import Job, Provider
    from mockserver.testing.journal import Calls
    from mockserver.testing.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Story:
    """The ``calls`` of one test, for the ``job`` that its client had, and ``notes`` about other calls, a sentence each.

    It stays as it is when the mock is closed.
    """

    provider: Provider
    kit: Kit
    calls: Calls
    job: Job
    notes: tuple[str, ...]

    def verdict(self) -> Verdict:
        """Return what the rules say of the calls."""
        from mockserver.testing.verdict import Verdict  # noqa: PLC0415  the checks take a while to import

        return Verdict(self.provider, self.kit, self.calls, self.job)

    def told(self) -> str:
        """Return what happened, why, and which rules were broken, for a reader; nothing if nothing did."""
        return "\n\n".join([*([self.verdict().story()] if self.calls else []), *self.notes])
