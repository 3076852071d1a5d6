"""One trial as it went, for reports to tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.model import Timeline
    from contracts.trials import Trial


@dataclass(frozen=True, slots=True)
class Story:
    """A ``trial``, what happened in it, and how many virtual seconds a real second it went.

    ``seconds`` are real.
    """

    trial: Trial
    timeline: Timeline
    speed: float
    seconds: float
