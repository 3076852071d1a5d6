"""What the client of one test did, kept for whoever asks when the test is over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.cases import Kit
    from contracts.model import Job, Provider
    from mockserver.testing.journal import Calls
    from mockserver.testing.verdict import Verdict

_JUST_NOW = 1.0
"""Real seconds within which what has ended may have been ended by the end of the test."""


@dataclass(frozen=True, slots=True)
class Story:
    """The ``calls`` of one test, for the ``job`` that its client had, and ``notes`` about other calls, a sentence each.

    ``forgotten`` calls are no longer held at all. With ``is_timeless``, some moments are those of a clock that stands
    still while real time passes. ``taken`` is when all this was written down, in seconds of the system's clock. It
    stays as it is when the mock is closed.
    """

    provider: Provider
    kit: Kit
    calls: Calls
    job: Job
    notes: tuple[str, ...]
    forgotten: int
    is_timeless: bool
    taken: float

    def verdict(self) -> Verdict:
        """Return what the rules say of the calls."""
        from mockserver.testing.verdict import Verdict  # noqa: PLC0415  the checks take a while to import

        return Verdict(
            self.provider, self.kit, self.calls, self.job, forgotten=self.forgotten, is_timeless=self.is_timeless
        )

    def told(self, error: BaseException | None = None) -> str:
        """Return what happened, why, and which rules were broken, for a reader; nothing if nothing did.

        What the client has left just now counts as under way, unless *error*, which ended the test, is an ordinary
        exception: whoever is broken off, as by a time limit for tests, has not chosen to leave.
        """
        if not self.calls:
            return "\n\n".join(self.notes)
        whole = (
            self if isinstance(error, Exception) else replace(self, calls=self.calls.as_before(self.taken - _JUST_NOW))
        )
        return "\n\n".join([whole.verdict().story(), *self.notes])
